/* SPDX-License-Identifier: MIT */
/* A strict, quick reader of JSON (RFC 8259) that builds nothing. */
#include "readings.h"

#include <stdint.h>
#include <string.h>

#include "utf8.h"

#define DEPTH_MAX 32

struct scan {
	const uint8_t *at, *end;
	bool is_clean; /* nothing to mend so far */
};

static bool value(struct scan *s, unsigned depth);

static void space(struct scan *s)
{
	for (; s->at < s->end; s->at++) {
		if (*s->at == '\t' || *s->at == '\n' || *s->at == '\r')
			s->is_clean = false;
		else if (*s->at != ' ')
			return;
	}
}

static bool take(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != (uint8_t)c)
		return false;
	s->at++;
	return true;
}

static bool is_digit(const struct scan *s)
{
	return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

static bool digits(struct scan *s)
{
	if (!is_digit(s))
		return false;
	while (is_digit(s))
		s->at++;
	return true;
}

static bool escape(struct scan *s)
{
	uint8_t code[2];

	if (s->at == s->end || *s->at == '\0')
		return false;
	if (*s->at++ != 'u')
		return strchr("\"\\/bfnrt", s->at[-1]) != NULL;
	if (s->end - s->at < 4 || hex_decode(code, (const char *)s->at, 4) != 2)
		return false;
	s->at += 4;
	return true;
}

static bool string(struct scan *s)
{
	if (!take(s, '"'))
		return false;
	while (s->at < s->end) {
		uint8_t c = *s->at;

		if (c >= 0x80) {
			size_t len = utf8_length(s->at, (size_t)(s->end - s->at));

			s->is_clean = s->is_clean && len > 0;
			s->at += len > 0 ? len : 1;
			continue;
		}
		if (c < 0x20)
			return false;
		s->at++;
		if (c == '"')
			return true;
		if (c == '\\' && !escape(s))
			return false;
	}
	return false;
}

static bool number(struct scan *s)
{
	take(s, '-');
	if (!take(s, '0') && !digits(s))
		return false;
	if (take(s, '.') && !digits(s))
		return false;
	if (!take(s, 'e') && !take(s, 'E'))
		return true;
	if (!take(s, '+'))
		take(s, '-');
	return digits(s);
}

static bool word(struct scan *s, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, text, len) != 0)
		return false;
	s->at += len;
	return true;
}

/* Behind the opening bracket; `is_object` when members have names. */
static bool members(struct scan *s, char closing, bool is_object, unsigned depth)
{
	space(s);
	if (take(s, closing))
		return true;
	do {
		space(s);
		if (is_object) {
			if (!string(s))
				return false;
			space(s);
			if (!take(s, ':'))
				return false;
			space(s);
		}
		if (!value(s, depth))
			return false;
		space(s);
	} while (take(s, ','));
	return take(s, closing);
}

static bool value(struct scan *s, unsigned depth)
{
	if (s->at == s->end)
		return false;
	switch (*s->at) {
	case '{':
		s->at++;
		return depth < DEPTH_MAX && members(s, '}', true, depth + 1);
	case '[':
		s->at++;
		return depth < DEPTH_MAX && members(s, ']', false, depth + 1);
	case '"':
		return string(s);
	case 't':
		return word(s, "true");
	case 'f':
		return word(s, "false");
	case 'n':
		return word(s, "null");
	default:
		return number(s);
	}
}

enum readings_state readings_check(const char *text, size_t len)
{
	const uint8_t *start = (const uint8_t *)text;
	struct scan s = {start, start + len, true};

	space(&s);
	if (s.at == s.end || *s.at != '{')
		return READINGS_BAD;
	s.is_clean = s.is_clean && s.at == start;
	if (!value(&s, 0))
		return READINGS_BAD;
	s.is_clean = s.is_clean && s.at == s.end;
	space(&s);
	if (s.at != s.end)
		return READINGS_BAD;
	return s.is_clean ? READINGS_GOOD : READINGS_MENDABLE;
}

void readings_mend(struct buf *out, const char *text, size_t len)
{
	buf_clear(out);
	while (len > 0 && (uint8_t)text[0] <= ' ')
		text++, len--;
	while (len > 0 && (uint8_t)text[len - 1] <= ' ')
		len--;
	for (size_t i = 0; i < len;) {
		size_t step = utf8_length((const uint8_t *)text + i, len - i);

		if (step == 0)
			buf_text(out, "\xEF\xBF\xBD");
		else if ((uint8_t)text[i] < ' ')
			buf_char(out, ' ');
		else
			buf_add(out, text + i, step);
		i += step > 0 ? step : 1;
	}
}
