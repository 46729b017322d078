/* SPDX-License-Identifier: MIT */
/* What is valid UTF-8. */
#include "utf8.h"

#include <string.h>

static bool is_tail(uint8_t byte)
{
	return (byte & 0xC0) == 0x80;
}

size_t utf8_length(const uint8_t *bytes, size_t len)
{
	uint8_t first;

	if (len == 0)
		return 0;
	first = bytes[0];
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first <= 0xDF)
		return len >= 2 && is_tail(bytes[1]) ? 2 : 0;
	if (first >= 0xE0 && first <= 0xEF) {
		if (len < 3 || !is_tail(bytes[1]) || !is_tail(bytes[2]))
			return 0;
		if ((first == 0xE0 && bytes[1] < 0xA0) ||
		    (first == 0xED && bytes[1] > 0x9F))
			return 0;
		return 3;
	}
	if (first >= 0xF0 && first <= 0xF4) {
		if (len < 4 || !is_tail(bytes[1]) || !is_tail(bytes[2]) ||
		    !is_tail(bytes[3]))
			return 0;
		if ((first == 0xF0 && bytes[1] < 0x90) ||
		    (first == 0xF4 && bytes[1] > 0x8F))
			return 0;
		return 4;
	}
	return 0;
}

bool utf8_is_valid(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t step = utf8_length(bytes + i, len - i);

		if (step == 0)
			return false;
		i += step;
	}
	return true;
}

size_t utf8_cut(const char *text, size_t most)
{
	size_t len = strlen(text), at = 0;

	while (at < len) {
		size_t step = utf8_length((const uint8_t *)text + at, len - at);

		step += step == 0;
		if (at + step > most)
			break;
		at += step;
	}
	return at;
}
