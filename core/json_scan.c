/* SPDX-License-Identifier: MIT */
/* Scans JSON text.  Knows the grammar; not what a member means. */
#include "json_scan.h"

#include <string.h>

#include "json.h"
#include "show.h"
#include "utf8.h"

#define SHOWN_BYTES 10

static bool fault(struct json_scan *s, const char *expected)
{
	size_t left = (size_t)(s->end - s->at);
	char shown[SHOW_SIZE];

	s->expected = expected;
	if (left == 0)
		return fail(s->why, "JSON ends too early: %s expected", expected);
	show_bytes(shown, s->at, left < SHOWN_BYTES ? left : SHOWN_BYTES);
	return fail(s->why, "JSON has a fault at byte %zu: %s expected, not \"%s\"",
	            (size_t)(s->at - s->begin), expected, shown);
}

static bool too_deep(struct json_scan *s)
{
	s->expected = "less depth";
	return fail(s->why, "JSON is more than %d deep", JSON_DEPTH_MAX);
}

void json_scan_begin(struct json_scan *s, const char *text, size_t len,
                     struct reason *why)
{
	*s = (struct json_scan){.begin = text, .at = text, .end = text + len, .why = why};
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char json_scan_peek(struct json_scan *s)
{
	while (s->at < s->end && is_space(*s->at))
		s->at++;
	return s->at < s->end ? *s->at : '\0';
}

bool json_scan_end(struct json_scan *s)
{
	json_scan_peek(s);
	return s->at == s->end || fault(s, "the end");
}

static bool take(struct json_scan *s, char c)
{
	if (json_scan_peek(s) != c || s->at == s->end)
		return false;
	s->at++;
	return true;
}

/* The four digits of \uXXXX, or -1. */
static long read_unit(const char *at, const char *end)
{
	uint8_t bytes[2];

	if (end - at < 4 || hex_decode(bytes, at, 4) != 2)
		return -1;
	return (long)bytes[0] << 8 | bytes[1];
}

/* Behind a backslash. */
static bool scan_escape(struct json_scan *s)
{
	char c = s->at < s->end ? *s->at : '\0';
	long unit, low;

	if (c != 'u') {
		if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL)
			return fault(s, "an escape");
		s->at++;
		return true;
	}
	unit = read_unit(s->at + 1, s->end);
	if (unit < 0)
		return fault(s, "\\u and four hexadecimal digits");
	if (unit >= 0xDC00 && unit <= 0xDFFF)
		return fault(s, "the first half of a surrogate pair");
	s->at += 5;
	if (unit < 0xD800 || unit > 0xDBFF)
		return true;
	low = s->end - s->at >= 6 && s->at[0] == '\\' && s->at[1] == 'u'
	              ? read_unit(s->at + 2, s->end)
	              : -1;
	if (low < 0xDC00 || low > 0xDFFF)
		return fault(s, "the second half of a surrogate pair");
	s->at += 6;
	return true;
}

static bool scan_string(struct json_scan *s, struct json_raw *raw)
{
	if (!take(s, '"'))
		return fault(s, "a string");
	raw->text = s->at;
	raw->has_escapes = false;
	for (;;) {
		unsigned char c;
		size_t step;

		if (s->at == s->end)
			return fault(s, "\"");
		c = (unsigned char)*s->at;
		if (c == '"')
			break;
		if (c == '\\') {
			raw->has_escapes = true;
			s->at++;
			if (!scan_escape(s))
				return false;
			continue;
		}
		step = c < ' ' ? 0
		               : utf8_length((const uint8_t *)s->at,
		                             (size_t)(s->end - s->at));
		if (step == 0)
			return fault(s, c < ' ' ? "an escape for a control character"
			                        : "UTF-8");
		s->at += step;
	}
	raw->len = (size_t)(s->at - raw->text);
	s->at++;
	return true;
}

static size_t count_digits(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] >= '0' && text[n] <= '9')
		n++;
	return n;
}

