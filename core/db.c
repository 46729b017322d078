/* SPDX-License-Identifier: MIT */
/* The door to SQLite.  Knows how connections have to be set up, and nothing of what they
 * hold. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db_private.h"

static enum db_trouble sort_out(sqlite3 *handle, int code)
{
	bool has_no_room = false;

	if ((code & 0xFF) == SQLITE_IOERR &&
	    sqlite3_extended_errcode(handle) != SQLITE_IOERR_FSYNC) {
		int error = sqlite3_system_errno(handle);

		has_no_room = error == ENOSPC || error == EDQUOT;
	}
	switch (code & 0xFF) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return DB_FINE;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
		return DB_REFUSED;
	case SQLITE_ERROR:
	case SQLITE_AUTH:
		return DB_SQL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return DB_BUSY;
	case SQLITE_FULL:
		return DB_FULL;
	case SQLITE_IOERR:
		return has_no_room ? DB_FULL : DB_STORAGE;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return DB_STORAGE;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return DB_CORRUPT;
	default:
		return DB_OTHER;
	}
}

bool db_fail(struct db *d, int code, struct reason *why)
{
	int error = sqlite3_system_errno(d->handle);

	d->trouble = sort_out(d->handle, code);
	fail(why, "%s", sqlite3_errmsg(d->handle));
	if (d->trouble == DB_STORAGE && error != 0)
		fail(why, "%s: %s", sqlite3_errmsg(d->handle), strerror(error));
	return d->name[0] == '\0' ? false : fail_context(why, "%s", d->name);
}

static int authorize(void *context, int action, const char *unused, const char *function,
                     const char *schema, const char *trigger)
{
	struct db *d = context;

	(void)unused, (void)schema, (void)trigger;
	if (action != SQLITE_FUNCTION)
		return SQLITE_OK;
	for (const char *const *name = d->denied; *name != NULL; name++)
		if (sqlite3_stricmp(*name, function) == 0)
			return SQLITE_DENY;
	return SQLITE_OK;
}

static int note_log(void *context, sqlite3 *handle, const char *schema, int pages)
{
	struct db *d = context;

	(void)handle;
	if (strcmp(schema, "main") == 0)
		d->log_pages = pages;
	return SQLITE_OK;
}

/*
 * The schema stays trusted: SQLite 3.40 takes its own JSON functions for unsafe
 * otherwise, and cannot open a database where one stands in a CHECK or in somebody's
 * index.  As no function is defined here, there is none that a schema could misuse.
 */
static bool harden(struct db *d, struct reason *why)
{
	sqlite3_extended_result_codes(d->handle, 1);
	sqlite3_busy_timeout(d->handle, DB_WAIT_MS);
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_wal_hook(d->handle, note_log,
	                 d); /* this ends automatic checkpoints, too */
	return db_run(d,
	              "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
	              "PRAGMA cache_size = -64; PRAGMA temp_store = MEMORY;"
	              "PRAGMA secure_delete = OFF; PRAGMA synchronous = FULL;"
	              "PRAGMA journal_size_limit = 33554432",
	              why);
}

static bool open_handle(struct db **out, const char *path, int flags,
                        enum db_trouble *trouble, struct reason *why)
{
	struct db *d = calloc(1, sizeof *d);
	const char *slash = strrchr(path, '/');
	int code;

