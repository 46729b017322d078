/* SPDX-License-Identifier: MIT */
/* keep: what goes, what stays, and how long SQLite's log gets. */
#include "keep.h"

#include <signal.h>
#include <sys/wait.h>

#include "db.h"
#include "fake_clock.h"
#include "state.h"
#include "store_keep.h"
#include "tap.h"

static struct keep *open_keep(const char *state, int64_t keep_ms, int64_t max_size)
{
	struct keep_rules rules = {keep_ms, max_size};
	struct reason why = {""};
	struct keep *k;

	must(keep_open(&k, state, &rules, &why), &why);
	return k;
}

/* Rounds until there is nothing to do; what the last one said. */
static int64_t work(struct keep *k)
{
	struct reason why = {""};
	int64_t due_ms = 0;

	for (int i = 0; i < 10000; i++) {
		due_ms = keep_round(k, &why);
		must(due_ms >= 0, &why);
		if (due_ms > 1000)
			break;
		pass(due_ms > 0 ? due_ms : 1);
	}
	return due_ms;
}

static void remove_place(const char *state, const char *name)
{
	char path[STATE_PATH_MAX];

	statedir_file(path, state, "outputs", name, "place");
	unlink(path);
}

static void a_frame_goes_when_all_are_past_it_and_keep_is_over(const char *state)
{
	struct store *s = state_open(state);
	struct keep *k = open_keep(state, HOUR, 0);

	state_store(s, "nodes", 1000);
	pass(2 * HOUR);
	state_store(s, "nodes", 1000);
	state_set_place(state, "broker", store_id(s), 2000);
	state_set_place(state, "archive", store_id(s), 300);
	work(k);
	ok(store_first_id(s) == 301,
	   "the slowest output holds what it has not finished: %llu",
	   (unsigned long long)store_first_id(s));
	state_set_place(state, "archive", store_id(s), 2000);
	ok(work(k) > 59000 && store_first_id(s) == 1001,
	   "the rest of the old ones goes when it is past them: %llu",
	   (unsigned long long)store_first_id(s));
	pass(2 * HOUR);
	work(k);
	ok(store_first_id(s) == 2001 && store_last_id(s) == 2000,
	   "an hour later the young ones, too");
	state_store(s, "nodes", 10);
	state_set_place(state, "stopped", "00000000000000aa", 5000);
	state_set_place(state, "broker", store_id(s), 2010);
	state_set_place(state, "archive", store_id(s), 2010);
	pass(2 * HOUR);
	work(k);
	ok(store_first_id(s) == 2001,
	   "an output of another store begins anew: it needs them");
	remove_place(state, "stopped");
	work(k);
	ok(store_first_id(s) == 2011, "until its claim is given up");
	state_store(s, "nodes", 10);
	remove_place(state, "broker");
	remove_place(state, "archive");
	work(k);
	ok(store_first_id(s) == 2011, "without any output frames are kept, too");
	pass(2 * HOUR);
	work(k);
	ok(store_first_id(s) == 2021, "for as long as `keep` says");
	ok(state_store(s, "nodes", 1) == 2021, "no id is given twice after it");
	keep_close(k);
	store_close(s);
}

static void store_at(struct store *s, int64_t received_ms, bool clock_ok)
{
	struct reason why = {""};
	struct frame f = {0};

	frame_fill(&f, "nodes", 1);
	f.received_ms = received_ms;
	f.clock_ok = clock_ok;
	must(store_begin(s, &why) && store_append(s, &f, &why) && store_commit(s, &why),
	     &why);
	frame_free(&f);
}

static void clocks_that_were_wrong_do_no_harm(const char *state)
{
	struct store *s = state_open(state);
	struct keep *k = open_keep(state, HOUR, 0);
	uint64_t last;

	store_at(s, 1000, false); /* 1970 */
	store_at(s, fake_wall_ms, true);
	store_at(s, 2000, false);
	store_at(s, fake_wall_ms + 365 * 24 * HOUR, true);
	store_at(s, fake_wall_ms, true);
	last = store_last_id(s);
	work(k);
	ok(store_first_id(s) == last - 4, "a frame of 1970 is not old");
	pass(2 * HOUR);
	store_at(s, fake_wall_ms, true);
	store_at(s, 3000, false);
	work(k);
	ok(store_first_id(s) == last + 1,
	   "it goes with a later one that is: also the one of next year before it");
	pass(2 * HOUR);
	work(k);
	ok(store_first_id(s) == last + 2,
	   "one behind all that are known to be old stays");
	store_at(s, fake_wall_ms, true);
	fake_wall_ms -= INT64_C(1700000000000); /* our own clock is not set */
	work(k);
	ok(store_first_id(s) == last + 2, "while our own clock is wrong nothing is old");
	fake_wall_ms += INT64_C(1700000000000);
	pass(2 * HOUR);
	work(k);
	ok(store_first_id(s) == last + 4, "later all goes");
	keep_close(k);
	store_close(s);
}

