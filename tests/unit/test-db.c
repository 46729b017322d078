/* SPDX-License-Identifier: MIT */
/* db: SQLite behind its door. */
#include "db.h"

#include <fcntl.h>

#include "state.h"
#include "tap.h"

static struct db *open_at(const char *state, const char *name, enum db_mode mode)
{
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	struct db *d;

	statedir_path(path, state, name);
	must(db_open(&d, path, mode, &why), &why);
	return d;
}

static void connections_are_hardened(const char *state)
{
	struct db *d = open_at(state, "a.db", DB_CREATE);
	int64_t number = -1;

	db_run(d, "CREATE TABLE t (a INTEGER, b TEXT)", NULL);
	ok(db_number(d, "PRAGMA synchronous", &number, NULL) && number == 2,
	   "a power cut would lose what was committed: synchronous is FULL");
	ok(db_number(d, "SELECT journal_mode = 'wal' FROM pragma_journal_mode", &number,
	             NULL) &&
	           number == 1,
	   "readers and writers do not wait for each other: WAL");
	ok(db_number(d, "PRAGMA wal_autocheckpoint", &number, NULL) && number == 0,
	   "nobody checkpoints by chance");
	ok(db_number(d, "PRAGMA cache_size", &number, NULL) && number == -64,
	   "an idle process is small: 64 KiB of cache");
	ok(db_number(d, "PRAGMA auto_vacuum", &number, NULL) && number == 2,
	   "freed pages can be given back");
	ok(db_number(d, "PRAGMA page_size", &number, NULL) && number == 4096,
	   "4096 bytes a page");
	ok(db_number(d, "PRAGMA mmap_size", &number, NULL) && number == 0,
	   "a file that is cut cannot kill us by SIGBUS");
	ok(!db_run(d, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = ''",
	           NULL),
	   "nobody writes the schema behind SQLite's back");
	ok(!db_run(d, "SELECT load_extension('/nonexistent.so')", NULL),
	   "nobody loads code through SQL");
	db_close(d);
}

static void values_come_back_as_they_went_in(const char *state)
{
	struct db *d = open_at(state, "b.db", DB_CREATE);
	struct db_statement *s;
	struct reason why = {""};
	size_t len;

	must(db_run(d,
	            "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c BLOB) "
	            "STRICT",
	            &why),
	     &why);
	must(db_prepare(d, &s, "INSERT INTO t (a, b, c) VALUES (?1, ?2, ?3)", &why),
	     &why);
	db_bind_number(s, 1, INT64_MIN);
	db_bind_text(s, 2, "text");
	db_bind_bytes(s, 3, "\0\1", 2);
	ok(db_execute(s, &why) && db_last_id(d) == 1 && db_changes(d) == 1,
	   "a row goes in");
	db_bind_null(s, 1);
	db_bind_text(s, 2, NULL);
	db_bind_null(s, 3);
	ok(db_execute(s, &why) && db_last_id(d) == 2, "a row of NULLs goes in");
	must(db_prepare(d, &s, "SELECT a, b, c FROM t ORDER BY id", &why), &why);
	ok(db_step(s, &why) == 1 && db_columns(s) == 3 &&
	           db_column_number(s, 0) == INT64_MIN,
	   "the smallest number is whole");
	same(db_column_text(s, 1, &len), "text", "the text is whole");
	ok(memcmp(db_column_bytes(s, 2, &len), "\0\1", 2) == 0 && len == 2,
	   "so are bytes with NUL");
	ok(db_step(s, &why) == 1 && db_column_is_null(s, 0) &&
	           db_column_text(s, 1, &len) == NULL &&
	           db_column_bytes(s, 2, &len) == NULL && len == 0,
	   "NULL is told from 0 and from nothing");
	ok(db_step(s, &why) == 0, "then there are no more rows");
	db_reset(s);
	ok(db_step(s, &why) == 1, "after a reset it begins anew");
	db_close(d); /* with the statement standing on a row */
}

static void failures_are_sorted(const char *state)
{
	struct db *d = open_at(state, "c.db", DB_CREATE), *other;
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	int fd;

	must(db_run(d, "CREATE TABLE t (a INTEGER NOT NULL) STRICT", &why), &why);
	ok(!db_run(d, "INSERT INTO t VALUES ('x')", &why) && db_trouble(d) == DB_REFUSED,
	   "a text for a number is the row's fault");
	ok(!db_run(d, "INSERT INTO t VALUES (NULL)", &why) && db_trouble(d) == DB_REFUSED,
	   "so is a NULL where none may be");
	same(why.text, "c.db: NOT NULL constraint failed: t.a",
	     "in SQLite's words, with the file");
	ok(!db_run(d, "SELECT x", &why) && db_trouble(d) == DB_SQL,
	   "an unknown column is the text's");
	other = open_at(state, "c.db", DB_WRITE);
	db_wait(other, 0);
	must(db_run(d, "BEGIN IMMEDIATE", &why), &why);
	ok(!db_run(other, "BEGIN IMMEDIATE", &why) && db_trouble(other) == DB_BUSY,
	   "somebody else writes: busy");
	db_rollback(d);
	ok(!db_in_transaction(d) && db_run(other, "BEGIN IMMEDIATE; COMMIT", &why),
	   "and when he has gone it works");
	db_close(other);
	other = open_at(state, "c.db", DB_READ);
	ok(!db_run(other, "INSERT INTO t VALUES (1)", &why) &&
	           db_trouble(other) == DB_STORAGE,
	   "a reader cannot write");
	db_close(other);
	db_close(d);

	fd = statedir_open(state, "d.db", &why);
	must(write(fd, "this is a text and no database at all", 37) == 37, &why);
	close(fd);
	statedir_path(path, state, "d.db");
	ok(db_probe(path, &why) == DB_CORRUPT, "a text file is no database");
	ok(!db_open(&d, path, DB_READ, &why) && d == NULL, "and is not opened");
	statedir_path(path, state, "none.db");
	ok(db_probe(path, &why) == DB_STORAGE && !db_open(&d, path, DB_WRITE, &why),
	   "a file that is not there is not made by looking at it");
	statedir_path(path, state, "link.db");
	must(symlink("c.db", path) == 0, &why);
	ok(!db_open(&d, path, DB_WRITE, &why), "a symbolic link is not followed");
}

