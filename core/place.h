/* SPDX-License-Identifier: MIT */
/*
 * An output's place: how far it has come, and its counters, in two checksummed slots of a
 * small mapped file (STATE/outputs/NAME.place), written alternately.  It survives a kill
 * at once; place_sync() makes it survive a power cut.  Only the holder of the output's
 * lock writes; anybody may read.
 */
#ifndef CORE_PLACE_H
#define CORE_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "reason.h"

struct place_data {
	char store_id[17];  /* whose frames these are */
	uint64_t begin;     /* it was told to begin behind this frame */
	uint64_t cursor;    /* finished with this frame and all before it */
	uint64_t delivered; /* frames, since begin; so the next three */
	uint64_t rejected;
	uint64_t skipped; /* `where` did not want them */
	uint64_t evicted; /* gave them up: hold, max_size, or lost by the storage */
	int64_t begun_ms; /* wall clock */
	int64_t moved_ms; /* wall clock of the last move */
};

enum place_state {
	PLACE_GOOD,
	PLACE_NONE,    /* there is none, or it was never set */
	PLACE_DAMAGED, /* neither slot is whole, or it cannot be read */
};

struct place;

/*
 * Opens or makes the file.  *state tells what was found; for PLACE_NONE and
 * PLACE_DAMAGED the data are all zero, for the caller to begin anew.  Until it is set,
 * the place stays what it was found to be.
 */
bool place_open(struct place **out, const char *path, enum place_state *state,
                struct reason *why);
void place_close(struct place *p); /* NULL is fine; does not sync */

const struct place_data *place_get(const struct place *p);
/* Writes the other slot.  Cannot fail, and needs no room on the disk. */
void place_set(struct place *p, const struct place_data *data);
bool place_sync(struct place *p, struct reason *why);

/*
 * Reads without owning it.  With `durable`, what is told would survive a power cut. `out`
 * is all zero unless the answer is PLACE_GOOD.
 */
enum place_state place_read(const char *path, bool durable, struct place_data *out);

#endif
