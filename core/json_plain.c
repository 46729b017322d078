/* SPDX-License-Identifier: MIT */
/* JSON values as plain text: what stands in a line that is no JSON. */
#include <string.h>

#include "json.h"

static unsigned long read_unit(const char *digits)
{
	uint8_t bytes[2] = {0, 0};

	hex_decode(bytes, digits, 4);
	return (unsigned long)bytes[0] << 8 | bytes[1];
}

static void add_character(struct buf *out, unsigned long code)
{
	if (code == 0 || (code >= 0xD800 && code <= 0xDFFF)) {
		buf_text(out, FRAME_REPLACEMENT);
	} else if (code < 0x80) {
		buf_char(out, (char)code);
	} else if (code < 0x800) {
		buf_char(out, (char)(0xC0 | code >> 6));
		buf_char(out, (char)(0x80 | (code & 0x3F)));
	} else if (code < 0x10000) {
		buf_char(out, (char)(0xE0 | code >> 12));
		buf_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
		buf_char(out, (char)(0x80 | (code & 0x3F)));
	} else {
		buf_char(out, (char)(0xF0 | code >> 18));
		buf_char(out, (char)(0x80 | (code >> 12 & 0x3F)));
		buf_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
		buf_char(out, (char)(0x80 | (code & 0x3F)));
	}
}

/* What stands at a backslash; returns how many bytes it had. */
static size_t add_escape(struct buf *out, const char *at, size_t len)
{
	static const char short_escapes[] = "b\bf\fn\nr\rt\t";
	unsigned long code, low;

	if (at[1] != 'u') {
		for (const char *e = short_escapes; *e != '\0'; e += 2) {
			if (*e == at[1]) {
				buf_char(out, e[1]);
				return 2;
			}
		}
		buf_char(out, at[1]);
		return 2;
	}
	code = read_unit(at + 2);
	if (code < 0xD800 || code > 0xDBFF || len < 12 || at[6] != '\\' || at[7] != 'u') {
		add_character(out, code);
		return 6;
	}
	low = read_unit(at + 8);
	if (low < 0xDC00 || low > 0xDFFF) {
		add_character(out, code);
		return 6;
	}
	add_character(out, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
	return 12;
}

/* The inside of a string. */
static void add_unescaped(struct buf *out, const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		const char *escape = memchr(text + at, '\\', len - at);
		size_t run = escape == NULL ? len - at : (size_t)(escape - text) - at;

		buf_add(out, text + at, run);
		at += run;
		if (at < len)
			at += add_escape(out, text + at, len - at);
	}
}

/* One that is no array. */
static void add_single(struct buf *out, const char *value, size_t len)
{
	if (*value == '"')
		add_unescaped(out, value + 1, len - 2);
	else if (*value != 'n')
		buf_add(out, value, len);
}

size_t json_element_length(const char *at, const char *end)
{
	const char *from = at;
	unsigned depth = 0;

	for (; at < end; at++) {
		if (*at == '"') {
			for (at++; at < end && *at != '"'; at++)
				at += *at == '\\';
		} else if (*at == '[' || *at == '{') {
			depth++;
		} else if (depth == 0 && (*at == ',' || *at == ']')) {
			break;
		} else if (*at == ']' || *at == '}') {
			depth--;
		}
	}
	return (size_t)(at - from);
}

void json_add_plain(struct buf *out, const char *value, size_t len)
{
	const char *end = value + len;

	if (len == 0)
		return;
	if (*value != '[') {
		add_single(out, value, len);
		return;
	}
	for (const char *at = value + 1; at < end - 1; at++) {
		size_t element = json_element_length(at, end);

		if (at > value + 1)
			buf_char(out, ';');
		add_single(out, at, element);
		at += element;
	}
}
