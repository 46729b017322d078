/* SPDX-License-Identifier: MIT */
/* Statements: prepared once, bound and stepped often. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db_private.h"

bool db_prepare(struct db *d, struct db_statement **out, const char *sql,
                struct reason *why)
{
	struct db_statement *s = calloc(1, sizeof *s);
	int code;

	if (s == NULL)
		return fail(why, "out of memory");
	code = sqlite3_prepare_v3(d->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
	                          &s->handle, NULL);
	if (code != SQLITE_OK) {
		free(s);
		return db_fail(d, code, why);
	}
	assert(s->handle != NULL);
	s->db = d;
	s->next = d->statements;
	s->link = &d->statements;
	if (s->next != NULL)
		s->next->link = &s->next;
	d->statements = s;
	*out = s;
	return true;
}

void db_finalize(struct db_statement *s)
{
	if (s == NULL)
		return;
	*s->link = s->next;
	if (s->next != NULL)
		s->next->link = s->link;
	sqlite3_finalize(s->handle);
	free(s);
}

/* Memory may run out, or the value be too long: then NULL is bound, which a constraint
 * refuses. */
static void check_bind(int code)
{
	assert(code != SQLITE_RANGE && code != SQLITE_MISUSE);
}

void db_bind_number(struct db_statement *s, int at, int64_t number)
{
	check_bind(sqlite3_bind_int64(s->handle, at, number));
}

void db_bind_text(struct db_statement *s, int at, const char *text)
{
	check_bind(sqlite3_bind_text(s->handle, at, text, -1, SQLITE_STATIC));
}

void db_bind_text_len(struct db_statement *s, int at, const char *text, size_t len)
{
	check_bind(sqlite3_bind_text64(s->handle, at, text, len, SQLITE_STATIC,
	                               SQLITE_UTF8));
}

void db_bind_bytes(struct db_statement *s, int at, const void *bytes, size_t len)
{
	check_bind(sqlite3_bind_blob64(s->handle, at, bytes, len, SQLITE_STATIC));
}

void db_bind_null(struct db_statement *s, int at)
{
	check_bind(sqlite3_bind_null(s->handle, at));
}

int db_step(struct db_statement *s, struct reason *why)
{
	int code = sqlite3_step(s->handle);

	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE)
		return 0;
	db_fail(s->db, code, why);
	return -1;
}

void db_reset(struct db_statement *s)
{
	sqlite3_reset(s->handle); /* repeats the failure of the last step: nothing new */
}

int db_columns(const struct db_statement *s)
{
	return sqlite3_column_count(s->handle);
}

int64_t db_column_number(struct db_statement *s, int at)
{
	return sqlite3_column_int64(s->handle, at);
}

const char *db_column_text(struct db_statement *s, int at, size_t *len)
{
	const char *text = (const char *)sqlite3_column_text(s->handle, at);

	*len = text == NULL ? 0 : (size_t)sqlite3_column_bytes(s->handle, at);
	return text;
}

const void *db_column_bytes(struct db_statement *s, int at, size_t *len)
{
	const void *bytes = sqlite3_column_blob(s->handle, at);

	*len = bytes == NULL ? 0 : (size_t)sqlite3_column_bytes(s->handle, at);
	return bytes;
}

bool db_column_is_null(struct db_statement *s, int at)
{
	return sqlite3_column_type(s->handle, at) == SQLITE_NULL;
}

int64_t db_last_id(struct db *d)
{
	return sqlite3_last_insert_rowid(d->handle);
}

int64_t db_changes(struct db *d)
{
	return sqlite3_changes64(d->handle);
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
		fail(why, "nothing found by %s", sql);
	db_finalize(s);
	return rows > 0;
}

bool db_execute(struct db_statement *s, struct reason *why)
{
	int rows = db_step(s, why);

	db_reset(s);
	return rows >= 0;
}
