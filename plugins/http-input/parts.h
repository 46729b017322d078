/* SPDX-License-Identifier: MIT */
/* What a request holds: pieces of its text, each of which is one line for the router. */
#ifndef HTTP_INPUT_PARTS_H
#define HTTP_INPUT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARTS_MAX 1000 /* in one request */

struct part {
	const uint8_t *data; /* borrowed */
	size_t len;
};

struct parts {
	struct part *part; /* owned */
	size_t count, size;
};

enum parts_result {
	PARTS_FINE,
	PARTS_TOO_MANY,
	PARTS_NO_MEMORY,
	PARTS_BROKEN, /* the text that holds them is not what it says it is */
};

/* Adds one.  All zero is empty. */
enum parts_result parts_add(struct parts *p, const uint8_t *data, size_t len);

/* Forgets them; the memory is used again. */
void parts_clear(struct parts *p);
void parts_free(struct parts *p);

#endif
