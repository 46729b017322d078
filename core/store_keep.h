/* SPDX-License-Identifier: MIT */
/*
 * What housekeeping does to the store, one short step at a time, each inside the
 * turnstile. Which frames may go is not decided here.
 */
#ifndef CORE_STORE_KEEP_H
#define CORE_STORE_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "reason.h"
#include "store.h"

/* With WAIT_NOT a step is left out (STEP_BUSY) while anybody writes or waits to. */
enum store_wait { WAIT_NOT, WAIT_TURN };

enum store_step {
	STEP_DONE, /* and nothing is left to do */
	STEP_MORE,
	STEP_BUSY,
	STEP_FAILED, /* why and store_trouble() say */
};

/*
 * Opens the store for these steps: their commits are not synced, as nobody is told of
 * them. No frame may be appended with it.
 */
bool store_open_keeper(struct store **out, const char *state, struct reason *why);

/* Deletes the oldest frames up to `until`, at most `limit`: all outputs are past them. */
enum store_step store_purge(struct store *s, uint64_t until, unsigned limit,
                            enum store_wait wait, struct reason *why);

/* Gives up to `pages` freed pages back to the disk, when the log is copied back.
 */
enum store_step store_give_back(struct store *s, unsigned pages, enum store_wait wait,
                                struct reason *why);

/*
 * Copies SQLite's log back into the database, and with CUT cuts its file.  LOG_RESTART
 * and LOG_CUT wait a little for readers, as only a log that nobody reads begins anew.
 * STEP_MORE: a reader stood in the way.
 */
enum store_log { LOG_COPY, LOG_RESTART, LOG_CUT };
enum store_step store_checkpoint(struct store *s, enum store_log how,
                                 enum store_wait wait, struct reason *why);

int64_t store_log_bytes(const struct store *s); /* of the log's file; 0: there is none */
/* In use of it, as of the last commit of one of our own writers. */
int64_t store_log_pages(const struct store *s);
/* The last id that one of our own writers has committed; 0: not known. */
uint64_t store_marked_id(const struct store *s);
/* By so much frames.db grows when the log is copied back. */
int64_t store_growth(struct store *s);
int64_t store_used_bytes(struct store *s);  /* freed pages not counted; -1: failed */
int64_t store_freed_bytes(struct store *s); /* of freed pages; -1: failed */

/*
 * The last frame of (after, until] that is old: it was received before `cutoff_ms`, and
 * so were all between, but for those whose time is not known.  0: none.  Looks at `limit`
 * frames at most.  A time more than a day ahead of the clock counts as not known.
 */
struct store_range {
	uint64_t after, until;
	unsigned limit;
};
uint64_t store_find_old(struct store *s, const struct store_range *range,
                        int64_t cutoff_ms);

#endif
