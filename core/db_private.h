/* SPDX-License-Identifier: MIT */
/* What the files db*.c share: the one place that includes sqlite3.h. */
#ifndef CORE_DB_PRIVATE_H
#define CORE_DB_PRIVATE_H

#include <sqlite3.h>

#include "db.h"

struct db_statement {
	sqlite3_stmt *handle;
	struct db *db;
	struct db_statement *next, **link;
};

struct db {
	sqlite3 *handle;
	struct db_statement *statements;
	enum db_trouble trouble;
	const char *const *denied;
	int log_pages;
	char name[64]; /* of the file, for messages; "": in memory */
};

/* Notes what kind of failure it was, and says it in SQLite's words; false. */
bool db_fail(struct db *d, int code, struct reason *why);

#endif