	*trouble = DB_OTHER;
	if (d == NULL)
		return fail(why, "out of memory");
	if (path[0] != ':')
		snprintf(d->name, sizeof d->name, "%s", slash == NULL ? path : slash + 1);
	code = sqlite3_open_v2(path, &d->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (d->handle == NULL) {
		fail(why, "out of memory");
		goto undo;
	}
	if (code != SQLITE_OK) {
		db_fail(d, code, why);
		goto undo;
	}
	if (!harden(d, why))
		goto undo;
	*trouble = DB_FINE;
	*out = d;
	return true;

undo:
	*trouble = d->handle == NULL ? DB_OTHER : d->trouble;
	db_close(d);
	return false;
}

/* Not SQLITE_OPEN_NOFOLLOW: it refuses links in the folders above, too. */
static bool is_no_file(const char *path)
{
	struct stat info;

	return lstat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

bool db_open(struct db **out, const char *path, enum db_mode mode, struct reason *why)
{
	int flags = mode == DB_READ    ? SQLITE_OPEN_READONLY
	            : mode == DB_WRITE ? SQLITE_OPEN_READWRITE
	                               : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	enum db_trouble trouble;

	*out = NULL;
	if (is_no_file(path))
		return fail(why, "%s: not a regular file", path);
	if (!open_handle(out, path, flags, &trouble, why))
		return false;
	if (mode != DB_CREATE)
		return true;
	if (db_run(*out,
	           "PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL;"
	           "PRAGMA journal_mode = WAL",
	           why))
		return true;
	db_close(*out);
	*out = NULL;
	return false;
}

enum db_trouble db_probe(const char *path, struct reason *why)
{
	enum db_trouble trouble;
	struct db *d;
	int64_t objects;

	if (is_no_file(path)) {
		fail(why, "%s: not a regular file", path);
		return DB_OTHER;
	}
	if (!open_handle(&d, path, SQLITE_OPEN_READONLY, &trouble, why))
		return trouble;
	if (!db_number(d, "SELECT count(*) FROM sqlite_schema", &objects, why))
		trouble = d->trouble;
	db_close(d);
	return trouble;
}

bool db_open_memory(struct db **out, struct reason *why)
{
	enum db_trouble trouble;

	*out = NULL;
	return open_handle(out, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY,
	                   &trouble, why);
}

void db_close(struct db *d)
{
	if (d == NULL)
		return;
	while (d->statements != NULL)
		db_finalize(d->statements);
	sqlite3_close(d->handle);
	free(d);
}

enum db_trouble db_trouble(const struct db *d)
{
	return d->trouble;
}

bool db_trust_own_rows(struct db *d, struct reason *why)
{
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	return db_run(d, "PRAGMA ignore_check_constraints = ON", why);
}

void db_wait(struct db *d, int wait_ms)
{
	sqlite3_busy_timeout(d->handle, wait_ms);
}

void db_limit_length(struct db *d, int bytes)
{
	sqlite3_limit(d->handle, SQLITE_LIMIT_LENGTH, bytes);
}

void db_deny_functions(struct db *d, const char *const *names)
{
	d->denied = names;
	sqlite3_set_authorizer(d->handle, authorize, d);
}

bool db_has_moved(struct db *d)
{
	int has_moved = 0;

	return sqlite3_file_control(d->handle, "main", SQLITE_FCNTL_HAS_MOVED,
	                            &has_moved) == SQLITE_OK &&
	       has_moved != 0;
}

bool db_run(struct db *d, const char *sql, struct reason *why)
{
	int code = sqlite3_exec(d->handle, sql, NULL, NULL, NULL);

	return code == SQLITE_OK || db_fail(d, code, why);
}

bool db_number(struct db *d, const char *sql, int64_t *number, struct reason *why)
{
	struct db_statement *s;
	int rows;

	if (!db_prepare(d, &s, sql, why))
		return false;
	rows = db_step(s, why);
	if (rows > 0)
		*number = db_column_number(s, 0);
	else if (rows == 0)
		fail(why, "%s: nothing found", d->name);
	db_finalize(s);
	return rows > 0;
}

bool db_in_transaction(const struct db *d)
{
	return sqlite3_get_autocommit(d->handle) == 0;
}

void db_rollback(struct db *d)
{
	enum db_trouble trouble =
		d->trouble; /* the reason for rolling back is what counts */

	if (db_in_transaction(d))
		db_run(d, "ROLLBACK", NULL);
	d->trouble = trouble;
}

bool db_checkpoint(struct db *d, enum db_copy how, int *left, struct reason *why)
{
	static const int modes[] = {[DB_COPY] = SQLITE_CHECKPOINT_PASSIVE,
	                            [DB_COPY_RESTART] = SQLITE_CHECKPOINT_RESTART,
	                            [DB_COPY_CUT] = SQLITE_CHECKPOINT_TRUNCATE};
	int pages = 0, done = 0;
	int code =
		sqlite3_wal_checkpoint_v2(d->handle, "main", modes[how], &pages, &done);

	*left = pages > done ? pages - done : 0;
	return code == SQLITE_OK || db_fail(d, code, why);
}

int db_log_pages(const struct db *d)
{
	return d->log_pages;
}
