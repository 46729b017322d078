/* SPDX-License-Identifier: MIT */
/* Dead letters and delivery log in SQLite.  Knows one output's file, not the store's. */
#include "ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ballast.h"
#include "clock.h"
#include "db.h"
#include "log.h"
#include "statedir.h"
#include "store_row.h"

#define LEDGER_VERSION 100          /* major * 100 + minor */
#define APPLICATION_ID "0x46526f75" /* "FRou" */
#define LOG_PAGES_MAX  64           /* of SQLite's log, before it is copied back */

static const char schema[] =
	"BEGIN IMMEDIATE;"
	"CREATE TABLE IF NOT EXISTS dead (\n"
	"  -- Frames that can never be delivered, whole.\n"
	"  store TEXT NOT NULL, -- id of the store, with the next the uid\n"
	"  id INTEGER NOT NULL, -- of the frame in it\n"
	"  at INTEGER NOT NULL, -- when it was given up, ms since 1970 UTC\n"
	"  reason TEXT NOT NULL,\n"
	"  attempts INTEGER NOT NULL,\n"
	"  received INTEGER NOT NULL, -- from here on as in frames.db\n"
	"  measured INTEGER,\n"
	"  clock_ok INTEGER NOT NULL,\n"
	"  source TEXT NOT NULL,\n"
	"  node TEXT,\n"
	"  serial TEXT,\n"
	"  sequence INTEGER,\n"
	"  type INTEGER,\n"
	"  duplicate INTEGER NOT NULL,\n"
	"  undecoded BLOB,\n"
	"  readings TEXT NOT NULL,\n"
	"  raw BLOB,\n"
	"  PRIMARY KEY (store, id)\n"
	") STRICT;"
	"CREATE TABLE IF NOT EXISTS delivered (\n"
	"  -- The delivery log: ranges of frames that are done with.\n"
	"  row INTEGER PRIMARY KEY,\n"
	"  store TEXT NOT NULL,\n"
	"  first INTEGER NOT NULL, -- ids, both ends included\n"
	"  last INTEGER NOT NULL,\n"
	"  frames INTEGER NOT NULL, -- how many of them were delivered\n"
	"  at INTEGER NOT NULL, -- ms since 1970 UTC\n"
	"  receipt TEXT -- the far side's last\n"
	") STRICT;"
	"PRAGMA application_id = " APPLICATION_ID ";"
	"PRAGMA user_version = 100;"
	"COMMIT";

struct ledger {
	struct db *db;
	struct db_statement *dead, *delivered, *last, *purge;
	char path[STATE_PATH_MAX];
	char state[STATE_PATH_MAX];
};

static bool check_version(struct ledger *l, struct reason *why)
{
	int64_t version;

	if (!db_number(l->db, "PRAGMA user_version", &version, why))
		return false;
	if (version / 100 > LEDGER_VERSION / 100)
		return fail(why, "%s has schema %d.%d and this program knows %d.x",
		            l->path, (int)(version / 100), (int)(version % 100),
		            LEDGER_VERSION / 100);
	return version != 0 || db_run(l->db, schema, why);
}