static void a_store_that_is_nearly_full_cuts_keep_short(const char *state)
{
	struct store *s = state_open(state);
	struct keep *k = open_keep(state, 1000 * HOUR, 4 << 20);
	struct store_numbers n;
	struct reason why = {""};

	state_set_place(state, "broker", store_id(s), 0);
	while (store_used_bytes(s) < 4 << 20)
		state_store(s, "nodes", 500);
	work(k);
	ok(store_first_id(s) == 1, "what an output has not finished is never purged");
	state_set_place(state, "broker", store_id(s), store_last_id(s) - 10);
	work(k);
	must(store_numbers(s, &n, &why), &why);
	ok(n.bytes < (4 << 20) * 86 / 100 && n.bytes > (4 << 20) * 75 / 100,
	   "what is finished goes before `keep` is over, as far as needed: %lld bytes",
	   (long long)n.bytes);
	ok(store_last_id(s) - store_first_id(s) > 1000, "the rest is kept");
	keep_close(k);
	store_close(s);
}

static int64_t size_of(const char *state, const char *name)
{
	char path[STATE_PATH_MAX];
	struct stat info;

	statedir_path(path, state, name);
	return stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
}

static void freed_space_is_given_back(const char *state)
{
	struct store *s = state_open(state);
	struct reason why = {""};
	struct keep *k;
	int64_t before;

	for (int i = 0; i < 200; i++)
		state_store(s, "nodes", 1000);
	must(store_checkpoint(s, LOG_CUT, WAIT_TURN, &why) == STEP_DONE, &why);
	before = size_of(state, "frames.db");
	k = open_keep(state, 0, 0);
	pass(1000);
	work(k);
	ok(store_first_id(s) == store_last_id(s) + 1, "all frames have gone");
	pass(20000);
	work(k);
	ok(before > 40 << 20 && size_of(state, "frames.db") < 20 << 20,
	   "the file gets short again: from %lld to %lld MB", (long long)(before >> 20),
	   (long long)(size_of(state, "frames.db") >> 20));
	ok(size_of(state, "frames.db-wal") == 0, "the log, too, when all is quiet");
	keep_close(k);
	store_close(s);
}

/* A busy writer for a second of its own, in another process. */
static pid_t start_writer(const char *state, int per)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct store *s;

		clock_replace(NULL, NULL);
		s = state_open(state);
		for (int64_t end = clock_monotonic_ms() + 2000;
		     clock_monotonic_ms() < end;)
			state_store(s, "nodes", per);
		store_close(s);
		_exit(0);
	}
	return pid;
}

static void the_log_stays_short_under_load(const char *state)
{
	struct keep *k = open_keep(state, HOUR, 0);
	struct reason why = {""};
	pid_t writer = start_writer(state, 500);
	struct store *s = state_open(state);
	int64_t longest = 0, rounds = 0, slowest = 0;

	clock_replace(NULL, NULL);
	while (waitpid(writer, NULL, WNOHANG) == 0) {
		int64_t start = clock_monotonic_ms(), took;

		must(keep_round(k, &why) >= 0, &why);
		took = clock_monotonic_ms() - start;
		slowest = took > slowest ? took : slowest;
		rounds++;
		if (size_of(state, "frames.db-wal") > longest)
			longest = size_of(state, "frames.db-wal");
		usleep(2000);
	}
	fake_clock_begin();
	ok(longest < 64 << 20, "%llu frames at full speed: the log has %lld MB at most",
	   (unsigned long long)store_last_id(s), (long long)(longest >> 20));
	printf("# %lld rounds, the slowest %lld ms\n", (long long)rounds,
	       (long long)slowest);
	keep_close(k);
	store_close(s);
}

static void foreign_writers_get_their_log_copied_back(const char *state)
{
	struct keep *k = open_keep(state, HOUR, 0);
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	int64_t before = size_of(state, "frames.db");
	struct db *d;

	statedir_path(path, state, "frames.db");
	must(db_open(&d, path, DB_WRITE, &why) &&
	             db_run(d, "PRAGMA synchronous = OFF", &why),
	     &why);
	for (int i = 0; i < 5000; i++) {
		must(db_run(d, "INSERT INTO frame (readings) VALUES ('{\"TC\":1}')",
		            &why),
		     &why);
		if (i % 100 == 0)
			work(k);
	}
	ok(size_of(state, "frames.db-wal") < 16 << 20,
	   "5,000 commits: the log has %lld kB",
	   (long long)(size_of(state, "frames.db-wal") >> 10));
	ok(size_of(state, "frames.db") > before, "the frames are in the database");
	db_close(d);
	keep_close(k);
}

static void a_store_that_is_gone_ends_housekeeping(const char *state)
{
	struct keep *k = open_keep(state, HOUR, 0);
	char from[STATE_PATH_MAX], to[STATE_PATH_MAX];
	struct reason why = {""};
	struct store *s = state_open(state);

	for (int i = 0; i < 30; i++)
		state_store(s, "nodes", 1000);
	statedir_path(from, state, "frames.db");
	statedir_path(to, state, "gone.db");
	must(rename(from, to) == 0, &why);
	ok(keep_round(k, &why) == -1,
	   "it would copy a log into a file that nobody reads: %s", why.text);
	must(rename(to, from) == 0, &why);
	keep_close(k);
	store_close(s);
}

int main(void)
{
	static void (*const tests[])(const char *state) = {
		a_frame_goes_when_all_are_past_it_and_keep_is_over,
		clocks_that_were_wrong_do_no_harm,
		a_store_that_is_nearly_full_cuts_keep_short,
		freed_space_is_given_back,
		the_log_stays_short_under_load,
		foreign_writers_get_their_log_copied_back,
		a_store_that_is_gone_ends_housekeeping,
		NULL,
	};

	fake_clock_begin();
	state_each(tests);
	return done();
}
