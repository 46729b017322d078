/* SPDX-License-Identifier: MIT */
/* A growing run of bytes, and hexadecimal digits. */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 256

static bool grow(struct buf *b, size_t more)
{
	size_t size = b->size == 0 ? FIRST_SIZE : b->size;
	char *data;

	while (size <= b->len + more) {
		if (size > SIZE_MAX / 2) {
			b->failed = true;
			return false;
		}
		size *= 2;
	}
	data = realloc(b->data, size);
	if (data == NULL) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->size = size;
	return true;
}

/* Nearly always there is room: that much is done in place. */
static inline bool reserve(struct buf *b, size_t more)
{
	if (b->failed)
		return false;
	return (more < b->size && b->len + more < b->size) || grow(b, more);
}

void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
	if (!reserve(b, len))
		return;
	if (len > 0)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_char(struct buf *b, char c)
{
	if (!reserve(b, 1))
		return;
	b->data[b->len++] = c;
	b->data[b->len] = '\0';
}

void buf_format(struct buf *b, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0 || !reserve(b, (size_t)len))
		return;
	va_start(args, format);
	vsnprintf(b->data + b->len, (size_t)len + 1, format, args);
	va_end(args);
	b->len += (size_t)len;
}

void buf_number(struct buf *b, int64_t number)
{
	char digits[24];
	size_t at = sizeof digits;
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	do
		digits[--at] = (char)('0' + rest % 10);
	while ((rest /= 10) != 0);
	if (number < 0)
		digits[--at] = '-';
	buf_add(b, digits + at, sizeof digits - at);
}

void buf_hex(struct buf *b, const uint8_t *bytes, size_t len)
{
	static const char digit[] = "0123456789ABCDEF";

	if (!reserve(b, len * 2))
		return;
	for (size_t i = 0; i < len; i++) {
		b->data[b->len++] = digit[bytes[i] >> 4];
		b->data[b->len++] = digit[bytes[i] & 15];
	}
	b->data[b->len] = '\0';
}

void buf_drop(struct buf *b, size_t len)
{
	if (len >= b->len) {
		b->len = 0;
	} else {
		memmove(b->data, b->data + len, b->len - len);
		b->len -= len;
	}
	if (b->data != NULL)
		b->data[b->len] = '\0';
}

const char *buf_string(const struct buf *b)
{
	return b->data == NULL ? "" : b->data;
}

/* 16 and more is no digit: so it shows in the bits above the four of any other. */
static uint8_t hex_value(char c)
{
	static const uint8_t values[256] = {
		/* one more than the value: what is not named is 0 */
		['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
		['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
		['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
		['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
	};

	return (uint8_t)(values[(unsigned char)c] - 1);
}

long hex_decode(uint8_t *out, const char *text, size_t len)
{
	if (len % 2 != 0)
		return -1;
	for (size_t i = 0; i < len; i += 2) {
		uint8_t high = hex_value(text[i]), low = hex_value(text[i + 1]);

		if ((high | low) > 15)
			return -1;
		out[i / 2] = (uint8_t)(high << 4 | low);
	}
	return (long)(len / 2);
}
