/* SPDX-License-Identifier: MIT */
/* What one output may claim of the store.  Knows its place and the store, not the output.
 */
#include <unistd.h>

#include "clock.h"
#include "keep.h"
#include "log.h"
#include "place_begin.h"
#include "statedir.h"
#include "store_keep.h"

#define LOOK_MAX 200000 /* frames whose age is looked at, a call */

/* By what a frame takes on the average. */
static uint64_t excess_by_size(struct store *s, uint64_t claimed, int64_t hold_bytes)
{
	uint64_t first = store_first_id(s), last = store_last_id(s), allowed;
	int64_t used = store_used_bytes(s);

	if (used <= 0 || last < first)
		return 0;
	allowed = (uint64_t)((double)hold_bytes / (double)used *
	                     (double)(last - first + 1));
	return claimed > allowed ? claimed - allowed : 0;
}

uint64_t keep_excess(struct store *s, uint64_t cursor, int64_t hold_bytes,
                     int64_t hold_ms)
{
	struct store_range range = {cursor, store_last_id(s), LOOK_MAX};
	uint64_t first = store_first_id(s), excess = 0, old;

	/* Frames that are gone already claim nothing. */
	uint64_t from = cursor + 1 < first ? first - 1 : cursor;

	if (range.until <= from)
		return 0;
	if (hold_bytes > 0)
		excess = excess_by_size(s, range.until - from, hold_bytes);
	if (excess > 0)
		excess += from - cursor;
	if (hold_ms <= 0)
		return excess;
	old = store_find_old(s, &range, clock_wall_ms() - hold_ms);
	return old > cursor && old - cursor > excess ? old - cursor : excess;
}

/* What a stopped output works with. */
struct stopped {
	struct store *store;
	char place[STATE_PATH_MAX], ledger[STATE_PATH_MAX];
	enum place_state found;
	struct place_data at;
};

/* By reading alone: a damaged place stays one, so that the output, too, takes it for what
 * it is. */
static bool find_place(struct stopped *o, struct reason *why)
{
	struct ledger *ledger = NULL;

	o->found = place_read(o->place, false, &o->at);
	if (o->found == PLACE_DAMAGED && !ledger_open(&ledger, o->ledger, why))
		return false;
	place_begin(&o->at, o->found, o->store, ledger, store_first_id(o->store) - 1);
	ledger_close(ledger);
	return true;
}

static bool set_place(const struct stopped *o, struct reason *why)
{
	enum place_state found;
	struct place *p;
	bool is_synced;

	if (!place_open(&p, o->place, &found, why))
		return false;
	place_set(p, &o->at);
	is_synced = place_sync(p, why);
	place_close(p);
	return is_synced;
}

static int64_t hold_place(struct stopped *o, int64_t hold_bytes, int64_t hold_ms,
                          struct reason *why)
{
	uint64_t excess;

	if (!find_place(o, why))
		return -1;
	excess = keep_excess(o->store, o->at.cursor, hold_bytes, hold_ms);
	if (excess == 0)
		return 0;
	o->at.cursor += excess;
	o->at.evicted += excess;
	o->at.moved_ms = clock_wall_ms();
	return set_place(o, why) ? (int64_t)excess : -1;
}

static void tell_evicted(const struct stopped *o, const char *name, int64_t evicted)
{
	if (o->found == PLACE_DAMAGED)
		log_error("the place of output %s was damaged: it begins behind frame "
		          "%llu, where its delivery log ends; its counters begin anew",
		          name, (unsigned long long)o->at.begin);
	log_warning("output %s gave up its %lld oldest frames, as it holds more than "
	            "`hold`",
	            name, (long long)evicted);
}

int64_t keep_hold_place(const char *state, const char *name, int64_t hold_bytes,
                        int64_t hold_ms, struct reason *why)
{
	char lock[STATE_PATH_MAX];
	struct stopped o = {0};
	int64_t evicted = -1;
	pid_t holder;
	int fd;

	if (!statedir_file(o.place, state, "outputs", name, "place") ||
	    !statedir_file(o.ledger, state, "outputs", name, "db") ||
	    !statedir_file(lock, state, "outputs", name, "lock")) {
		fail(why, "%s: the path is too long", state);
		return -1;
	}
	if (access(o.place, F_OK) != 0)
		return 0;
	/* With the output's lock nobody else moves the place. */
	if (!statedir_lock(&fd, lock, &holder, why))
		return holder != 0 ? 0 : -1;
	if (store_open_reader(&o.store, state, why)) {
		evicted = hold_place(&o, hold_bytes, hold_ms, why);
		store_close(o.store);
	}
	close(fd);
	if (evicted > 0)
		tell_evicted(&o, name, evicted);
	return evicted;
}
