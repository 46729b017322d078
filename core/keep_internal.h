/* SPDX-License-Identifier: MIT */
/* What the files keep*.c share; no other file includes it. */
#ifndef CORE_KEEP_INTERNAL_H
#define CORE_KEEP_INTERNAL_H

#include "keep.h"
#include "log.h"
#include "statedir.h"
#include "store_keep.h"

#define KEEP_IDLE_MS  60000 /* there is nothing to do */
#define KEEP_SOON_MS  20    /* somebody writes just now */
#define KEEP_RETRY_MS 1000  /* the disk is full, or a foreign program holds the store */

struct keep {
	char state[STATE_PATH_MAX];
	struct keep_rules rules;
	struct store *store;
	unsigned step;         /* frames to purge at once; 0: as many as at first */
	int64_t copied_pages;  /* of the log, when it was copied back last */
	uint64_t copied_id;    /* last id then */
	uint64_t seen_id;      /* last id of the round before */
	int64_t quiet_ms;      /* monotonic: since then it is the same */
	int64_t impatient_ms;  /* monotonic: since then a step waits; 0: none does */
	int64_t frames_due_ms; /* monotonic: when frames are looked at next */
	bool is_short;         /* of room, so that `keep` does not count */
	bool has_cut;          /* pages were given back, and the file is still as long */
	struct complaint full, tight, log;
};

/* The parts of a round.  Each returns the ms after which it is due again, or -1. */
int64_t keep_frames(struct keep *k, struct reason *why);
int64_t keep_log(struct keep *k, struct reason *why);

int64_t keep_copy_log(struct keep *k, enum store_log how, enum store_wait wait,
                      struct reason *why);

static inline int64_t keep_sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Steps wait for a moment when nobody wants the gate, but not for ever. */
enum store_wait keep_patience(const struct keep *k);
/* When the round after this step is due; -1: the store is broken. */
int64_t keep_due_after(struct keep *k, enum store_step step);

/* Bytes that are left on the disk. */
int64_t keep_find_room(const struct keep *k);
/* Room for a few ballasts only, or not even for one, when the log is copied back. */
bool keep_is_scarce(const struct keep *k);

#endif
