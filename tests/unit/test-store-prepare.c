/* SPDX-License-Identifier: MIT */
/* store_prepare: what is made, what is mended, what is refused. */
#include "store_prepare.h"

#include <fcntl.h>

#include "db.h"
#include "highwater.h"
#include "state.h"
#include "tap.h"

static void id_of(const char *state, char out[STORE_ID_SIZE])
{
	struct store *s = state_open(state);

	strcpy(out, store_id(s));
	store_close(s);
}

static void set_mark(const char *state, const char *id, uint64_t last)
{
	struct highwater mark = {.last = last};
	int fd = highwater_open(state, NULL);

	strcpy(mark.store_id, id);
	highwater_write(fd, &mark);
	close(fd);
}

static void set_machine(const char *state, const char *digits)
{
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	int fd = statedir_open(state, "machine", &why);

	must(ftruncate(fd, 0) == 0 && write(fd, digits, strlen(digits)) >= 0, &why);
	close(fd);
	statedir_path(path, state, "machine");
	setenv("FRAME_ROUTER_MACHINE_ID", path, 1);
}

static bool has(const char *state, const char *name)
{
	char path[STATE_PATH_MAX];

	statedir_path(path, state, name);
	return access(path, F_OK) == 0;
}

static void a_store_is_made_and_made_once(const char *state)
{
	char first[STORE_ID_SIZE], second[STORE_ID_SIZE];
	struct reason why = {""};
	struct store *s;

	ok(store_prepare(state, &why) == PREPARE_FINE, "made from nothing %s", why.text);
	ok(has(state, "outputs") && has(state, "inputs") && has(state, "wake") &&
	           has(state, "ballast") && has(state, "high-water"),
	   "with the files around it");
	ok(!has(state, "frames.db.new") && !has(state, "frames.db.new-wal"),
	   "and nothing left over");
	ok(state_ask(state, "PRAGMA user_version") == 100 &&
	           state_ask(state, "PRAGMA application_id") == 0x46527472,
	   "version and kind are in the header");
	ok(state_ask(state, "SELECT journal_mode = 'wal' FROM pragma_journal_mode") ==
	                   1 &&
	           state_ask(state, "PRAGMA auto_vacuum") == 2,
	   "in WAL mode, able to give space back");
	id_of(state, first);
	s = state_open(state);
	state_store(s, "nodes", 3);
	store_close(s);
	ok(store_prepare(state, &why) == PREPARE_FINE, "a second time %s", why.text);
	id_of(state, second);
	ok(strcmp(first, second) == 0, "it is the same store");
	ok(state_ask(state, "SELECT count(*) FROM frame") == 3, "with its frames");
	ok(state_ask(state, "SELECT sql LIKE '%-- given by the store, never twice%' FROM "
	                    "sqlite_schema"
	                    " WHERE name = 'frame'") == 1,
	   "its schema explains itself");
}

static void a_newer_schema_is_left_alone(const char *state)
{
	struct reason why = {""};
	struct store *s;

	state_run(state, "PRAGMA user_version = 200");
	ok(store_prepare(state, &why) == PREPARE_NEWER, "a newer major is refused");
	same(why.text,
	     "frames.db has schema 2.0 and this program knows 1.x (use the newer "
	     "program, or restore "
	     "a backup)",
	     "and said what to do");
	ok(!store_open_reader(&s, state, &why), "nobody opens it either");
	ok(state_ask(state, "PRAGMA user_version") == 200 &&
	           state_ask(state, "SELECT count(*) FROM frame") == 3,
	   "it is untouched");
	state_run(state,
	          "PRAGMA user_version = 137; ALTER TABLE frame ADD COLUMN later TEXT");
	ok(store_prepare(state, &why) == PREPARE_FINE, "a newer minor is worked with %s",
	   why.text);
	s = state_open(state);
	ok(state_store(s, "nodes", 1) == 4, "frames go in");
	store_close(s);
	ok(state_ask(state, "PRAGMA user_version") == 137, "and it stays what it is");
	state_run(state,
	          "ALTER TABLE frame DROP COLUMN later; PRAGMA user_version = 100");
	ok(store_prepare(state, &why) == PREPARE_FINE, "back again %s", why.text);
}

