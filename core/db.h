/* SPDX-License-Identifier: MIT */
/*
 * SQLite behind a small door: the one file that includes sqlite3.h.  One connection
 * belongs to one thread.  Every database is opened with a short busy timeout, defensive,
 * untrusted schema, cache of 64 KiB, wal_autocheckpoint 0, WAL, and synchronous FULL.
 */
#ifndef CORE_DB_H
#define CORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reason.h"

struct db;
struct db_statement;

enum db_mode { DB_READ, DB_WRITE, DB_CREATE }; /* CREATE makes the file when it is missing */

/* How the last failure is to be taken. */
enum db_trouble {
	DB_FINE,
	DB_REFUSED, /* the row or the text is wrong: a constraint, a trigger, a type */
	DB_BUSY,    /* somebody else holds it */
	DB_FULL,    /* no room */
	DB_STORAGE, /* the file system failed: EIO, a failed sync, read-only */
	DB_CORRUPT, /* the file is no database or a damaged one */
	DB_OTHER,
};

bool db_open(struct db **out, const char *path, enum db_mode mode, struct reason *why);
bool db_open_memory(struct db **out, struct reason *why);
void db_close(struct db *d); /* NULL is fine; finalizes its statements */
enum db_trouble db_trouble(const struct db *d);

bool db_run(struct db *d, const char *sql, struct reason *why); /* one or more statements */
bool db_number(struct db *d, const char *sql, int64_t *number, struct reason *why);

/* Prepared once, bound and run often; owned by the connection. */
bool db_prepare(struct db *d, struct db_statement **out, const char *sql,
                struct reason *why);
void db_bind_number(struct db_statement *s, int at, int64_t number); /* at counts from 1 */
void db_bind_text(struct db_statement *s, int at, const char *text); /* NULL: SQL NULL; borrowed
                                                                          until db_reset */
void db_bind_bytes(struct db_statement *s, int at, const void *bytes, size_t len);
void db_bind_null(struct db_statement *s, int at);

/* 1: a row; 0: done; -1: failed, why says.  db_reset before the next run, always. */
int db_step(struct db_statement *s, struct reason *why);
void db_reset(struct db_statement *s);
int64_t db_column_number(struct db_statement *s, int at); /* at counts from 0 */
const char *db_column_text(struct db_statement *s, int at, size_t *len); /* NULL: SQL NULL */
const void *db_column_bytes(struct db_statement *s, int at, size_t *len);
bool db_column_is_null(struct db_statement *s, int at);

int64_t db_last_id(struct db *d);
int64_t db_changes(struct db *d);

#endif
