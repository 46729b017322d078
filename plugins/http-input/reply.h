/* SPDX-License-Identifier: MIT */
/*
 * The words of an answer: a line of text for each frame, or JSON, gathered while the
 * frames are answered one by one.
 */
#ifndef HTTP_INPUT_REPLY_H
#define HTTP_INPUT_REPLY_H

#include <frame_input.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reply {
	char *text; /* owned */
	size_t len, size;
	bool is_json, is_list;
	bool has_good;  /* something was stored or kept */
	bool has_later; /* something has to be sent again: and so has all */
	bool failed;    /* memory ran out */
};

/* Begins anew; all zero is a reply never begun. */
void reply_begin(struct reply *r, bool is_json, bool is_list);

/*
 * Adds what became of a line; one that held `frames` frames has the ids up to `id`,
 * without a gap.
 */
void reply_add(struct reply *r, enum frame_answer answer, uint64_t id, size_t frames,
               const char *text);

/* Ends it and returns its HTTP status: 200, 400 or 503. */
unsigned reply_end(struct reply *r);

/* One that only says what is wrong. */
void reply_error(struct reply *r, bool is_json, const char *text);

const char *reply_type(const struct reply *r);
void reply_free(struct reply *r);

#endif