static void what_somebody_changed_is_mended_or_named(const char *state)
{
	struct reason why = {""};

	state_run(state, "DROP TRIGGER frame_id_is_given; DROP VIEW sensorParser;"
	                 "CREATE VIEW sensorParser AS SELECT 1 AS id");
	ok(store_prepare(state, &why) == PREPARE_FINE,
	   "triggers and view are made anew %s", why.text);
	ok(state_ask(state,
	             "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'") == 5 &&
	           state_ask(state,
	                     "SELECT count(*) FROM sensorParser WHERE id / 1000 = 1") ==
	                   5,
	   "all of them");
	state_run(state, "CREATE TRIGGER theirs AFTER INSERT ON frame BEGIN DELETE FROM "
	                 "frame; END;"
	                 "CREATE INDEX theirs2 ON frame (node)");
	ok(store_prepare(state, &why) == PREPARE_FINE,
	   "an own trigger or index is no reason to fail");
	state_run(state, "DROP TRIGGER theirs; DROP INDEX theirs2; DROP TABLE gap;"
	                 "CREATE TABLE gap (first INTEGER)");
	ok(store_prepare(state, &why) == PREPARE_FAILED,
	   "another table under a name of ours is");
	same(why.text,
	     "somebody has changed table gap of frames.db (undo it, or move the file out "
	     "of the way)",
	     "and said which");
}

static void another_database_is_not_touched(const char *state)
{
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	struct db *d;

	statedir_path(path, state, "frames.db");
	must(statedir_make(state, &why) && db_open(&d, path, DB_CREATE, &why) &&
	             db_run(d, "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)",
	                    &why),
	     &why);
	db_close(d);
	ok(store_prepare(state, &why) == PREPARE_FAILED, "it is nobody's to overwrite");
	same(why.text, "frames.db is no store of this program (move it out of the way)",
	     "why");
	ok(state_ask(state, "SELECT a FROM theirs") == 1, "its rows are there");
}

static void lost_frames_are_counted_and_their_ids_not_given_again(const char *state)
{
	struct reason why = {""};
	char id[STORE_ID_SIZE];
	struct store *s;

	state_prepare(state);
	id_of(state, id);
	s = state_open(state);
	state_store(s, "nodes", 10);
	store_close(s);
	set_mark(state, id, 15);
	ok(store_prepare(state, &why) == PREPARE_FINE,
	   "the mark says 15, the store 10 %s", why.text);
	ok(state_ask(state,
	             "SELECT first = 11 AND last = 15 AND reason = 'lost' FROM gap") == 1,
	   "five frames are owned up to");
	state_set_place(state, "broker", id, 20);
	state_set_place(state, "archive", "00000000000000aa", 99);
	ok(store_prepare(state, &why) == PREPARE_FINE, "an output has seen 20 %s",
	   why.text);
	ok(state_ask(state, "SELECT first = 11 AND last = 20 FROM gap") == 1,
	   "ten frames");
	ok(store_prepare(state, &why) == PREPARE_FINE &&
	           state_ask(state, "SELECT count(*) FROM gap") == 1,
	   "they are lost once");
	s = state_open(state);
	ok(state_store(s, "nodes", 1) == 21,
	   "a new frame under an old id would be taken for one that was delivered");
	store_close(s);
	state_set_place(state, "broker", id, UINT64_C(1) << 60);
	ok(store_prepare(state, &why) == PREPARE_FINE,
	   "a place that no store can have reached");
	s = state_open(state);
	ok(state_store(s, "nodes", 1) == 22, "does not use up the ids");
	store_close(s);
}