static bool prepare(struct ledger *l, struct reason *why)
{
	return db_prepare(l->db, &l->dead,
	                  "INSERT OR REPLACE INTO dead (" STORE_ROW_WRITTEN
	                  ", store, id, at, reason, attempts)"
	                  " VALUES (" STORE_ROW_BOUND ", ?13, ?14, ?15, ?16, ?17)",
	                  why) &&
	       db_prepare(
		       l->db, &l->delivered,
		       "INSERT INTO delivered (store, first, last, frames, at, receipt)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		       why) &&
	       db_prepare(l->db, &l->last,
	                  "SELECT last FROM delivered WHERE store = ?1 ORDER BY row DESC "
	                  "LIMIT 1",
	                  why) &&
	       db_prepare(l->db, &l->purge, "DELETE FROM delivered WHERE at < ?1", why);
}

static bool open_db(struct ledger *l, struct reason *why)
{
	if (!db_open(&l->db, l->path, DB_CREATE, why))
		return false;
	if (check_version(l, why) && prepare(l, why))
		return true;
	db_close(l->db);
	l->db = NULL;
	return false;
}

/* Under a name that is free, as the clock may not be set. */
static void set_aside(struct ledger *l, const char *what)
{
	static const char *const suffixes[] = {"", "-wal"};
	char from[STATE_PATH_MAX + 8], to[STATE_PATH_MAX + 64];
	int number = 0;

	db_close(l->db);
	l->db = NULL;
	do
		snprintf(to, sizeof to, "%s.corrupt-%d", l->path, ++number);
	while (access(to, F_OK) == 0);
	log_error("%s is damaged (%s): it is kept as %s, and a new one is begun", l->path,
	          what, to);
	for (unsigned i = 0; i < 2; i++) {
		snprintf(from, sizeof from, "%s%s", l->path, suffixes[i]);
		snprintf(to, sizeof to, "%s.corrupt-%d%s", l->path, number, suffixes[i]);
		rename(from, to);
	}
	snprintf(from, sizeof from, "%s-shm", l->path);
	unlink(from);
}

/* STATE of STATE/outputs/NAME.db. */
static void find_state(struct ledger *l)
{
	memcpy(l->state, l->path, sizeof l->state);
	for (int i = 0; i < 2; i++) {
		char *slash = strrchr(l->state, '/');

		if (slash != NULL)
			*slash = '\0';
	}
}

bool ledger_open(struct ledger **out, const char *path, struct reason *why)
{
	struct ledger *l = calloc(1, sizeof *l);

	if (l == NULL)
		return fail(why, "out of memory");
	if ((size_t)snprintf(l->path, sizeof l->path, "%s", path) >= sizeof l->path) {
		fail(why, "%s: the path is too long", path);
		goto undo;
	}
	find_state(l);
	if (access(path, F_OK) == 0 && db_probe(path, why) == DB_CORRUPT)
		set_aside(l, why != NULL ? why->text : "no database");
	if (!open_db(l, why) && !(ballast_is_needed(l->state) && open_db(l, why)))
		goto undo;
	*out = l;
	return true;

undo:
	ledger_close(l);
	return false;
}

/* Only this process writes and copies back: nobody else holds the output's lock. */
static void shorten_log(struct ledger *l, bool is_end)
{
	int left;

	if (is_end || db_log_pages(l->db) > LOG_PAGES_MAX)
		db_checkpoint(l->db, is_end ? DB_COPY_CUT : DB_COPY, &left, NULL);
}

void ledger_close(struct ledger *l)
{
	if (l == NULL)
		return;
	if (l->db != NULL)
		shorten_log(l, true);
	db_close(l->db);
	free(l);
}

/* What may be done about a failure, so that it is worth another try. */
static bool is_mended(struct ledger *l, struct reason *why)
{
	struct reason what = {"damaged"};

	switch (db_trouble(l->db)) {
	case DB_FULL:
		ballast_give_up(l->state);
		shorten_log(l, true); /* it may be what fills the disk */
		return true;
	case DB_CORRUPT:
		if (why != NULL)
			what = *why;
		set_aside(l, what.text);
		return open_db(l, why);
	default:
		return false;
	}
}

/* One row to write; `frame` is NULL for the delivery log. */
struct entry {
	const char *store_id;
	const struct frame *frame;
	const char *text; /* reason or receipt */
	unsigned attempts;
	uint64_t from, until, frames;
};

static bool write_dead(struct ledger *l, const struct entry *e, struct reason *why)
{
	struct db_statement *q = l->dead;

	store_row_bind(q, 1, e->frame);
	db_bind_text(q, 13, e->store_id);
	db_bind_number(q, 14, (int64_t)e->frame->id);
	db_bind_number(q, 15, clock_wall_ms());
	db_bind_text(q, 16, e->text);
	db_bind_number(q, 17, e->attempts);
	return db_run(l->db, "PRAGMA synchronous = FULL", why) && db_execute(q, why);
}

static bool write_delivered(struct ledger *l, const struct entry *e, struct reason *why)
{
	struct db_statement *q = l->delivered;

	db_bind_text(q, 1, e->store_id);
	db_bind_number(q, 2, (int64_t)e->from);
	db_bind_number(q, 3, (int64_t)e->until);
	db_bind_number(q, 4, (int64_t)e->frames);
	db_bind_number(q, 5, clock_wall_ms());
	db_bind_text(q, 6, e->text);
	return db_run(l->db, "PRAGMA synchronous = NORMAL", why) && db_execute(q, why);
}

static bool write_entry(struct ledger *l, const struct entry *e, struct reason *why)
{
	if (l->db == NULL && !open_db(l, why)) /* after damage that could not be mended */
		return false;
	return e->frame != NULL ? write_dead(l, e, why) : write_delivered(l, e, why);
}

static bool add_entry(struct ledger *l, const struct entry *e, struct reason *why)
{
	if (!write_entry(l, e, why) &&
	    (l->db == NULL || !is_mended(l, why) || !write_entry(l, e, why)))
		return false;
	shorten_log(l, false);
	return true;
}

bool ledger_add_dead(struct ledger *l, const char *store_id, const struct frame *f,
                     const char *reason, unsigned attempts, struct reason *why)
{
	struct entry entry = {
		.store_id = store_id, .frame = f, .text = reason, .attempts = attempts};

	return add_entry(l, &entry, why);
}

bool ledger_add_delivered(struct ledger *l, const char *store_id, uint64_t from,
                          uint64_t until, uint64_t frames, const char *receipt,
                          struct reason *why)
{
	struct entry entry = {.store_id = store_id,
	                      .text = receipt,
	                      .from = from,
	                      .until = until,
	                      .frames = frames};

	return add_entry(l, &entry, why);
}

uint64_t ledger_last_delivered(struct ledger *l, const char *store_id)
{
	uint64_t last;

	if (l->db == NULL)
		return 0;
	db_bind_text(l->last, 1, store_id);
	last = db_step(l->last, NULL) > 0 ? (uint64_t)db_column_number(l->last, 0) : 0;
	db_reset(l->last);
	return last;
}

bool ledger_purge(struct ledger *l, int64_t keep_ms, struct reason *why)
{
	int64_t now = clock_wall_ms();

	if (l->db == NULL || !clock_is_plausible(now))
		return true;
	db_bind_number(l->purge, 1, now - keep_ms);
	if (!db_run(l->db, "PRAGMA synchronous = NORMAL", why) ||
	    !db_execute(l->purge, why))
		return false;
	shorten_log(l, false);
	return true;
}
