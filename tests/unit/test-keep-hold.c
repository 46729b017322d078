/* SPDX-License-Identifier: MIT */
/* keep_hold: what one output may claim, and that it gives up nothing more. */
#include <fcntl.h>

#include "fake_clock.h"
#include "keep.h"
#include "ledger.h"
#include "state.h"
#include "store_keep.h"
#include "tap.h"

#define OLD   10000 /* frames that are an hour old, */
#define YOUNG 500   /* and behind them so many that are not */

static void store_frames(struct store *s, int count)
{
	for (int i = 0; i < count / 1000; i++)
		state_store(s, "nodes", 1000);
}

static void store_old_and_young(struct store *s)
{
	store_frames(s, OLD);
	pass(HOUR);
	state_store(s, "nodes", YOUNG);
}

static void damage(const char *state, const char *name)
{
	static const long slots[] = {0, 4096};
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	int fd;

	statedir_file(path, state, "outputs", name, "place");
	fd = open(path, O_RDWR);
	for (unsigned i = 0; i < 2; i++)
		must(pwrite(fd, "damage", 6, slots[i]) == 6, &why);
	close(fd);
}

static enum place_state find_state(const char *state, const char *name)
{
	char path[STATE_PATH_MAX];
	struct place_data data;

	statedir_file(path, state, "outputs", name, "place");
	return place_read(path, false, &data);
}

static void log_delivered(const char *state, const char *name, const char *id,
                          uint64_t until)
{
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	struct ledger *l;

	statedir_file(path, state, "outputs", name, "db");
	must(ledger_open(&l, path, &why), &why);
	must(ledger_add_delivered(l, id, 1, until, until, NULL, &why), &why);
	ledger_close(l);
}

static void hold_limits_what_one_output_claims(const char *state)
{
	struct store *s = state_open(state);
	int64_t used;
	uint64_t excess;

	store_frames(s, 10000);
	used = store_used_bytes(s);
	ok(keep_excess(s, 0, 0, 0) == 0 && keep_excess(s, 0, used, 0) == 0,
	   "within it: nothing to do");
	excess = keep_excess(s, 0, used / 4, 0);
	ok(excess > 7000 && excess < 8000,
	   "a quarter allowed: about three quarters go: %llu",
	   (unsigned long long)excess);
	ok(keep_excess(s, 9000, used / 4, 0) == 0,
	   "one that is nearly done claims little");
	pass(HOUR);
	state_store(s, "nodes", 500);
	ok(keep_excess(s, 0, 0, HOUR / 2) == 10000, "by age: all but the young");
	ok(keep_excess(s, 9990, 0, HOUR / 2) == 10, "from where it is");
	ok(keep_excess(s, 10000, 0, HOUR / 2) == 0, "and the young stay");
	store_close(s);
}

static void an_output_that_is_stopped_is_held_to_it(const char *state)
{
	struct store *s = state_open(state);
	struct place_data data;
	int64_t evicted;

	store_old_and_young(s);
	ok(keep_hold_place(state, "none", 1, 1, NULL) == 0,
	   "no place: nothing to give up");
	state_set_place(state, "stopped", store_id(s), 100);
	evicted = keep_hold_place(state, "stopped", 0, HOUR / 2, NULL);
	data = state_place(state, "stopped");
	ok(evicted == 9900 && data.cursor == 10000 && data.evicted == 9900,
	   "a stopped output gives up, and it is counted");
	ok(keep_hold_place(state, "stopped", 0, HOUR / 2, NULL) == 0, "once");
	state_set_place(state, "foreign", "00000000000000aa", 77777);
	evicted = keep_hold_place(state, "foreign", 0, HOUR / 2, NULL);
	data = state_place(state, "foreign");
	ok(evicted == 10000 && data.cursor == 10000 &&
	           strcmp(data.store_id, store_id(s)) == 0 && data.begin == 0,
	   "one of another store begins anew, and gives up the same");
	store_close(s);
}

static void a_damaged_place_goes_on_where_its_log_ends(const char *state)
{
	struct store *s = state_open(state);
	struct place_data data;
	int64_t evicted;

	store_old_and_young(s);
	state_set_place(state, "torn", store_id(s), 9000);
	log_delivered(state, "torn", store_id(s), 8000);
	damage(state, "torn");
	ok(keep_hold_place(state, "torn", 0, 2 * HOUR, NULL) == 0,
	   "within `hold` nothing is given up");
	ok(find_state(state, "torn") == PLACE_DAMAGED,
	   "and the output is told of the damage: else it would begin as one that is "
	   "new");
	evicted = keep_hold_place(state, "torn", 0, HOUR / 2, NULL);
	data = state_place(state, "torn");
	ok(evicted == OLD - 8000 && data.begin == 8000 && data.cursor == OLD &&
	           data.evicted == OLD - 8000 && data.delivered == 0,
	   "beyond it the old frames go that its delivery log does not know");
	state_set_place(state, "bare", store_id(s), 9000);
	damage(state, "bare");
	evicted = keep_hold_place(state, "bare", 0, HOUR / 2, NULL);
	data = state_place(state, "bare");
	ok(evicted == OLD && data.begin == 0 && data.cursor == OLD,
	   "without a log: from the oldest");
	store_close(s);
}

static void a_running_output_sees_to_it_itself(const char *state)
{
	struct reason why = {""};
	char lock[STATE_PATH_MAX];
	struct place_data data;
	struct store *s = state_open(state);
	pid_t holder;
	int fd;

	state_set_place(state, "running", store_id(s), 1);
	statedir_file(lock, state, "outputs", "running", "lock");
	must(statedir_lock(&fd, lock, &holder, &why), &why);
	ok(keep_hold_place(state, "running", 1, 1, NULL) == 0, "its place is its own");
	data = state_place(state, "running");
	ok(data.cursor == 1, "and is not moved");
	close(fd);
	store_close(s);
}

int main(void)
{
	static void (*const tests[])(const char *state) = {
		hold_limits_what_one_output_claims,
		an_output_that_is_stopped_is_held_to_it,
		a_damaged_place_goes_on_where_its_log_ends,
		a_running_output_sees_to_it_itself,
		NULL,
	};

	fake_clock_begin();
	state_each(tests);
	return done();
}