static void another_machine_is_another_store(const char *state)
{
	char first[STORE_ID_SIZE], second[STORE_ID_SIZE];
	struct reason why = {""};
	struct place_data data;
	struct store *s;

	statedir_make(state, &why);
	set_machine(state, "0123456789abcdef0123456789abcdef\n");
	state_prepare(state);
	id_of(state, first);
	s = state_open(state);
	state_store(s, "nodes", 10);
	store_close(s);
	state_set_place(state, "broker", first, 7);
	state_set_place(state, "archive", "00000000000000aa", 3);
	ok(store_prepare(state, &why) == PREPARE_FINE, "the same machine %s", why.text);
	id_of(state, second);
	ok(strcmp(first, second) == 0, "is the same store");
	set_machine(state, "uninitialized\n");
	ok(store_prepare(state, &why) == PREPARE_FINE, "no machine id");
	id_of(state, second);
	ok(strcmp(first, second) == 0, "is no other machine");
	set_machine(state, "ffffffffffffffffffffffffffffffff\n");
	ok(store_prepare(state, &why) == PREPARE_FINE,
	   "a copied card in another machine %s", why.text);
	id_of(state, second);
	ok(strcmp(first, second) != 0, "is another store: both would send the same uids");
	data = state_place(state, "broker");
	ok(strcmp(data.store_id, second) == 0 && data.cursor == 7 && data.delivered == 7,
	   "its outputs go on where they were");
	data = state_place(state, "archive");
	ok(strcmp(data.store_id, "00000000000000aa") == 0,
	   "a place of a third store stays as it is");
	state_set_place(state, "late", first, 5);
	ok(store_prepare(state, &why) == PREPARE_FINE,
	   "interrupted between store and places");
	data = state_place(state, "late");
	ok(strcmp(data.store_id, second) == 0 && data.cursor == 5,
	   "the rest is done the next time");
	unsetenv("FRAME_ROUTER_MACHINE_ID");
}

static void a_database_that_is_gone_is_told_about(const char *state)
{
	char first[STORE_ID_SIZE], second[STORE_ID_SIZE];
	static const char *const names[] = {"frames.db", "frames.db-shm"};
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	struct store *s;

	state_prepare(state);
	id_of(state, first);
	s = state_open(state);
	state_store(s, "nodes", 10);
	store_close(s);
	for (unsigned i = 0; i < 2; i++) {
		statedir_path(path, state, names[i]);
		unlink(path);
	}
	ok(has(state, "frames.db-wal"), "its log is still there");
	ok(store_prepare(state, &why) == PREPARE_FINE, "a new one is made %s", why.text);
	id_of(state, second);
	ok(strcmp(first, second) != 0, "with another id, so that all outputs begin anew");
	ok(state_ask(state, "SELECT count(*) FROM frame") == 0,
	   "the old log is not taken for the new store's");
	s = state_open(state);
	ok(state_store(s, "nodes", 1) == 1, "it works");
	store_close(s);
}

static void a_making_that_was_killed_is_begun_anew(const char *state)
{
	struct reason why = {""};
	int fd;

	must(statedir_make(state, &why), &why);
	fd = statedir_open(state, "frames.db.new", &why);
	must(write(fd, "half a database", 15) == 15, &why);
	close(fd);
	ok(store_prepare(state, &why) == PREPARE_FINE, "rubbish is in the way %s",
	   why.text);
	ok(state_ask(state, "SELECT count(*) FROM store") == 1 &&
	           !has(state, "frames.db.new"),
	   "the store is whole");
}

int main(void)
{
	static void (*const tests[])(const char *state) = {
		another_database_is_not_touched,
		lost_frames_are_counted_and_their_ids_not_given_again,
		another_machine_is_another_store,
		a_database_that_is_gone_is_told_about,
		a_making_that_was_killed_is_begun_anew,
	};
	char state[256];

	state_make(state);
	a_store_is_made_and_made_once(state);
	a_newer_schema_is_left_alone(state);
	what_somebody_changed_is_mended_or_named(state);
	state_remove(state);
	for (unsigned i = 0; i < sizeof tests / sizeof *tests; i++) {
		state_make(state);
		tests[i](state);
		state_remove(state);
	}
	return done();
}
