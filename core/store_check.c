/* SPDX-License-Identifier: MIT */
/* Looks at a database before it is trusted. */
#include "store_check.h"

#include <string.h>

#include "buf.h"
#include "log.h"
#include "store_schema.h"

#define SQL_MAX 8192 /* bytes of an object's text, more than any of ours has */

static enum check_result sort_out(enum db_trouble trouble)
{
	return trouble == DB_CORRUPT ? CHECK_CORRUPT : CHECK_FAILED;
}

/* The text of an object; "" when there is none. */
static bool read_sql(struct db *d, const char *name, char out[SQL_MAX],
                     struct reason *why)
{
	struct db_statement *q;
	const char *text = NULL;
	size_t len = 0;
	int rows;

	if (!db_prepare(d, &q, "SELECT sql FROM sqlite_schema WHERE name = ?1", why))
		return false;
	db_bind_text(q, 1, name);
	rows = db_step(q, why);
	if (rows > 0)
		text = db_column_text(q, 0, &len);
	len = len < SQL_MAX ? len : SQL_MAX - 1;
	memcpy(out, text == NULL ? "" : text, len);
	out[len] = '\0';
	db_finalize(q);
	return rows >= 0;
}

/* How many of our objects differ: tables, and the rest. */
struct differences {
	unsigned tables, others;
	unsigned damaged;  /* tables missing, or with other letters in a text as long */
	const char *table; /* one that differs */
};

static bool compare(struct db *d, struct differences *out, struct reason *why)
{
	char sql[SQL_MAX];

	*out = (struct differences){0};
	for (const struct schema_object *o = store_schema; o->kind != NULL; o++) {
		if (!read_sql(d, o->name, sql, why))
			return false;
		if (strcmp(sql, o->sql) == 0)
			continue;
		if (strcmp(o->kind, "table") == 0) {
			out->tables++;
			out->table = o->name;
			out->damaged += sql[0] == '\0' || strlen(sql) == strlen(o->sql);
		} else {
			out->others++;
		}
	}
	return true;
}

static enum check_result judge_version(struct db *d, struct reason *why)
{
	int64_t application = 0, version = 0;
	struct differences differences;

	if (!db_number(d, "PRAGMA application_id", &application, why) ||
	    !db_number(d, "PRAGMA user_version", &version, why) ||
	    !compare(d, &differences, why))
		return sort_out(db_trouble(d));
	/* Our tables to the letter are ours, whatever became of a number in the header.
	 */
	if (application != STORE_APPLICATION_ID && differences.tables > 0) {
		fail(why,
		     "frames.db is no store of this program (move it out of the way)");
		return CHECK_FAILED;
	}
	if (version / 100 > STORE_MAJOR) {
		fail(why,
		     "frames.db has schema %d.%d and this program knows %d.x "
		     "(use the newer program, or restore a backup)",
		     (int)(version / 100), (int)(version % 100), STORE_MAJOR);
		return CHECK_NEWER;
	}
	if (differences.tables == 0 || version > STORE_VERSION)
		return CHECK_FINE;
	if (differences.damaged > 0) {
		fail(why, "table %s is missing or damaged", differences.table);
		return CHECK_CORRUPT;
	}
	fail(why,
	     "somebody has changed table %s of frames.db (undo it, or move the file out "
	     "of "
	     "the way)",
	     differences.table);
	return CHECK_FAILED;
}

enum check_result check_version(const char *path, struct reason *why)
{
	enum db_trouble trouble = db_probe(path, why);
	enum check_result result;
	struct db *d;

	if (trouble != DB_FINE)
		return sort_out(trouble);
	if (!db_open(&d, path, DB_READ, why))
		return CHECK_FAILED;
	result = judge_version(d, why);
	db_close(d);
	return result;
}

