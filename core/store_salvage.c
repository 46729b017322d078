/* SPDX-License-Identifier: MIT */
/* Saves what can be read of a damaged store.  Knows how to go round damage, not how it
 * came. */
#include "store_salvage.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "highwater.h"
#include "log.h"
#include "statedir.h"
#include "store_gap.h"
#include "store_graft.h"
#include "store_identity.h"
#include "store_internal.h"
#include "store_make.h"

#define STAMP_SIZE 24                  /* "20261122T104000", and "-7" when there is one */
#define GROUP_MAX  10000               /* frames a transaction */
#define ID_MAX     (UINT64_C(1) << 53) /* no store has come so far */

struct salvage {
	const char *state;
	struct db *from; /* NULL: nothing of it can be read */
	struct db *to;
	struct db_statement *read, *write;
	struct store_identity identity;
	struct frame frame;
	uint64_t last;   /* id that was saved last */
	uint64_t limit;  /* no id is above it */
	uint64_t frames; /* saved */
	bool is_full;    /* no room for more */
};

static bool open_from(struct salvage *s, const char *name)
{
	char path[STATE_PATH_MAX];
	int64_t sequence = 0;

	db_close(s->from);
	s->from = NULL;
	if (!statedir_path(path, s->state, name) ||
	    !db_open(&s->from, path, DB_READ, NULL))
		return false;
	identity_read(s->from, &s->identity, NULL);
	if (db_number(s->from, "SELECT seq FROM sqlite_sequence WHERE name = 'frame'",
	              &sequence, NULL))
		s->limit = (uint64_t)sequence;
	return db_prepare(s->from, &s->read,
	                  "SELECT " STORE_ROW_COLUMNS ", raw FROM frame WHERE id >= ?1"
	                  " ORDER BY id",
	                  NULL);
}

/* When the database has forgotten who it is, or how far it had come, others may know. */
static void ask_others(struct salvage *s)
{
	int fd = highwater_open(s->state, NULL);
	struct highwater mark = {.last = 0};
	uint64_t cursor;

	if (fd >= 0 && highwater_read(fd, &mark) && s->identity.id[0] == '\0')
		memcpy(s->identity.id, mark.store_id, sizeof mark.store_id);
	if (fd >= 0)
		close(fd);
	if (strcmp(mark.store_id, s->identity.id) != 0)
		mark.last = 0;
	cursor = identity_highest_cursor(s->state, &s->identity);
	s->limit = s->limit > mark.last ? s->limit : mark.last;
	s->limit = s->limit > cursor ? s->limit : cursor;
	if (s->limit == 0 || s->limit > ID_MAX)
		s->limit = ID_MAX;
}

static bool add_hole(struct salvage *s, uint64_t last)
{
	struct store_gap gap = {s->last + 1, last, "lost"};

	return s->last == 0 || last <= s->last || gap_add(s->to, &gap, NULL);
}

/* A row out of order, or far beyond, is damage that looks like a row. */
static bool save_row(struct salvage *s)
{
	uint64_t id;

	buf_clear(&s->frame.raw);
	store_row_read(s->read, &s->frame);
	id = s->frame.id;
	if (id <= s->last || id > s->limit)
		return true;
	if (s->frame.source[0] == '\0')
		memcpy(s->frame.source, "sql", sizeof "sql");
	store_row_read_raw(s->read, &s->frame);
	store_row_bind(s->write, 1, &s->frame);
	db_bind_number(s->write, STORE_ROW_WIDTH + 1, (int64_t)id);
	if (!add_hole(s, id - 1) || !db_execute(s->write, NULL))
		return false;
	s->last = id;
	s->frames++;
	return s->frames % GROUP_MAX != 0 || db_run(s->to, "COMMIT; BEGIN", NULL);
}

/* Saves frames from `from` on, up to the next damage or the end: true for the end. */
static bool walk(struct salvage *s, uint64_t from)
{
	unsigned strange = 0; /* rows in a row: damaged pages can lead in circles */
	int rows = 0;

	db_bind_number(s->read, 1, (int64_t)from);
	while (strange < GROUP_MAX && !s->is_full &&
	       (rows = db_step(s->read, NULL)) > 0) {
		uint64_t before = s->last;

		s->is_full = !save_row(s);
		strange = s->last == before ? strange + 1 : 0;
	}
	db_reset(s->read);
	return s->is_full || (rows == 0 && strange < GROUP_MAX);
}

static bool can_read(struct salvage *s, uint64_t from)
{
	int rows;

	db_bind_number(s->read, 1, (int64_t)from);
	rows = db_step(s->read, NULL);
	db_reset(s->read);
	return rows >= 0;
}

/* The first id behind the damage at `from` where reading is possible again; 0: nowhere.
 */
static uint64_t find_beyond(struct salvage *s, uint64_t from)
{
	uint64_t bad = from, good = 0;

	for (uint64_t step = 1; good == 0; step *= 2) {
		uint64_t id = s->limit - from > step ? from + step : s->limit;

		if (can_read(s, id))
			good = id;
		else if (id == s->limit)
			return 0;
		else
			bad = id;
	}
	while (good - bad > 1) {
		uint64_t middle = bad + (good - bad) / 2;

		if (can_read(s, middle))
			good = middle;
		else
			bad = middle;
	}
	return good;
}

static void save_frames(struct salvage *s)
{
	uint64_t from = 1;

	while (from != 0 && from <= s->limit && !walk(s, from)) {
		/* Not behind what was saved: the next may be damaged at once. */
		from = s->last >= from ? s->last + 1 : from;
		from = find_beyond(s, from);
	}
}

