/* SPDX-License-Identifier: MIT */
/* What one output may claim of the store.  Knows its place and the store, not the output.
 */
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "keep.h"
#include "log.h"
#include "place.h"
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

/* With the output's lock: nobody else moves the place. */
static int64_t hold_place(struct store *s, const char *path, int64_t hold_bytes,
                          int64_t hold_ms, struct reason *why)
{
	enum place_state state;
	struct place_data data;
	struct place *p;
	uint64_t excess;
	bool is_synced = true;

	if (!place_open(&p, path, &state, why))
		return -1;
	data = *place_get(p);
	if (state != PLACE_GOOD || strcmp(data.store_id, store_id(s)) != 0) {
		data = (struct place_data){.begin = store_first_id(s) - 1,
		                           .cursor = store_first_id(s) - 1,
		                           .begun_ms = clock_wall_ms()};
		memcpy(data.store_id, store_id(s), sizeof data.store_id);
	}
	excess = keep_excess(s, data.cursor, hold_bytes, hold_ms);
	if (excess > 0) {
		data.cursor += excess;
		data.evicted += excess;
		data.moved_ms = clock_wall_ms();
		place_set(p, &data);
		is_synced = place_sync(p, why);
	}
	place_close(p);
	return is_synced ? (int64_t)excess : -1;
}

int64_t keep_hold_place(const char *state, const char *name, int64_t hold_bytes,
                        int64_t hold_ms, struct reason *why)
{
	char path[STATE_PATH_MAX], lock[STATE_PATH_MAX];
	struct store *s;
	int64_t evicted = -1;
	pid_t holder;
	int fd;

	if (!statedir_file(path, state, "outputs", name, "place") ||
	    !statedir_file(lock, state, "outputs", name, "lock")) {
		fail(why, "%s: the path is too long", state);
		return -1;
	}
	if (access(path, F_OK) != 0)
		return 0;
	if (!statedir_lock(&fd, lock, &holder, why))
		return holder != 0 ? 0 : -1;
	if (store_open_reader(&s, state, why)) {
		evicted = hold_place(s, path, hold_bytes, hold_ms, why);
		store_close(s);
	}
	close(fd);
	if (evicted > 0)
		log_warning("output %s gave up its %lld oldest frames, as it holds more "
		            "than `hold`",
		            name, (long long)evicted);
	return evicted;
}
