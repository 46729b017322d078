/* SPDX-License-Identifier: MIT */
/* Housekeeping: rounds, what a step's result means, and room on the disk. */
#include "keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include "ballast.h"
#include "clock.h"
#include "keep_internal.h"

#define PATIENCE_MS 1000 /* with who wants the gate */
#define SCARCE      4    /* ballasts of room left: careful steps, and a short log */
#define FREED_LEAST (INT64_C(16) << 20) /* bytes worth giving back */
#define GIVE_BACK   256                 /* pages a step */

int64_t keep_find_room(const struct keep *k)
{
	struct statvfs disk;

	return statvfs(k->state, &disk) == 0
	               ? (int64_t)disk.f_bavail * (int64_t)disk.f_frsize
	               : INT64_C(1) << 50;
}

bool keep_is_scarce(const struct keep *k)
{
	return keep_find_room(k) - store_growth(k->store) <
	       SCARCE * ballast_size(k->state);
}

bool keep_open(struct keep **out, const char *state, const struct keep_rules *rules,
               struct reason *why)
{
	struct keep *k = calloc(1, sizeof *k);

	if (k == NULL)
		return fail(why, "out of memory");
	if (!store_open_keeper(&k->store, state, why)) {
		free(k);
		return false;
	}
	snprintf(k->state, sizeof k->state, "%s", state);
	k->rules = *rules;
	k->copied_id = k->seen_id = store_last_id(k->store);
	k->quiet_ms = clock_monotonic_ms();
	*out = k;
	return true;
}

/*
 * When the log cannot be copied back for want of room, every step would only make it
 * longer, and use up what outputs need to settle: nothing can be done but wait.
 */
static bool has_no_way(const struct keep *k)
{
	return store_growth(k->store) > keep_find_room(k);
}

void keep_close(struct keep *k)
{
	if (k == NULL)
		return;
	if (!has_no_way(k))
		store_checkpoint(k->store, LOG_CUT, WAIT_TURN, NULL);
	store_close(k->store);
	free(k);
}

enum store_wait keep_patience(const struct keep *k)
{
	return k->impatient_ms != 0 &&
	                       clock_monotonic_ms() - k->impatient_ms > PATIENCE_MS
	               ? WAIT_TURN
	               : WAIT_NOT;
}

int64_t keep_due_after(struct keep *k, enum store_step step)
{
	if (step != STEP_BUSY)
		k->impatient_ms = 0;
	else if (k->impatient_ms == 0)
		k->impatient_ms = clock_monotonic_ms();
	switch (step) {
	case STEP_DONE:
		return KEEP_IDLE_MS;
	case STEP_MORE:
		return 0;
	case STEP_BUSY:
		return KEEP_SOON_MS;
	case STEP_FAILED:
		break;
	}
	return store_trouble(k->store) == STORE_BROKEN ? -1 : KEEP_RETRY_MS;
}

static void complain_of_disk(struct keep *k)
{
	complain(&k->full, LOG_LEVEL_ERROR,
	         "the disk is full: no frames are taken until there is room");
}

static bool keep_ballast(struct keep *k)
{
	if (ballast_make(k->state) == BALLAST_NO_ROOM) {
		complain_of_disk(k);
		return false;
	}
	complaint_release(&k->full, "there is room on the disk again: frames are taken");
	return true;
}

static int64_t keep_room(struct keep *k, struct reason *why)
{
	bool has_ballast = keep_ballast(k);
	int64_t freed = store_freed_bytes(k->store), used = store_used_bytes(k->store);
	enum store_step step;

	if (freed <= 0 || (has_ballast && (freed < FREED_LEAST || freed < used)))
		return has_ballast ? KEEP_IDLE_MS : KEEP_RETRY_MS;
	step = store_give_back(k->store, GIVE_BACK, keep_patience(k), why);
	k->has_cut = k->has_cut || step == STEP_DONE || step == STEP_MORE;
	/* On a full disk the file has to become shorter at once. */
	if (!has_ballast && step == STEP_DONE)
		return keep_copy_log(k, LOG_CUT, WAIT_TURN, why);
	return keep_due_after(k, step);
}

int64_t keep_round(struct keep *k, struct reason *why)
{
	static int64_t (*const parts[])(struct keep * k, struct reason * why) = {
		keep_frames,
		keep_room,
		keep_log,
	};
	uint64_t last = store_last_id(k->store);
	int64_t due_ms = KEEP_IDLE_MS;

	if (has_no_way(k)) {
		complain_of_disk(k);
		return KEEP_RETRY_MS;
	}
	if (last != k->seen_id) {
		k->seen_id = last;
		k->quiet_ms = clock_monotonic_ms();
	}
	for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
		int64_t part_ms = parts[i](k, why);

		if (part_ms < 0)
			return -1;
		due_ms = keep_sooner(due_ms, part_ms);
	}
	return due_ms;
}
