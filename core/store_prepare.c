/* SPDX-License-Identifier: MIT */
/* From whatever lies in the state directory to a store that can be worked with. */
#include "store_prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ballast.h"
#include "clock.h"
#include "highwater.h"
#include "log.h"
#include "statedir.h"
#include "store_check.h"
#include "store_gap.h"
#include "store_identity.h"
#include "store_make.h"
#include "store_salvage.h"
#include "turnstile.h"

struct preparation {
	const char *state;
	struct reason *why;
	struct db *db;
	struct store_identity identity;
	bool is_suspect; /* somebody met damage: a look at all of it is worth its time */
};

static bool path_of(const struct preparation *p, char out[STATE_PATH_MAX],
                    const char *name)
{
	return statedir_path(out, p->state, name) ||
	       fail(p->why, "%s: the path is too long", p->state);
}

static bool is_there(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && info.st_size > 0;
}

/*
 * A writer that was killed between writing SQLite's log and syncing it leaves commits
 * that a recovery takes for good: they are made so before anybody reads them.
 */
static bool sync_log(struct preparation *p)
{
	char path[STATE_PATH_MAX];
	bool is_synced;
	int fd;

	if (!path_of(p, path, "frames.db-wal"))
		return false;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	is_synced = fd >= 0 ? fdatasync(fd) == 0 : errno == ENOENT;
	if (!is_synced)
		fail_errno(p->why, "cannot sync %s", path);
	if (fd >= 0)
		close(fd);
	return is_synced;
}

/* The mark that writers leave; 0 when there is none of this store. */
static uint64_t read_mark(const struct preparation *p)
{
	int fd = highwater_open(p->state, NULL);
	struct highwater mark;
	bool is_ours;

	if (fd < 0)
		return 0;
	is_ours = highwater_read(fd, &mark) &&
	          (p->identity.id[0] == '\0' ||
	           strcmp(mark.store_id, p->identity.id) == 0 ||
	           strcmp(mark.store_id, p->identity.former) == 0);
	close(fd);
	return is_ours ? mark.last : 0;
}

static bool make_new(struct preparation *p)
{
	struct store_identity identity = {.id = ""};
	uint64_t mark = read_mark(p);
	struct db *d;

	if (mark > 0)
		log_error("frames.db is missing, which had come to frame %llu: a new "
		          "store is "
		          "made, all outputs begin anew",
		          (unsigned long long)mark);
	return identity_renew(&identity, p->why) &&
	       store_make_open(&d, p->state, p->why) &&
	       store_make_close(d, p->state, &identity, p->why) &&
	       store_make_name(p->state, p->why);
}

static enum check_result look(struct preparation *p)
{
	enum check_result result;
	char path[STATE_PATH_MAX];

	if (!path_of(p, path, "frames.db"))
		return CHECK_FAILED;
	result = check_version(path, p->why);
	if (result != CHECK_FINE)
		return result;
	/* CREATE, as somebody may have ended WAL mode. */
	if (!db_open(&p->db, path, DB_CREATE, p->why))
		return CHECK_FAILED;
	result = check_schema(p->db, p->why);
	return result == CHECK_FINE ? check_rows(p->db, p->is_suspect, p->why) : result;
}

/* One look, and after a salvage another. */
static enum check_result look_and_salvage(struct preparation *p)
{
	enum check_result result = look(p);
	struct reason what = *p->why;

	if (result != CHECK_CORRUPT)
		return result;
	p->is_suspect = false;
	db_close(p->db);
	p->db = NULL;
	if (!store_salvage(p->state, what.text, p->why))
		return CHECK_FAILED;
	return look(p);
}

static bool set_sequence(struct preparation *p, uint64_t last)
{
	struct db_statement *q;
	bool is_done;

	if (!db_run(p->db, "DELETE FROM sqlite_sequence WHERE name = 'frame'", p->why) ||
	    !db_prepare(p->db, &q,
	                "INSERT INTO sqlite_sequence (name, seq) VALUES ('frame', ?1)",
	                p->why))
		return false;
	db_bind_number(q, 1, (int64_t)last);
	is_done = db_execute(q, p->why);
	db_finalize(q);
	return is_done;
}

/*
 * No id is given twice: the sequence goes on behind whatever anybody has seen.  Ids
 * between are of frames that were committed, and that the storage has lost.
 */
