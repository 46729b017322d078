/* SPDX-License-Identifier: MIT */
/*
 * A group of lines on its way into the store: decoded as they come, committed together,
 * each with what became of it.  Serves the inputs' processes and `send` alike.
 */
#ifndef CORE_GROUP_H
#define CORE_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "frame_input.h"
#include "intake.h"
#include "reason.h"
#include "recent.h"
#include "sensors.h"
#include "store.h"

#define GROUP_MAX 1000 /* frames in one commit, but for those of its last line */

struct group_item {
	struct frame frame;
	enum intake_result intake;
	bool can_resend;
	bool is_same_line;        /* as the item before it */
	uint64_t token;           /* the caller's */
	enum frame_answer answer; /* after group_commit() */
	struct reason why;        /* warning, or what is wrong with it */
};

struct group {
	struct group_item *items; /* their memory is used again and again */
	size_t len;
	size_t bytes;     /* of their lines */
	int64_t since_ms; /* when the first came; that is near enough for all */
	const struct sensors *sensors;
	char source[FRAME_SOURCE_MAX + 1]; /* the input's name */
	struct recent *recent;
	struct intake *line;
	struct reason later; /* why the store took nothing */
};

bool group_init(struct group *g, const struct sensors *sensors, const char *source,
                struct reason *why);
void group_free(struct group *g);

/* Whether no more may be added before a commit. */
bool group_is_full(const struct group *g);

/*
 * Decodes a line and adds it, as several items if it holds several frames; never fails:
 * what is wrong is told by its answer.
 */
void group_add(struct group *g, const uint8_t *line, size_t len, uint64_t token,
               bool can_resend);

/*
 * Stores all and fills in the answers; `why` is "" when all went in.  False only when the
 * store is broken; then, and when it is full or busy, the answer of every item that
 * needed it is FRAME_ANSWER_LATER.
 */
bool group_commit(struct group *g, struct store *s, struct reason *why);

/* The words that go with an item's answer; "" when all is well. */
const char *group_reason(const struct group *g, const struct group_item *item);

/* What became of a line as a whole. */
struct group_line {
	uint64_t token;
	enum frame_answer answer; /* LATER if any is, else STORED if any is, ... */
	uint64_t id;              /* of its last stored frame */
	size_t frames;            /* stored; their ids have no gap */
	const char *text;         /* borrowed; the first that there is */
};

/* After group_commit(): the line that begins with item `at`; returns where the next does.
 */
size_t group_line(const struct group *g, size_t at, struct group_line *out);

/* Forgets the items. */
void group_clear(struct group *g);

#endif
