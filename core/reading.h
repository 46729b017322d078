/* SPDX-License-Identifier: MIT */
/* The readings of one frame, taken apart for messages of one reading each. */
#ifndef CORE_READING_H
#define CORE_READING_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "json.h"
#include "reason.h"

struct reading {
	const char *tag;   /* plain text */
	const char *plain; /* the value as plain text: an array is joined by `;` */
	const char *value; /* the value as JSON */
	size_t value_len;
	unsigned number; /* in its frame, from 0 */
	bool is_again;   /* its tag came before: a foreign program's frame */
};

struct reading_list {
	struct buf text;
	unsigned count;
	struct reading_place {
		size_t tag_at; /* in text */
		size_t plain_at;
		size_t value_at;
		size_t value_len;
		bool is_again;
	} place[JSON_READINGS_MAX];
};

/*
 * Takes a readings text apart.  False: it cannot be, or there are more than
 * JSON_READINGS_MAX; or, when text.failed, memory ran out.
 */
bool reading_list_fill(struct reading_list *l, const char *readings, struct reason *why);
void reading_list_free(struct reading_list *l);

/* Borrowed until the list is filled anew. */
struct reading reading_get(const struct reading_list *l, unsigned number);

#endif