static bool raise_sequence(struct preparation *p, uint64_t *last)
{
	uint64_t mark = read_mark(p);
	uint64_t cursor = identity_highest_cursor(p->state, &p->identity);
	uint64_t target = mark > cursor ? mark : cursor;
	struct store_gap gap = {.reason = "lost"};
	int64_t sequence, highest;

	if (!db_number(p->db,
	               "SELECT coalesce((SELECT seq FROM sqlite_sequence"
	               " WHERE name = 'frame'), 0)",
	               &sequence, p->why) ||
	    !db_number(p->db, "SELECT coalesce((SELECT max(id) FROM frame), 0)", &highest,
	               p->why))
		return false;
	target = target > (uint64_t)highest ? target : (uint64_t)highest;
	*last = target > (uint64_t)sequence ? target : (uint64_t)sequence;
	if (*last == (uint64_t)sequence)
		return true;
	if (!set_sequence(p, *last))
		return false;
	if (*last == (uint64_t)highest) /* somebody has set the sequence back */
		return true;
	sequence = sequence > highest ? sequence : highest;
	gap.first = (uint64_t)sequence + 1;
	gap.last = *last;
	log_error("%llu committed frames were lost by the storage (%llu to %llu)",
	          (unsigned long long)(gap.last - gap.first + 1),
	          (unsigned long long)gap.first, (unsigned long long)gap.last);
	return gap_add(p->db, &gap, p->why);
}

/* Another machine under the same store is a copied card: what both send must differ. */
static bool check_machine(struct preparation *p)
{
	char machine[MACHINE_SIZE];

	identity_machine(machine);
	if (machine[0] == '\0' || strcmp(machine, p->identity.machine) == 0)
		return true;
	if (p->identity.machine[0] == '\0') {
		memcpy(p->identity.machine, machine, sizeof machine);
		return identity_write(p->db, &p->identity, p->why);
	}
	if (!identity_renew(&p->identity, p->why) ||
	    !identity_write(p->db, &p->identity, p->why))
		return false;
	log_warning(
		"the store came from another machine: it is store %s now, outputs go on "
		"where they were",
		p->identity.id);
	return true;
}

static bool settle(struct preparation *p, uint64_t *last)
{
	if (!db_trust_own_rows(p->db, p->why) ||
	    !db_run(p->db, "BEGIN IMMEDIATE", p->why))
		return false;
	if (identity_read(p->db, &p->identity, p->why) &&
	    (p->identity.id[0] != '\0' ||
	     (identity_renew(&p->identity, p->why) &&
	      identity_write(p->db, &p->identity, p->why))) &&
	    check_machine(p) && raise_sequence(p, last) &&
	    db_run(p->db, "COMMIT", p->why))
		return true;
	db_rollback(p->db);
	return false;
}

/* Files beside the database that processes expect. */
static bool make_files(struct preparation *p, uint64_t last)
{
	struct highwater mark = {.last = last};
	char path[STATE_PATH_MAX];
	int fd = highwater_open(p->state, p->why);

	if (fd < 0)
		return false;
	memcpy(mark.store_id, p->identity.id, sizeof mark.store_id);
	highwater_write(fd, &mark);
	close(fd);
	statedir_wake(p->state);
	if (path_of(p, path, "suspect"))
		unlink(path);
	if (ballast_make(p->state) == BALLAST_NO_ROOM)
		log_warning(
			"the disk of %s is full: no frames are taken until there is room",
			p->state);
	return statedir_sync(p->state, p->why);
}

static enum prepare_result prepare(struct preparation *p)
{
	char path[STATE_PATH_MAX];
	enum check_result result;
	uint64_t last;

	if (!store_salvage_finish(p->state, p->why) || !path_of(p, path, "suspect"))
		return PREPARE_FAILED;
	p->is_suspect = access(path, F_OK) == 0;
	if (!path_of(p, path, "frames.db") || (!is_there(path) && !make_new(p)) ||
	    !sync_log(p))
		return PREPARE_FAILED;
	result = look_and_salvage(p);
	if (result != CHECK_FINE)
		return result == CHECK_NEWER ? PREPARE_NEWER : PREPARE_FAILED;
	if (!settle(p, &last) || !identity_adopt_places(p->state, &p->identity, p->why) ||
	    !make_files(p, last))
		return PREPARE_FAILED;
	return PREPARE_FINE;
}

enum prepare_result store_prepare(const char *state, struct reason *why)
{
	struct turnstile turnstile = TURNSTILE_CLOSED;
	struct reason unused;
	struct preparation p = {.state = state, .why = why != NULL ? why : &unused};
	enum prepare_result result = PREPARE_FAILED;

	ballast_is_needed(state); /* to open the database takes some room as well */
	if (statedir_make(state, p.why) && turnstile_open(&turnstile, state, p.why) &&
	    turnstile_enter(&turnstile, p.why))
		result = prepare(&p);
	db_close(p.db);
	turnstile_close(&turnstile);
	return result;
}