static bool mend_objects(struct db *d, struct reason *why)
{
	struct buf sql = {0};
	bool is_done;

	buf_text(&sql, "BEGIN IMMEDIATE;");
	for (const struct schema_object *o = store_schema; o->kind != NULL; o++)
		if (strcmp(o->kind, "table") != 0)
			buf_format(&sql, "DROP %s IF EXISTS %s;", o->kind, o->name);
	for (const struct schema_object *o = store_schema; o->kind != NULL; o++)
		if (strcmp(o->kind, "table") != 0)
			buf_format(&sql, "%s;", o->sql);
	buf_text(&sql, "COMMIT");
	is_done = !sql.failed && db_run(d, buf_string(&sql), why);
	if (!is_done)
		db_rollback(d);
	buf_free(&sql);
	return is_done;
}

/* A trigger of somebody else is not run for what our inputs store: they ask for none. */
static bool report_triggers(struct db *d, struct reason *why)
{
	struct db_statement *q;
	int rows;

	if (!db_prepare(d, &q, "SELECT name FROM sqlite_schema WHERE type = 'trigger'",
	                why))
		return false;
	while ((rows = db_step(q, why)) > 0) {
		const struct schema_object *o = store_schema;
		size_t len;
		const char *name = db_column_text(q, 0, &len);

		while (o->kind != NULL && strcmp(o->name, name) != 0)
			o++;
		if (o->kind == NULL)
			log_warning("frames.db has a trigger of somebody else, %s: it is "
			            "not run for "
			            "frames from inputs",
			            name);
	}
	db_finalize(q);
	return rows == 0;
}

enum check_result check_schema(struct db *d, struct reason *why)
{
	struct differences differences;

	if (!compare(d, &differences, why))
		return sort_out(db_trouble(d));
	if (differences.tables >
	    0) /* of a newer minor version, as check_version() says */
		return CHECK_FINE;
	if (differences.others > 0) {
		if (!mend_objects(d, why))
			return sort_out(db_trouble(d));
		log_warning("frames.db: its triggers and the view sensorParser are made "
		            "anew, as "
		            "somebody had changed them");
	}
	if (!store_schema_mark(d, why) || !report_triggers(d, why))
		return sort_out(db_trouble(d));
	return CHECK_FINE;
}

/* Every byte of every column. */
static bool read_all(struct db *d, const char *sql, struct reason *why)
{
	struct db_statement *q;
	int rows;

	if (!db_prepare(d, &q, sql, why))
		return false;
	while ((rows = db_step(q, why)) > 0) {
		size_t len;

		for (int i = 0; i < db_columns(q); i++)
			db_column_bytes(q, i, &len);
	}
	db_finalize(q);
	return rows == 0;
}

/* SQLite's own look at every page, but for constraints that foreign rows may break. */
static enum check_result check_pages(struct db *d, struct reason *why)
{
	int64_t is_fine = 0;

	if (!db_run(d, "PRAGMA ignore_check_constraints = ON", why) ||
	    !db_number(d, "SELECT quick_check = 'ok' FROM pragma_quick_check(1)",
	               &is_fine, why))
		return sort_out(db_trouble(d));
	if (is_fine)
		return CHECK_FINE;
	fail(why, "it does not pass SQLite's quick_check");
	return CHECK_CORRUPT;
}

enum check_result check_rows(struct db *d, bool is_suspect, struct reason *why)
{
	static const char *const samples[] = {
		"SELECT * FROM frame ORDER BY id DESC LIMIT 200",
		"SELECT * FROM frame ORDER BY id LIMIT 20",
		"SELECT * FROM quarantine ORDER BY id DESC LIMIT 20",
		"SELECT * FROM store",
		"SELECT * FROM input",
		"SELECT * FROM gap",
		"SELECT * FROM sqlite_sequence",
	};

	for (unsigned i = 0; i < sizeof samples / sizeof *samples; i++)
		if (!read_all(d, samples[i], why))
			return sort_out(db_trouble(d));
	return is_suspect ? check_pages(d, why) : CHECK_FINE;
}