/* Tables of which no frame depends: each as a whole or not at all. */
static void save_others(struct salvage *s)
{
	static const char *const copies[] = {
		"INSERT OR IGNORE INTO input SELECT name, received, latest FROM "
		"old.input",
		"INSERT OR IGNORE INTO gap SELECT first, last, reason, at FROM old.gap",
		"INSERT OR IGNORE INTO quarantine (received, source, raw, reason)"
		" SELECT received, source, raw, reason FROM old.quarantine ORDER BY id",
	};
	char path[STATE_PATH_MAX];
	struct db_statement *q;

	if (!statedir_path(path, s->state, "frames.db") ||
	    !db_prepare(s->to, &q, "ATTACH ?1 AS old", NULL))
		return;
	db_bind_text(q, 1, path);
	if (db_execute(q, NULL)) {
		for (unsigned i = 0; i < sizeof copies / sizeof *copies; i++)
			db_run(s->to, copies[i], NULL);
		db_run(s->to, "DETACH old", NULL);
	}
	db_finalize(q);
}

static bool fill(struct salvage *s, struct reason *why)
{
	/* The graft's schema is that of the new store before anything is in it. */
	bool is_open = open_from(s, "frames.db") || (graft_make(s->state, s->to, NULL) &&
	                                             open_from(s, "frames.db.graft"));

	ask_others(s);
	if (!db_prepare(s->to, &s->write,
	                "INSERT INTO frame (" STORE_ROW_WRITTEN ", id)"
	                " VALUES (" STORE_ROW_BOUND ", ?13)",
	                why))
		return false;
	save_others(s);
	if (is_open && db_run(s->to, "BEGIN", NULL)) {
		save_frames(s);
		if (!db_run(s->to, "COMMIT", NULL))
			db_rollback(s->to);
	}
	db_close(s->from);
	s->from = NULL;
	graft_remove(s->state);
	return identity_renew(&s->identity, why);
}

/* "frames.db.corrupt-20261122T104000", the same for database and log. */
static bool set_aside(const char *state, const char *suffix, const char *stamp,
                      struct reason *why)
{
	char name[64], from[STATE_PATH_MAX], to[STATE_PATH_MAX];

	snprintf(name, sizeof name, "frames.db%s", suffix);
	if (!statedir_path(from, state, name))
		return fail(why, "%s: the path is too long", state);
	snprintf(name, sizeof name, "frames.db.corrupt-%s%s", stamp, suffix);
	if (!statedir_path(to, state, name))
		return fail(why, "%s: the path is too long", state);
	if (rename(from, to) != 0 && access(from, F_OK) == 0)
		return fail_errno(why, "cannot rename %s", from);
	return true;
}

/* Where the clock is not set, every start is at the same time. */
static void make_stamp(const char *state, char out[STAMP_SIZE])
{
	char iso[CLOCK_ISO_SIZE], name[64], path[STATE_PATH_MAX];

	clock_iso(clock_wall_ms(), iso);
	for (int i = 0; i < 1000; i++) {
		snprintf(out, STAMP_SIZE, "%.4s%.2s%.5s%.2s%.2s", iso, iso + 5, iso + 8,
		         iso + 14, iso + 17);
		if (i > 0)
			snprintf(out + strlen(out), STAMP_SIZE - strlen(out), "-%d", i);
		snprintf(name, sizeof name, "frames.db.corrupt-%s", out);
		if (!statedir_path(path, state, name) || access(path, F_OK) != 0)
			return;
	}
}

/* From here on an interruption is ended by store_salvage_finish(): there is a new store
 * that is whole, and no frames.db. */
static bool change_places(const char *state, const char *stamp, struct reason *why)
{
	char path[STATE_PATH_MAX];

	if (statedir_path(path, state, "frames.db-shm"))
		unlink(path);
	return set_aside(state, "", stamp, why) && set_aside(state, "-wal", stamp, why) &&
	       store_make_name(state, why);
}

static void report(const struct salvage *s, const char *stamp, const char *what)
{
	log_error("the store is damaged (%s): it is kept as frames.db.corrupt-%s, "
	          "%llu frames were saved from it",
	          what, stamp, (unsigned long long)s->frames);
	if (s->is_full)
		log_error("the disk has no room for the frames behind %llu",
		          (unsigned long long)s->last);
}

bool store_salvage(const char *state, const char *what, struct reason *why)
{
	struct salvage s = {.state = state};
	char stamp[STAMP_SIZE];
	bool is_done;

	make_stamp(state, stamp);
	if (!store_make_open(&s.to, state, why))
		return false;
	is_done = fill(&s, why);
	if (is_done)
		is_done = store_make_close(s.to, state, &s.identity, why) &&
		          change_places(state, stamp, why);
	else
		db_close(s.to);
	frame_free(&s.frame);
	if (is_done)
		report(&s, stamp, what);
	return is_done;
}

bool store_salvage_finish(const char *state, struct reason *why)
{
	char path[STATE_PATH_MAX], stamp[STAMP_SIZE];

	graft_remove(state);
	if (!statedir_path(path, state, "frames.db"))
		return fail(why, "%s: the path is too long", state);
	if (access(path, F_OK) == 0)
		return true;
	make_stamp(state, stamp);
	/* The log of a database that is gone must not be taken for another's. */
	if (!store_make_is_whole(state))
		return set_aside(state, "-wal", stamp, why);
	return change_places(state, stamp, why);
}
