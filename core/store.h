/* SPDX-License-Identifier: MIT */
/*
 * The store: STATE/frames.db, where inputs and outputs meet.  A connection belongs to one
 * thread.  Writers pass the turnstile and touch STATE/wake after each commit; whoever
 * reads sees only what is synced.
 */
#ifndef CORE_STORE_H
#define CORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "reason.h"

#define STORE_ID_SIZE 17 /* 16 hex digits and NUL */

struct store;

enum store_trouble {
	STORE_FINE,
	STORE_REFUSED, /* this frame is wrong; others can be stored */
	STORE_FULL,    /* max_size or the disk: come again later */
	STORE_BUSY,    /* a foreign program holds the database: come again later */
	STORE_BROKEN,  /* storage or database failed: the process should end */
};

/*
 * Opens a store that store_prepare() (store_prepare.h) has made.  A writer has a max_size
 * in bytes (0: none).
 */
bool store_open_reader(struct store **out, const char *state, struct reason *why);
bool store_open_writer(struct store **out, const char *state, int64_t max_size,
                       struct reason *why);
void store_close(struct store *s); /* NULL is fine; rolls an open group back */

const char *store_id(const struct store *s);
enum store_trouble store_trouble(const struct store *s); /* of the last failure */

/*
 * A group of frames: begin, any number of appends, commit.  begin waits at the turnstile;
 * commit returns when all is synced, and wakes the outputs.  A failed append of kind
 * STORE_REFUSED leaves the group open; any other failure ends it, and then nothing of
 * it is in the store.
 */
bool store_begin(struct store *s, struct reason *why);
/*
 * The same for inputs without a way back: a store at its max_size makes room for `frames`
 * and its overdraft by evicting the oldest.  A full disk is STORE_FULL here, too.
 */
bool store_begin_evicting(struct store *s, uint64_t frames, struct reason *why);
/* Sets f->id.  It is counted for the input that it came by (f->source). */
bool store_append(struct store *s, struct frame *f, struct reason *why);
/*
 * The same for so many, at half the cost: all or none of them.  When store_trouble() is
 * STORE_REFUSED the group goes on, and they are to be appended one by one.
 */
#define STORE_MANY 8
bool store_append_many(struct store *s, struct frame *const frames[STORE_MANY],
                       struct reason *why);
/* Keeps bytes that are no frame (f->raw); the oldest go when there are too many. */
bool store_quarantine(struct store *s, const struct frame *f, const char *reason,
                      struct reason *why);
bool store_commit(struct store *s, struct reason *why);
void store_rollback(struct store *s);

/* Deletes the oldest `frames`, recorded as evicted; inside a group. */
bool store_evict(struct store *s, uint64_t frames, struct reason *why);

/*
 * Reads up to `limit` frames behind `after`, in id order, handing each to `take` (the
 * frame is borrowed for the call), which returns false to stop behind this one.
 * `is_wanted` tells whether the condition of store_want() held.  `missing` is how many
 * frames between the one before and this one are gone: evicted, lost, or deleted by
 * somebody; every id was given to a frame once.  The statement is reset before this
 * returns.  -1: failed; else how many were handed over.
 *
 * A foreign program may have written anything: texts come as valid UTF-8, readings as one
 * line with one JSON object.  Readings that are none come as {} with their bytes as
 * `undecoded`.  A frame on which an expression of store_want() fails is wanted, and comes
 * as it is, so that a mistake in an expression loses nothing; the log says so.
 */
struct store_row {
	const struct frame *frame; /* without raw */
	bool is_wanted;
	uint64_t missing;
};
long store_read(struct store *s, uint64_t after, unsigned limit,
                bool (*take)(void *context, const struct store_row *row), void *context,
                struct reason *why);

/* `where` (a condition) and `select` (an expression that gives the readings object) for
 * store_read; either may be NULL.  They have been checked by store_check_sql(). */
bool store_want(struct store *s, const char *where, const char *select,
                struct reason *why);
/* Checks such an expression against an in-memory copy of the schema, in SQLite's words.
 */
bool store_check_sql(const char *expression, struct reason *why);

/* The raw bytes and all else of one frame, for a dead letter.  False, and store_trouble()
 * is STORE_FINE, when the frame is gone. */
bool store_fetch(struct store *s, uint64_t id, struct frame *out, struct reason *why);

/* Numbers of the whole store. */
struct store_numbers {
	uint64_t frames;     /* that can be read; exact up to 100,000 */
	uint64_t first_id;   /* of the oldest, or last_id + 1 */
	uint64_t last_id;    /* ever given */
	int64_t bytes;       /* in use, freed pages not counted */
	int64_t quarantined; /* rows */
	double bytes_per_s;  /* growth over the last ten minutes */
};
bool store_numbers(struct store *s, struct store_numbers *out, struct reason *why);

/* Frames that were given the ids of (after, until]: all of them, even those that are
 * gone. */
uint64_t store_frames_between(struct store *s, uint64_t after, uint64_t until);

/* The id of the oldest frame, or of the next when there is none: an output that begins
 * with the oldest begins behind the one before it. */
uint64_t store_first_id(struct store *s);
/* The last id that was ever given; quick. */
uint64_t store_last_id(struct store *s);

/* The last frame received before `wall_ms` (by rows whose clock was right), 0: none. */
uint64_t store_find_time(struct store *s, int64_t wall_ms);

/* received_ms of the first frame behind `after`, or -1 when there is none. */
int64_t store_oldest_after(struct store *s, uint64_t after);

/* Frames received by an input, ever. */
uint64_t store_input_received(struct store *s, const char *input);

#endif
