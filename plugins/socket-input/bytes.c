/* SPDX-License-Identifier: MIT */
/* A queue of bytes. */
#include "bytes.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 1024
#define KEEP_SIZE  4096 /* what an empty queue keeps for the next bytes */

static bool reserve(struct bytes *b, size_t more)
{
	size_t size = b->size == 0 ? FIRST_SIZE : b->size;
	uint8_t *data;

	if (b->at > 0 && b->size - b->at - b->len < more) {
		memmove(b->data, b->data + b->at, b->len);
		b->at = 0;
	}
	if (b->size - b->at - b->len >= more)
		return true;
	while (size - b->len < more)
		size *= 2;
	data = realloc(b->data, size);
	if (data == NULL)
		return false;
	b->data = data;
	b->size = size;
	return true;
}

bool bytes_add(struct bytes *b, const void *data, size_t len)
{
	if (!reserve(b, len))
		return false;
	memcpy(b->data + b->at + b->len, data, len);
	b->len += len;
	return true;
}

void bytes_take(struct bytes *b, size_t len)
{
	if (len < b->len) {
		b->at += len;
		b->len -= len;
		return;
	}
	b->at = 0;
	b->len = 0;
	if (b->size > KEEP_SIZE)
		bytes_free(b);
}

void bytes_free(struct bytes *b)
{
	free(b->data);
	*b = (struct bytes){0};
}
