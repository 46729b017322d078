/* SPDX-License-Identifier: MIT */
/* ledger: dead letters and the delivery log of an output. */
#include "ledger.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "db.h"
#include "state.h"
#include "tap.h"

#define STORE "0123456789abcdef"

static struct ledger *open_ledger(const char *path)
{
	struct reason why = {""};
	struct ledger *l;

	must(ledger_open(&l, path, &why), &why);
	return l;
}

static int64_t ask(const char *path, const char *sql)
{
	struct reason why = {""};
	int64_t number = -1;
	struct db *d;

	must(db_open(&d, path, DB_READ, &why) && db_number(d, sql, &number, &why), &why);
	db_close(d);
	return number;
}

static bool add_dead(struct ledger *l, uint64_t id, const char *reason)
{
	struct frame f = {0};
	bool is_done;

	frame_fill(&f, "nodes", (int)id);
	f.id = id;
	is_done = ledger_add_dead(l, STORE, &f, reason, 3, NULL);
	frame_free(&f);
	return is_done;
}

static void a_dead_letter_is_a_whole_copy(const char *path)
{
	struct ledger *l = open_ledger(path);

	ok(add_dead(l, 42, "HTTP 422"), "it is written");
	ok(ask(path, "SELECT count(*) FROM dead WHERE store = '" STORE "' AND id = 42 AND"
	             " attempts = 3 AND reason = 'HTTP 422' AND at > 1700000000000 AND "
	             "node = 'SCP4'"
	             " AND json_extract(readings, '$.N') = 42 AND length(raw) > 50 AND "
	             "type = 134"
	             " AND source = 'nodes'") == 1,
	   "with all that the frame had, and the reason");
	ok(add_dead(l, 42, "HTTP 400"), "the same frame again");
	ok(ask(path, "SELECT count(*) FROM dead") == 1 &&
	           ask(path, "SELECT count(*) FROM dead WHERE reason = 'HTTP 400'") == 1,
	   "is there once, with the newer reason");
	ledger_close(l);
}

static void the_delivery_log_tells_where_it_ended(const char *path)
{
	struct ledger *l = open_ledger(path);

	ok(ledger_last_delivered(l, STORE) == 0, "nothing yet");
	ok(ledger_add_delivered(l, STORE, 1, 90, 80, "mid 7", NULL) &&
	           ledger_add_delivered(l, STORE, 91, 100, 10, NULL, NULL) &&
	           ledger_add_delivered(l, "00000000000000aa", 1, 500, 500, NULL, NULL),
	   "ranges are written");
	ok(ledger_last_delivered(l, STORE) == 100, "a place that is lost begins there");
	ok(ledger_last_delivered(l, "00000000000000aa") == 500, "for each store its own");
	ledger_close(l);
	l = open_ledger(path);
	ok(ledger_last_delivered(l, STORE) == 100, "after a restart, too");
	ok(ask(path,
	       "SELECT first = 1 AND last = 90 AND frames = 80 AND receipt = 'mid 7' FROM"
	       " delivered ORDER BY row LIMIT 1") == 1,
	   "with the far side's receipt");
	ledger_close(l);
}

static int64_t later(void)
{
	return INT64_C(2000000000000);
}

static int64_t unset(void)
{
	return 1000;
}

static void old_ranges_go_dead_letters_stay(const char *path)
{
	struct ledger *l = open_ledger(path);

	clock_replace(NULL, unset);
	ok(ledger_purge(l, 1000, NULL) &&
	           ask(path, "SELECT count(*) FROM delivered") == 3,
	   "while the clock is not set nothing is old");
	clock_replace(NULL, later);
	ok(ledger_purge(l, INT64_C(1000000000000), NULL) &&
	           ask(path, "SELECT count(*) FROM delivered") == 3,
	   "what is younger than keep stays");
	ok(ledger_purge(l, 1000, NULL) &&
	           ask(path, "SELECT count(*) FROM delivered") == 0,
	   "what is older goes");
	clock_replace(NULL, NULL);
	ok(ask(path, "SELECT count(*) FROM dead") == 1,
	   "a dead letter waits for somebody to look");
	ledger_close(l);
}

static void add_fifty(const char *path)
{
	struct ledger *l = open_ledger(path);

	for (uint64_t id = 100; id < 150; id++)
		add_dead(l, id, "never");
}

static void a_kill_loses_no_dead_letter(const char *path)
{
	pid_t pid = state_child(add_fifty, path);

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ledger_close(open_ledger(path));
	ok(ask(path, "SELECT count(*) FROM dead WHERE id >= 100") == 50,
	   "all 50 are there");
}

static void the_log_of_sqlite_stays_short(const char *path)
{
	struct ledger *l = open_ledger(path);
	char log[STATE_PATH_MAX + 16];
	struct stat info;

	for (uint64_t id = 1; id < 3000; id++)
		if (!ledger_add_delivered(l, STORE, id, id, 1, "receipt", NULL))
			break;
	snprintf(log, sizeof log, "%s-wal", path);
	ok(stat(log, &info) == 0 && info.st_size < 2 << 20, "3,000 ranges: %ld bytes",
	   (long)info.st_size);
	ledger_close(l);
	ok(stat(log, &info) != 0 || info.st_size == 0,
	   "and nothing after an orderly end");
}

static void a_damaged_ledger_is_begun_anew(const char *path)
{
	char aside[STATE_PATH_MAX + 16];
	struct reason why = {""};
	struct ledger *l;
	char zeros[4096] = "";
	int fd = open(path, O_RDWR);

	must(pwrite(fd, "rubbish rubbish ", 16, 0) == 16, &why);
	close(fd);
	l = open_ledger(path);
	ok(add_dead(l, 7, "never"), "the output can go on");
	ledger_close(l);
	snprintf(aside, sizeof aside, "%s.corrupt-1", path);
	ok(access(aside, F_OK) == 0, "the damaged one is kept");

	l = open_ledger(path);
	fd = open(path, O_RDWR);
	for (int page = 1; page < 20; page++) /* all but the schema */
		must(pwrite(fd, zeros, sizeof zeros, page * 4096) == 4096, &why);
	close(fd);
	ok(add_dead(l, 8, "never"), "damage that is met at work does not stop it either");
	ledger_close(l);
	ok(ask(path, "SELECT count(*) FROM dead WHERE id = 8") == 1,
	   "the dead letter is written");
	snprintf(aside, sizeof aside, "%s.corrupt-2", path);
	ok(access(aside, F_OK) == 0, "and that file is kept, too");
}

static void a_newer_ledger_is_left_alone(const char *path)
{
	struct reason why = {""};
	struct ledger *l;
	struct db *d;

	must(db_open(&d, path, DB_WRITE, &why) &&
	             db_run(d, "PRAGMA user_version = 200", &why),
	     &why);
	db_close(d);
	ok(!ledger_open(&l, path, &why), "refused: %s", why.text);
	ok(ask(path, "PRAGMA user_version") == 200, "and untouched");
}

int main(void)
{
	char state[256], path[STATE_PATH_MAX];

	state_make(state);
	statedir_make(state, NULL);
	statedir_file(path, state, "outputs", "broker", "db");
	a_dead_letter_is_a_whole_copy(path);
	the_delivery_log_tells_where_it_ended(path);
	old_ranges_go_dead_letters_stay(path);
	a_kill_loses_no_dead_letter(path);
	the_log_of_sqlite_stays_short(path);
	a_damaged_ledger_is_begun_anew(path);
	a_newer_ledger_is_left_alone(path);
	state_remove(state);
	return done();
}
