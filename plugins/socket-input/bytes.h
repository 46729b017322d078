/* SPDX-License-Identifier: MIT */
/* A queue of bytes: added at the end, taken from the front; idle ones hold no memory. */
#ifndef SOCKET_INPUT_BYTES_H
#define SOCKET_INPUT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is a valid empty queue. */
struct bytes {
	uint8_t *data; /* owned */
	size_t at;     /* where the first byte lies */
	size_t len;    /* bytes from there */
	size_t size;   /* allocated */
};

/* False: out of memory, nothing was added. */
bool bytes_add(struct bytes *b, const void *data, size_t len);

/* Takes the first `len` bytes away, at most all. */
void bytes_take(struct bytes *b, size_t len);

static inline const uint8_t *bytes_first(const struct bytes *b)
{
	return b->data + b->at;
}

void bytes_free(struct bytes *b);

#endif
