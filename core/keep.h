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

struct keep;

struct keep_rules {
	int64_t keep_ms;  /* how long a frame stays after everybody is past it */
	int64_t max_size; /* bytes of the store; 0: no limit */
};

bool keep_open(struct keep **out, const char *state, const struct keep_rules *rules,
               struct reason *why);
void keep_close(struct keep *k); /* truncates SQLite's log when it can */

/*
 * One round.  Each step holds the gate for some milliseconds at most.  Returns the ms
 * after which the next round is due even when nothing is written (60,000 when
 * there is nothing to do), or -1 when the store is broken (why says).
 */
int64_t keep_round(struct keep *k, struct reason *why);

/*
 * How many bytes of the store an output claims whose place is at `cursor`, and how many
 * frames it has to give up to claim at most `hold_bytes` (0: no limit) and none older
 * than `hold_ms` (0: no limit).
 */
struct store;
uint64_t keep_excess(struct store *s, uint64_t cursor, int64_t hold_bytes,
                     int64_t hold_ms);

bool keep_hold_place(const char *state, const char *name, int64_t hold_bytes,
                     int64_t hold_ms, struct reason *why);

#endif
