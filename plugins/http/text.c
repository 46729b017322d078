/* SPDX-License-Identifier: MIT */
/* Bytes that grow, and lines that a person can read. */
#include "text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SECRET_LEAST 4

void text_free(struct text *t)
{
	free(t->data);
	*t = (struct text){.data = NULL};
}

void text_clear(struct text *t)
{
	t->len = 0;
	t->failed = false;
	if (t->data != NULL)
		t->data[0] = '\0';
}

static bool has_room(struct text *t, size_t len)
{
	size_t size = t->size == 0 ? 64 : t->size;
	char *data;

	if (t->failed || len >= SIZE_MAX / 4 - t->len)
		return false;
	while (size <= t->len + len)
		size *= 2;
	if (size == t->size)
		return true;
	data = realloc(t->data, size);
	if (data == NULL)
		return false;
	t->data = data;
	t->size = size;
	return true;
}

void text_add(struct text *t, const char *bytes, size_t len)
{
	if (!has_room(t, len)) {
		t->failed = true;
		return;
	}
	memcpy(t->data + t->len, bytes, len);
	t->len += len;
	t->data[t->len] = '\0';
}

void text_add_string(struct text *t, const char *string)
{
	text_add(t, string, strlen(string));
}

void text_add_encoded(struct text *t, const char *string)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
	static const char digits[] = "0123456789ABCDEF";

	while (*string != '\0') {
		size_t len = strspn(string, plain);
		unsigned char c = (unsigned char)string[len];

		text_add(t, string, len);
		string += len;
		if (c != '\0') {
			text_add(t, (char[]){'%', digits[c / 16], digits[c % 16]}, 3);
			string++;
		}
	}
}

/* Bytes of the character at `c`, 0 when it is no UTF-8 or shows nothing. */
static size_t character_len(const unsigned char *c, size_t rest)
{
	size_t len = c[0] < 0x80 ? 1 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;

	if (c[0] < 0x20 || c[0] == 0x7F || (c[0] >= 0x80 && c[0] < 0xC2) || c[0] > 0xF4 ||
	    len > rest)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((c[i] & 0xC0) != 0x80)
			return 0;
	if ((c[0] == 0xC2 && c[1] < 0xA0) || (c[0] == 0xE0 && c[1] < 0xA0) ||
	    (c[0] == 0xED && c[1] > 0x9F) || (c[0] == 0xF0 && c[1] < 0x90) ||
	    (c[0] == 0xF4 && c[1] > 0x8F))
		return 0;
	return len;
}

/* Narrows the bytes of an HTML page to its title, if it has one. */
static void find_title(const char **bytes, size_t *len)
{
	const char *end = *bytes + *len;

	for (const char *c = *bytes; c + strlen("<title>") < end; c++) {
		if (strncasecmp(c, "<title>", strlen("<title>")) != 0)
			continue;
		*bytes = c + strlen("<title>");
		*len = (size_t)(end - *bytes);
		for (c = *bytes; c < end && *c != '<'; c++)
			;
		*len = (size_t)(c - *bytes);
		return;
	}
}

void text_add_first_line(struct text *t, const char *bytes, size_t len, size_t most)
{
	size_t end = t->len + most;

	if (len > 0 && bytes[0] == '<')
		find_title(&bytes, &len);
	while (len > 0 && strchr(" \t\r\n", bytes[0]) != NULL && bytes[0] != '\0') {
		bytes++;
		len--;
	}
	while (len > 0 && bytes[0] != '\n' && bytes[0] != '\r') {
		size_t step = character_len((const unsigned char *)bytes, len);

		if (t->len + (step == 0 ? 1 : step) > end || t->failed)
			return;
		text_add(t, step == 0 ? "?" : bytes, step == 0 ? 1 : step);
		bytes += step == 0 ? 1 : step;
		len -= step == 0 ? 1 : step;
	}
}

/* Bytes of `at` that are the secret, or as much of it as the line has; 0: none. */
static size_t secret_len(const char *at, const char *secret)
{
	const char *s = secret, *begin = at;

	for (; *s != '\0' && *at != '\0'; s++, at++) {
		if (*at == '\\' && at[1] == *s)
			at++;
		else if (*at != *s)
			return 0;
	}
	return *s == '\0' || s - secret >= SECRET_LEAST ? (size_t)(at - begin) : 0;
}

void text_hide(char *line, const char *secret)
{
	static const char mask[] = "***";
	size_t len;

	if (secret == NULL || strlen(secret) < SECRET_LEAST)
		return;
	for (; *line != '\0'; line++) {
		len = secret_len(line, secret);
		if (len == 0)
			continue;
		memcpy(line, mask, sizeof mask - 1);
		line += sizeof mask - 1;
		len -= sizeof mask - 1;
		memmove(line, line + len, strlen(line + len) + 1);
		line--;
	}
}
