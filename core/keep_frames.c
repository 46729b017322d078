/* SPDX-License-Identifier: MIT */
/* Which frames go, and in what steps.  Knows the places of outputs, not the outputs. */
#include <string.h>

#include "ballast.h"
#include "clock.h"
#include "keep_internal.h"
#include "place.h"

#define FRAMES_MS    1000 /* between two looks at what may go */
#define STEPS_MAX    50   /* of purging, a round */
#define STEP_FIRST   500  /* frames a step, at first */
#define STEP_LEAST   50
#define STEP_MOST    5000
#define STEP_MS      3      /* what a step should take */
#define LOOK_MAX     200000 /* frames whose age is looked at, a round */
#define FULL_PERCENT 90     /* of the limit: `keep` is cut short */
#define EASY_PERCENT 85     /* until so much is left */

/* How far all places are, and which is the last. */
struct lowest {
	const char *store_id;
	bool is_durable;
	uint64_t cursor;
};

static bool look_at_place(void *context, const char *path, const char *name)
{
	struct lowest *l = context;
	struct place_data data;

	(void)name;
	/* One that cannot be read, or is of another store, begins anew: it needs them
	 * all. */
	if (place_read(path, l->is_durable, &data) != PLACE_GOOD ||
	    strcmp(data.store_id, l->store_id) != 0)
		data.cursor = 0;
	l->cursor = data.cursor < l->cursor ? data.cursor : l->cursor;
	return true;
}

/* The last frame that every place is past; when there is no place, the last of all. */
static uint64_t find_lowest(const struct keep *k, bool is_durable)
{
	struct lowest l = {store_id(k->store), is_durable, store_last_id(k->store)};

	return statedir_each(k->state, "outputs", "place", look_at_place, &l, NULL)
	               ? l.cursor
	               : 0;
}

/* What the store may come to: max_size, or what the disk has left. */
static int64_t find_limit(const struct keep *k, int64_t used)
{
	int64_t limit = used + store_freed_bytes(k->store) + keep_find_room(k) -
	                2 * ballast_size(k->state);

	return k->rules.max_size > 0 ? keep_sooner(limit, k->rules.max_size) : limit;
}

static void weigh(struct keep *k)
{
	int64_t used = store_used_bytes(k->store), limit = find_limit(k, used);
	int percent = k->is_short ? EASY_PERCENT : FULL_PERCENT;

	k->is_short = used > limit / 100 * percent;
	if (k->is_short)
		complain(&k->tight, LOG_LEVEL_WARNING,
		         "the store is nearly full: frames go as soon as all outputs are "
		         "past them, "
		         "before `keep` is over");
	else
		complaint_release(&k->tight, "the store has room again");
}

/* The last frame that may go now; 0: none.  *due_ms is when one more may. */
static uint64_t find_last_to_go(const struct keep *k, uint64_t first, int64_t *due_ms)
{
	struct store_range range = {first - 1, find_lowest(k, false), LOOK_MAX};
	int64_t now = clock_wall_ms(), oldest_ms;
	uint64_t old;

	*due_ms = KEEP_IDLE_MS;
	if (range.until < first)
		return 0;
	if (k->is_short)
		return range.until;
	old = store_find_old(k->store, &range, now - k->rules.keep_ms);
	oldest_ms = store_oldest_after(k->store, old == 0 ? first - 1 : old);
	if (oldest_ms >= 0 && oldest_ms <= now && oldest_ms + k->rules.keep_ms > now)
		*due_ms =
			keep_sooner(KEEP_IDLE_MS, oldest_ms + k->rules.keep_ms - now + 1);
	return old;
}

/* One step of purging, the next one made to take about STEP_MS. */
static enum store_step purge_step(struct keep *k, uint64_t until, struct reason *why)
{
	int64_t start = clock_monotonic_ms(), took;
	enum store_step step =
		store_purge(k->store, until, k->step, keep_patience(k), why);

	took = clock_monotonic_ms() - start;
	if (step == STEP_MORE && took < STEP_MS && k->step < STEP_MOST)
		k->step *= 2;
	else if (took > 2 * STEP_MS && k->step > STEP_LEAST)
		k->step /= 2;
	return step;
}

/* While room is scarce: what a step adds to the log is cut from it before the next. */
static int64_t purge_in_need(struct keep *k, uint64_t until, struct reason *why)
{
	enum store_step step;

	k->step = k->step < STEP_FIRST ? k->step : STEP_FIRST;
	if (keep_copy_log(k, LOG_CUT, WAIT_TURN, why) < 0)
		return -1;
	step = store_purge(k->store, until, k->step, WAIT_TURN, why);
	if (step == STEP_FAILED && store_trouble(k->store) == STORE_FULL &&
	    k->step > STEP_LEAST)
		k->step /= 2;
	return keep_due_after(k, step);
}

static int64_t purge(struct keep *k, uint64_t until, struct reason *why)
{
	enum store_step step = STEP_MORE;
	uint64_t safe = find_lowest(k, true);

	until = safe < until ? safe : until;
	k->step = k->step == 0 ? STEP_FIRST : k->step;
	if (keep_is_scarce(k))
		return purge_in_need(k, until, why);
	for (int i = 0; i < STEPS_MAX && step == STEP_MORE; i++) {
		step = purge_step(k, until, why);
		if (k->is_short && step == STEP_MORE) {
			weigh(k);
			if (!k->is_short)
				return 0;
		}
	}
	return keep_due_after(k, step);
}

int64_t keep_frames(struct keep *k, struct reason *why)
{
	int64_t now = clock_monotonic_ms(), due_ms, purge_due_ms;
	uint64_t first = store_first_id(k->store), last;

	if (now < k->frames_due_ms)
		return k->frames_due_ms - now;
	weigh(k);
	last = find_last_to_go(k, first, &due_ms);
	if (last >= first) {
		purge_due_ms = purge(k, last, why);
		if (purge_due_ms < 0)
			return -1;
		due_ms = keep_sooner(due_ms, purge_due_ms);
	}
	k->frames_due_ms = now + keep_sooner(due_ms, FRAMES_MS);
	return due_ms;
}
