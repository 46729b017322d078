/* SPDX-License-Identifier: MIT */
/* Pairs and percent-encoding, over bytes: a decoded frame may hold any, NUL too. */
#include "form.h"

#include <string.h>

#define NAME     "frame="
#define NAME_LEN (sizeof NAME - 1)

/* The length of the first pair, without the `&` behind it. */
static size_t pair_length(const uint8_t *text, size_t len)
{
	const uint8_t *end = memchr(text, '&', len);

	return end == NULL ? len : (size_t)(end - text);
}

bool form_begins(const uint8_t *text, size_t len)
{
	return len >= NAME_LEN && memcmp(text, NAME, NAME_LEN) == 0;
}

bool form_has_frame(const uint8_t *text, size_t len)
{
	while (len > 0) {
		size_t pair = pair_length(text, len);

		if (form_begins(text, pair))
			return true;
		if (pair == len)
			return false;
		text += pair + 1;
		len -= pair + 1;
	}
	return false;
}

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that %XX stands for, -1: it is no such thing. */
static int escaped(const uint8_t *at, size_t len)
{
	if (len < 3 || at[0] != '%' || digit(at[1]) < 0 || digit(at[2]) < 0)
		return -1;
	return digit(at[1]) << 4 | digit(at[2]);
}

/* Whether a form's encoder can have written it. */
static bool is_from_form(const uint8_t *value, size_t len)
{
	if (len == 0)
		return true;
	if (value[0] == '<' || value[0] == '{')
		return false;
	return !(escaped(value, len) == '<' && len > 3 && value[3] == '=');
}

size_t form_decode(uint8_t *value, size_t len)
{
	bool plus_is_space = is_from_form(value, len);
	size_t to = 0;

	for (size_t at = 0; at < len; at++) {
		int byte = escaped(value + at, len - at);

		if (byte >= 0)
			at += 2;
		else if (value[at] == '+' && plus_is_space)
			byte = ' ';
		else
			byte = value[at];
		value[to++] = (uint8_t)byte;
	}
	return to;
}

enum parts_result form_take(uint8_t *text, size_t len, struct parts *out)
{
	enum parts_result result = PARTS_FINE;

	while (len > 0 && result == PARTS_FINE) {
		size_t pair = pair_length(text, len);
		size_t step = pair < len ? pair + 1 : pair;

		if (form_begins(text, pair)) {
			uint8_t *value = text + NAME_LEN;

			result = parts_add(out, value,
			                   form_decode(value, pair - NAME_LEN));
		}
		text += step;
		len -= step;
	}
	return result;
}
