/* SPDX-License-Identifier: MIT */
/*
 * What frames.db is made of.  The schema is public: its texts, comments and all, lie in
 * the database, where `sqlite3 frames.db .schema` shows them.
 */
#ifndef CORE_STORE_SCHEMA_H
#define CORE_STORE_SCHEMA_H

#include <stdbool.h>

#include "db.h"
#include "reason.h"

/* major * 100 + minor, in PRAGMA user_version.  A minor change only adds. */
#define STORE_VERSION 100
#define STORE_MAJOR   (STORE_VERSION / 100)
/* "FRtr", in PRAGMA application_id. */
#define STORE_APPLICATION_ID 0x46527472

struct schema_object {
	const char *kind; /* table, trigger, view: as sqlite_schema calls it */
	const char *name;
	const char *sql;
};
extern const struct schema_object store_schema[]; /* ends with a NULL kind */

/* Makes all of it in an empty database; the caller has begun a transaction or not. */
bool store_schema_make(struct db *d, struct reason *why);
/* Writes version and application id, when they are not there. */
bool store_schema_mark(struct db *d, struct reason *why);

#endif
