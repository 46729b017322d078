/* SPDX-License-Identifier: MIT */
/*
 * Keeping and giving up: purges frames that every place is past, keeps the log of SQLite
 * short, gives space back; the work of the housekeeping process, inside the gate, in
 * short steps.
 */
#ifndef CORE_KEEP_H
#define CORE_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "reason.h"
#include "store.h"

struct keep;

struct keep_rules {
	int64_t keep_ms;  /* how long a frame stays after everybody is past it */
	int64_t max_size; /* bytes of the store; 0: no limit */
};

bool keep_open(struct keep **out, const char *state, const struct keep_rules *rules,
               struct reason *why);
void keep_close(struct keep *k); /* NULL is fine; cuts SQLite's log when it can */

/*
 * One round, to be made within 50 ms of a wake of the store (more of them are of no use;
 * with fewer, SQLite's log grows beyond 64 MB under load), and when the last one said so.
 * Each step holds the gate for some milliseconds at most, and waits for a moment when
 * nobody wants it, unless that has not come for a while.  Returns the ms after which the
 * next round is due even when nothing is written (60,000 when there is nothing to do), or
 * -1 when the store is broken (why says).
 *
 * A frame goes when every place is past it and `keep` is over; when the store is nearly
 * full (by max_size or the disk), when every place is past it.
 */
int64_t keep_round(struct keep *k, struct reason *why);

/*
 * How many frames an output whose place is at `cursor` has to give up, so that it claims
 * at most `hold_bytes` of the store (0: no limit) and none older than `hold_ms` (0: no
 * limit).
 */
uint64_t keep_excess(struct store *s, uint64_t cursor, int64_t hold_bytes,
                     int64_t hold_ms);

/*
 * The same for an output that does not run: moves its place past them, counted as
 * evicted. Returns how many they were; 0 also when it runs after all (it sees to it
 * itself) or has no place; -1: failed.  A place of another store begins anew with the
 * oldest frame.
 */
int64_t keep_hold_place(const char *state, const char *name, int64_t hold_bytes,
                        int64_t hold_ms, struct reason *why);

#endif