static void own_rows_skip_checks_and_triggers(const char *state)
{
	struct db *own = open_at(state, "e.db", DB_CREATE), *foreign;
	struct reason why = {""};
	int64_t number;

	must(db_run(own,
	            "CREATE TABLE t (a INTEGER CHECK (a > 0)); CREATE TRIGGER r BEFORE "
	            "INSERT ON t"
	            " WHEN NEW.a = 7 BEGIN SELECT RAISE(ABORT, 'not 7'); END",
	            &why),
	     &why);
	foreign = open_at(state, "e.db", DB_WRITE);
	must(db_trust_own_rows(own, &why), &why);
	ok(db_run(own, "INSERT INTO t VALUES (7), (0)", &why),
	   "ours are not checked again");
	ok(!db_run(foreign, "INSERT INTO t VALUES (7)", &why) &&
	           db_trouble(foreign) == DB_REFUSED,
	   "those of others are, by the trigger");
	same(why.text, "e.db: not 7", "in the trigger's words");
	ok(!db_run(foreign, "INSERT INTO t VALUES (0)", &why), "and by the constraint");
	db_number(own, "SELECT count(*) FROM t", &number, &why);
	ok(number == 2, "the two are there");
	db_close(foreign);
	db_close(own);
}

static void a_checkpoint_empties_the_log(const char *state)
{
	struct db *d = open_at(state, "f.db", DB_CREATE), *reader;
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	struct stat info;
	int left = -1;

	must(db_run(d,
	            "CREATE TABLE t (a TEXT); INSERT INTO t VALUES "
	            "(hex(zeroblob(100000)))",
	            &why),
	     &why);
	ok(db_log_pages(d) > 40, "the log has the pages of the long text");
	reader = open_at(state, "f.db", DB_READ);
	must(db_run(reader, "BEGIN; SELECT count(*) FROM t", &why), &why);
	must(db_run(d, "INSERT INTO t VALUES ('x')", &why), &why);
	ok(db_checkpoint(d, DB_COPY, &left, &why) && left > 0,
	   "a reader in the middle holds a part of it back");
	db_close(reader);
	ok(db_checkpoint(d, DB_COPY_CUT, &left, &why) && left == 0,
	   "when he is gone all is copied");
	statedir_path(path, state, "f.db-wal");
	ok(stat(path, &info) == 0 && info.st_size == 0, "and the log is cut to nothing");
	must(db_run(d, "INSERT INTO t VALUES ('y')", &why), &why);
	db_close(d);
	ok(stat(path, &info) == 0 && info.st_size > 0,
	   "closing does not checkpoint: that is done inside the turnstile alone");
}

static void a_file_that_moved_is_noticed(const char *state)
{
	struct db *d = open_at(state, "g.db", DB_CREATE);
	char from[STATE_PATH_MAX], to[STATE_PATH_MAX];

	db_run(d, "CREATE TABLE t (a)", NULL);
	ok(!db_has_moved(d), "it lies where it was opened");
	statedir_path(from, state, "g.db");
	statedir_path(to, state, "h.db");
	rename(from, to);
	ok(db_has_moved(d), "somebody renamed it: frames would go where nobody looks");
	db_close(d);
}

static void functions_can_be_denied(void)
{
	static const char *const denied[] = {"printf", NULL};
	struct reason why = {""};
	struct db *d;

	must(db_open_memory(&d, &why), &why);
	db_confine(d, 1000, denied);
	ok(!db_run(d, "SELECT PrintF('%1000000d', 1)", &why), "in any case of letters");
	ok(db_run(d, "SELECT abs(1)", &why), "others can be used");
	ok(!db_run(d, "SELECT zeroblob(1001)", &why) && db_trouble(d) == DB_REFUSED,
	   "no value is longer than the limit");
	db_close(d);
}

int main(void)
{
	char state[256];

	state_make(state);
	connections_are_hardened(state);
	values_come_back_as_they_went_in(state);
	failures_are_sorted(state);
	own_rows_skip_checks_and_triggers(state);
	a_checkpoint_empties_the_log(state);
	a_file_that_moved_is_noticed(state);
	functions_can_be_denied();
	state_remove(state);
	return done();
}
