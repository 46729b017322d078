/* SPDX-License-Identifier: MIT */
/*
 * What an output keeps of its own, in STATE/outputs/NAME.db: dead letters (whole copies
 * of frames it can never deliver, with the reason) and the delivery log.  A ledger that
 * proves corrupt is set aside beside its place, the log says so, and a new one is begun.
 * When the disk is full, STATE/ballast is given up for it.
 */
#ifndef CORE_LEDGER_H
#define CORE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "frame.h"
#include "reason.h"

struct ledger;

/* `path` is STATE/outputs/NAME.db; made when it is missing. */
bool ledger_open(struct ledger **out, const char *path, struct reason *why);
void ledger_close(struct ledger *l); /* NULL is fine */

/* Durable when it returns: the cursor may pass the frame.  A frame that is there already
 * is replaced. */
bool ledger_add_dead(struct ledger *l, const char *store_id, const struct frame *f,
                     const char *reason, unsigned attempts, struct reason *why);

/* One row for a range of settled frames; `receipt` (may be NULL) is the far side's last.
 * Survives a kill; a power cut may take the last ones. */
bool ledger_add_delivered(struct ledger *l, const char *store_id, uint64_t from,
                          uint64_t until, uint64_t frames, const char *receipt,
                          struct reason *why);

/* Where the log's last range of that store ended, 0: none. */
uint64_t ledger_last_delivered(struct ledger *l, const char *store_id);

/* Forgets log rows older than `keep_ms`; dead letters stay. */
bool ledger_purge(struct ledger *l, int64_t keep_ms, struct reason *why);

#endif
