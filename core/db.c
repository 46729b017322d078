/* SPDX-License-Identifier: MIT */
/* The door to SQLite.  Knows how connections have to be set up, and nothing of what they
 * hold. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db_private.h"

/* By SQLite's primary result code; what is not named is DB_OTHER. */
/* clang-format off */
static const enum db_trouble troubles[] = {
	[SQLITE_CONSTRAINT] = DB_REFUSED, [SQLITE_MISMATCH] = DB_REFUSED, [SQLITE_TOOBIG] = DB_REFUSED,
	[SQLITE_ERROR] = DB_SQL,          [SQLITE_AUTH] = DB_SQL,
	[SQLITE_BUSY] = DB_BUSY,          [SQLITE_LOCKED] = DB_BUSY,      [SQLITE_PROTOCOL] = DB_BUSY,
	[SQLITE_FULL] = DB_FULL,
	[SQLITE_IOERR] = DB_STORAGE,      [SQLITE_READONLY] = DB_STORAGE,
	[SQLITE_CANTOPEN] = DB_STORAGE,   [SQLITE_PERM] = DB_STORAGE,
	[SQLITE_CORRUPT] = DB_CORRUPT,    [SQLITE_NOTADB] = DB_CORRUPT,
};
/* clang-format on */

static enum db_trouble sort_out(sqlite3 *handle, int code)
{
	size_t primary = (size_t)code & 0xFF;
	int error = sqlite3_system_errno(handle);

	if (primary == SQLITE_IOERR && code != SQLITE_IOERR_FSYNC &&
	    (error == ENOSPC || error == EDQUOT))
		return DB_FULL;
	if (primary >= sizeof troubles / sizeof *troubles || troubles[primary] == DB_FINE)
		return DB_OTHER;
	return troubles[primary];
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

static enum db_trouble open_handle(struct db **out, const char *path, int flags,
                                   struct reason *why)
{
	struct db *d = calloc(1, sizeof *d);
	const char *slash = strrchr(path, '/');
	enum db_trouble trouble = DB_OTHER;
	int code;

	*out = NULL;
	if (d == NULL) {
		fail(why, "out of memory");
		return DB_OTHER;
	}
	if (path[0] != ':')
		snprintf(d->name, sizeof d->name, "%s", slash == NULL ? path : slash + 1);
	code = sqlite3_open_v2(path, &d->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK && harden(d, why)) {
		*out = d;
		return DB_FINE;
	}
	if (d->handle == NULL)
		fail(why, "out of memory");
	else if (code != SQLITE_OK)
		db_fail(d, code, why);
	if (d->handle != NULL)
		trouble = d->trouble;
	db_close(d);
	return trouble;
}

/* Not SQLITE_OPEN_NOFOLLOW: it refuses links in the folders above, too. */
static enum db_trouble open_file(struct db **out, const char *path, int flags,
                                 struct reason *why)
{
	struct stat info;

	*out = NULL;
	if (lstat(path, &info) != 0 || S_ISREG(info.st_mode))
		return open_handle(out, path, flags, why);
	fail(why, "%s: not a regular file", path);
	return DB_OTHER;
}

bool db_open(struct db **out, const char *path, enum db_mode mode, struct reason *why)
{
	static const int flags[] = {
		[DB_READ] = SQLITE_OPEN_READONLY,
		[DB_WRITE] = SQLITE_OPEN_READWRITE,
		[DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};

	if (open_file(out, path, flags[mode], why) != DB_FINE)
		return false;
	if (mode != DB_CREATE ||
	    db_run(*out,
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
	struct db *d;
	enum db_trouble trouble = open_file(&d, path, SQLITE_OPEN_READONLY, why);
	int64_t objects;

	if (trouble == DB_FINE &&
	    !db_number(d, "SELECT count(*) FROM sqlite_schema", &objects, why))
		trouble = d->trouble;
	db_close(d);
	return trouble;
}

bool db_open_memory(struct db **out, struct reason *why)
{
	return open_handle(out, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY,
	                   why) == DB_FINE;
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

void db_confine(struct db *d, int bytes, const char *const *denied)
{
	d->denied = denied;
	sqlite3_limit(d->handle, SQLITE_LIMIT_LENGTH, bytes);
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

bool db_in_transaction(const struct db *d)
{
	return sqlite3_get_autocommit(d->handle) == 0;
}

/* Its own failure is not noted: the one before it counts. */
void db_rollback(struct db *d)
{
	if (db_in_transaction(d))
		sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
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
