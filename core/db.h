/* SPDX-License-Identifier: MIT */
/*
 * SQLite behind a small door: the files db*.c alone speak to it.  One connection
 * belongs to one thread.  Every database is opened with a busy timeout of DB_WAIT_MS,
 * defensive, a cache of 64 KiB, synchronous FULL, wal_autocheckpoint 0 and no checkpoint
 * at close: the log is copied back by db_checkpoint() alone.
 */
#ifndef CORE_DB_H
#define CORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reason.h"

#define DB_WAIT_MS 2000

struct db;
struct db_statement;

/* CREATE makes the file when it is missing, in WAL mode, so that it can give space back.
 */
enum db_mode { DB_READ, DB_WRITE, DB_CREATE };

/* How the last failure is to be taken. */
enum db_trouble {
	DB_FINE,
	DB_REFUSED, /* the row is wrong: a constraint, a trigger, a type, too long */
	DB_SQL,     /* the text is wrong, or an expression failed on a row */
	DB_BUSY,    /* somebody else holds it */
	DB_FULL,    /* no room */
	DB_STORAGE, /* the file system failed: EIO, a failed sync, read-only */
	DB_CORRUPT, /* the file is no database or a damaged one */
	DB_OTHER,   /* no memory, a wrong call */
};

/* *out is NULL on failure. */
bool db_open(struct db **out, const char *path, enum db_mode mode, struct reason *why);
/* Why a file cannot be opened and read; DB_FINE: it can. */
enum db_trouble db_probe(const char *path, struct reason *why);
bool db_open_memory(struct db **out, struct reason *why);
void db_close(struct db *d); /* NULL is fine; finalizes its statements */
enum db_trouble db_trouble(const struct db *d);

/* For a writer that checks its rows itself: no CHECK constraint and no trigger is run for
 * this connection.  Everybody else's rows still pass them. */
bool db_trust_own_rows(struct db *d, struct reason *why);
/* How long to wait for who holds the database, instead of DB_WAIT_MS. */
void db_wait(struct db *d, int wait_ms);
/* No text or blob longer than `bytes` is made or read (DB_REFUSED), and SQL that names a
 * function of the list is refused.  The list ends with NULL and is borrowed for the life
 * of the connection. */
void db_confine(struct db *d, int bytes, const char *const *denied);
/* Whether the file was renamed, removed or replaced since it was opened. */
bool db_has_moved(struct db *d);

bool db_run(struct db *d, const char *sql,
            struct reason *why); /* one or more statements */
/* The first column of the first row; no row is a failure. */
bool db_number(struct db *d, const char *sql, int64_t *number, struct reason *why);
bool db_in_transaction(const struct db *d);
void db_rollback(struct db *d); /* when there is a transaction */

/*
 * Copies the log back into the file as far as readers let it; *left is the number of
 * pages that were not.  RESTART also waits (db_wait) until no reader needs the log, so
 * that the next commit begins it anew; CUT then cuts its file to nothing.  DB_BUSY: a
 * reader was in the way.  Only one connection of all processes may do this, or write, at
 * a time.
 */
enum db_copy { DB_COPY, DB_COPY_RESTART, DB_COPY_CUT };
bool db_checkpoint(struct db *d, enum db_copy how, int *left, struct reason *why);
/* Pages in the log, as of this connection's last commit. */
int db_log_pages(const struct db *d);

/* Prepared once, bound and run often; owned by the connection. */
bool db_prepare(struct db *d, struct db_statement **out, const char *sql,
                struct reason *why);
void db_finalize(struct db_statement *s); /* before its connection's end; NULL is fine */
/* `at` counts from 1; text and bytes are borrowed until the next db_reset. */
void db_bind_number(struct db_statement *s, int at, int64_t number);
void db_bind_text(struct db_statement *s, int at, const char *text); /* NULL: SQL NULL */
void db_bind_text_len(struct db_statement *s, int at, const char *text, size_t len);
void db_bind_bytes(struct db_statement *s, int at, const void *bytes, size_t len);
void db_bind_null(struct db_statement *s, int at);

/* 1: a row; 0: done; -1: failed, why says.  db_reset before the next run, always. */
int db_step(struct db_statement *s, struct reason *why);
void db_reset(struct db_statement *s);
/* Steps once and resets: for what gives no rows. */
bool db_execute(struct db_statement *s, struct reason *why);

/* `at` counts from 0; what is returned lives until the next step or reset. */
int db_columns(const struct db_statement *s);
int64_t db_column_number(struct db_statement *s, int at);
const char *db_column_text(struct db_statement *s, int at,
                           size_t *len); /* NULL: SQL NULL */
const void *db_column_bytes(struct db_statement *s, int at, size_t *len);
bool db_column_is_null(struct db_statement *s, int at);

int64_t db_last_id(struct db *d);
int64_t db_changes(struct db *d); /* rows that the last statement changed */

#endif