size_t json_scan_number(const char *text, size_t len)
{
	size_t at = len > 0 && text[0] == '-' ? 1 : 0;
	size_t digits = count_digits(text + at, len - at);

	if (digits == 0)
		return 0;
	at += text[at] == '0' ? 1 : digits;
	if (at < len && text[at] == '.') {
		digits = count_digits(text + at + 1, len - at - 1);
		if (digits == 0)
			return at;
		at += 1 + digits;
	}
	if (at < len && (text[at] == 'e' || text[at] == 'E')) {
		size_t sign =
			at + 1 < len && (text[at + 1] == '+' || text[at + 1] == '-');

		digits = count_digits(text + at + 1 + sign, len - at - 1 - sign);
		if (digits > 0)
			at += 1 + sign + digits;
	}
	return at;
}

bool json_scan_object(struct json_scan *s, json_scan_member *member, void *context)
{
	struct json_raw key;

	if (!take(s, '{'))
		return fault(s, "an object");
	if (++s->depth > JSON_DEPTH_MAX)
		return too_deep(s);
	if (!take(s, '}')) {
		do {
			if (!scan_string(s, &key))
				return false;
			if (!take(s, ':'))
				return fault(s, "a colon");
			if (!member(context, s, &key))
				return false;
		} while (take(s, ','));
		if (!take(s, '}'))
			return fault(s, "a comma or }");
	}
	s->depth--;
	return true;
}

static bool scan_array(struct json_scan *s, struct buf *copy)
{
	take(s, '[');
	if (++s->depth > JSON_DEPTH_MAX)
		return too_deep(s);
	if (copy != NULL)
		buf_char(copy, '[');
	if (!take(s, ']')) {
		for (;;) {
			if (!json_scan_value(s, copy))
				return false;
			if (!take(s, ','))
				break;
			if (copy != NULL)
				buf_char(copy, ',');
		}
		if (!take(s, ']'))
			return fault(s, "a comma or ]");
	}
	if (copy != NULL)
		buf_char(copy, ']');
	s->depth--;
	return true;
}

static void copy_string(struct buf *copy, const struct json_raw *raw)
{
	buf_char(copy, '"');
	buf_add(copy, raw->text, raw->len);
	buf_char(copy, '"');
}

/* An object is copied member by member. */
struct copying {
	struct buf *copy;
	bool is_first;
};

static bool copy_member(void *context, struct json_scan *s, const struct json_raw *key)
{
	struct copying *copying = context;

	if (copying->copy != NULL) {
		if (!copying->is_first)
			buf_char(copying->copy, ',');
		copy_string(copying->copy, key);
		buf_char(copying->copy, ':');
	}
	copying->is_first = false;
	return json_scan_value(s, copying->copy);
}

static bool scan_nested(struct json_scan *s, struct buf *copy)
{
	struct copying copying = {copy, true};

	if (copy != NULL)
		buf_char(copy, '{');
	if (!json_scan_object(s, copy_member, &copying))
		return false;
	if (copy != NULL)
		buf_char(copy, '}');
	return true;
}

/* The length of true, false, null or a number, or 0. */
static size_t scan_word(const char *text, size_t len)
{
	static const char *const words[] = {"true", "false", "null"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t word = strlen(words[i]);

		if (len >= word && memcmp(text, words[i], word) == 0)
			return word;
	}
	return json_scan_number(text, len);
}

bool json_scan_value(struct json_scan *s, struct buf *copy)
{
	struct json_raw raw;
	size_t len;

	switch (json_scan_peek(s)) {
	case '{':
		return scan_nested(s, copy);
	case '[':
		return scan_array(s, copy);
	case '"':
		if (!scan_string(s, &raw))
			return false;
		if (copy != NULL)
			copy_string(copy, &raw);
		return true;
	default:
		len = scan_word(s->at, (size_t)(s->end - s->at));
		if (len == 0)
			return fault(s, "a value");
		if (copy != NULL)
			buf_add(copy, s->at, len);
		s->at += len;
		return true;
	}
}
