/* SPDX-License-Identifier: MIT */
/* Groups of frames into the store: turnstile, one transaction, one sync. */
#include <assert.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "ballast.h"
#include "clock.h"
#include "highwater.h"
#include "store_internal.h"

#define BALLAST_EVERY_MS 1000
#define WEIGH_AFTER      65536 /* bytes appended */
#define QUARANTINE_MAX   (INT64_C(16) << 20)
#define QUARANTINE_LOOK  (INT64_C(1) << 20)
#define QUARANTINE_ROW   100 /* of a row beside its raw bytes, about */
#define EVICT_OVERDRAFT  500 /* frames at a time, while the store is above max_size */
#define EVICT_ROUNDS     40

bool store_prepare_writer(struct store *s, struct reason *why)
{
	struct store_writer *w = &s->writer;

	w->ballast_ms = INT64_MIN;
	w->garbage = QUARANTINE_LOOK; /* look at the first */
	w->unweighed = WEIGH_AFTER;
	w->wake_fd = statedir_open(s->state, "wake", why);
	w->high_fd = highwater_open(s->state, why);
	return w->wake_fd >= 0 && w->high_fd >= 0 &&
	       turnstile_open(&w->turnstile, s->state, why) &&
	       db_trust_own_rows(s->db, why) &&
	       db_prepare(s->db, &w->begin, "BEGIN IMMEDIATE", why) &&
	       db_prepare(s->db, &w->commit, "COMMIT", why) &&
	       store_prepare_append(s, why) &&
	       db_prepare(s->db, &w->quarantine,
	                  "INSERT INTO quarantine (received, source, raw, reason)"
	                  " VALUES (?1, ?2, ?3, ?4)",
	                  why);
}

void store_close_writer(struct store *s)
{
	if (s->writer.in_group)
		store_rollback(s);
	turnstile_close(&s->writer.turnstile);
	if (s->writer.high_fd >= 0)
		close(s->writer.high_fd);
	if (s->writer.wake_fd >= 0)
		close(s->writer.wake_fd);
}

static int64_t read_number(struct db_statement *q)
{
	int64_t number = db_step(q, NULL) > 0 ? db_column_number(q, 0) : -1;

	db_reset(q);
	return number;
}

bool store_give_up(struct store *s, struct reason *why)
{
	store_failed(s, why);
	store_rollback(s);
	return false;
}

/* Without ballast nothing is taken in: what room there is belongs to outputs that settle.
 */
static bool has_ballast(struct store *s, struct reason *why)
{
	struct store_writer *w = &s->writer;
	int64_t now = clock_monotonic_ms();

	if (ballast_is_there(s->state))
		return true;
	if (w->ballast_ms == INT64_MIN || now - w->ballast_ms >= BALLAST_EVERY_MS) {
		w->ballast_ms = now;
		if (ballast_make(s->state) != BALLAST_NO_ROOM)
			return true;
	}
	s->trouble = STORE_FULL;
	return fail(why, DISK_FULL);
}

bool store_pass_turnstile(struct store *s, enum store_wait wait, struct reason *why)
{
	if (wait == WAIT_TURN)
		return turnstile_enter(&s->writer.turnstile, why) || store_is_broken(s);
	s->trouble = STORE_BUSY;
	return turnstile_try(&s->writer.turnstile) ||
	       fail(why, "somebody writes the store");
}

bool store_enter(struct store *s, enum store_wait wait, struct reason *why)
{
	struct store_writer *w = &s->writer;

	assert(!w->in_group && w->begin != NULL);
	if (!store_pass_turnstile(s, wait, why))
		return false;
	if (!store_is_in_place(s, why) ||
	    (!db_execute(w->begin, why) && !store_failed(s, why))) {
		turnstile_leave(&w->turnstile);
		return false;
	}
	w->in_group = true;
	w->last = 0;
	w->source_count = 0;
	return true;
}

int64_t store_used_bytes(struct store *s)
{
	return (read_number(s->reader.pages) - read_number(s->reader.free_pages)) * 4096;
}

int64_t store_growth(struct store *s)
{
	int64_t pages = read_number(s->reader.pages);
	char path[STATE_PATH_MAX];
	struct stat info;

	if (!statedir_path(path, s->state, "frames.db") || stat(path, &info) != 0)
		return 0;
	return pages * 4096 > (int64_t)info.st_size ? pages * 4096 - (int64_t)info.st_size
	                                            : 0;
}

/* Whether the log could not be copied back if it grew: then nothing could be purged
 * either. */
static bool is_tight(struct store *s)
{
	struct statvfs disk;

	return statvfs(s->state, &disk) == 0 &&
	       (int64_t)disk.f_bavail * (int64_t)disk.f_frsize <
	               store_growth(s) + ballast_size(s->state) / 2;
}

/* Asked again when much was appended since, as these are no quick questions. */
static enum store_room weigh(struct store *s)
{
	struct store_writer *w = &s->writer;

	if (w->unweighed < WEIGH_AFTER && w->room == ROOM_ENOUGH)
		return ROOM_ENOUGH;
	w->unweighed = 0;
	w->room = is_tight(s)                                             ? ROOM_NONE
	          : w->max_size > 0 && store_used_bytes(s) >= w->max_size ? ROOM_SPENT
	                                                                  : ROOM_ENOUGH;
	return w->room;
}

/* Ends the group that there is no room for. */
static bool refuse(struct store *s, struct reason *why)
{
	store_rollback(s);
	s->trouble = STORE_FULL;
	if (s->writer.room == ROOM_NONE)
		return fail(why, DISK_FULL);
	return fail(why, "the store is full (max_size is %lld bytes)",
	            (long long)s->writer.max_size);
}

bool store_begin(struct store *s, struct reason *why)
{
	if (!has_ballast(s, why) || !store_enter(s, WAIT_TURN, why))
		return false;
	return weigh(s) == ROOM_ENOUGH || refuse(s, why);
}

bool store_begin_evicting(struct store *s, uint64_t frames, struct reason *why)
{
	if (!has_ballast(s, why) || !store_enter(s, WAIT_TURN, why))
		return false;
	if (weigh(s) == ROOM_SPENT && !store_evict(s, frames, why))
		return false;
	for (int i = 0; i < EVICT_ROUNDS && weigh(s) == ROOM_SPENT; i++)
		if (!store_evict(s, EVICT_OVERDRAFT, why))
			return false;
	return weigh(s) != ROOM_NONE || refuse(s, why);
}

/* The oldest id that stays when the total is to be at most QUARANTINE_MAX; 0: all stay.
 */
static bool find_quarantine_limit(struct store *s, int64_t *oldest, struct reason *why)
{
	int64_t total = 0;
	struct db_statement *q;
	int rows;

	*oldest = 0;
	if (!db_prepare(s->db, &q,
	                "SELECT id, length(raw) FROM quarantine ORDER BY id DESC", why))
		return false;
	while ((rows = db_step(q, why)) > 0) {
		total += db_column_number(q, 1) + QUARANTINE_ROW;
		if (total > QUARANTINE_MAX)
			break;
		*oldest = db_column_number(q, 0);
	}
	if (rows == 0)
		*oldest = 0;
	db_finalize(q);
	return rows >= 0;
}

static bool bound_quarantine(struct store *s, size_t added, struct reason *why)
{
	struct db_statement *q;
	int64_t oldest;
	bool is_done;

	s->writer.garbage += (int64_t)added + QUARANTINE_ROW;
	if (s->writer.garbage < QUARANTINE_LOOK)
		return true;
	s->writer.garbage = 0;
	if (!find_quarantine_limit(s, &oldest, why))
		return false;
	if (oldest == 0)
		return true;
	if (!db_prepare(s->db, &q, "DELETE FROM quarantine WHERE id < ?1", why))
		return false;
	db_bind_number(q, 1, oldest);
	is_done = db_execute(q, why);
	db_finalize(q);
	return is_done;
}

bool store_quarantine(struct store *s, const struct frame *f, const char *reason,
                      struct reason *why)
{
	struct db_statement *q = s->writer.quarantine;
	size_t len = f->raw.len < FRAME_TEXT_MAX ? f->raw.len : FRAME_TEXT_MAX;

	assert(s->writer.in_group);
	db_bind_number(q, 1, f->received_ms);
	db_bind_text(q, 2, f->source);
	db_bind_bytes(q, 3, len == 0 ? "" : f->raw.data, len);
	db_bind_text(q, 4, reason);
	return (db_execute(q, why) && bound_quarantine(s, len, why)) ||
	       store_give_up(s, why);
}

/* A group without frames keeps the number of the one before it. */
static void write_mark(struct store *s)
{
	struct highwater mark = {.last = s->writer.last};

	if (mark.last == 0 && highwater_read(s->writer.high_fd, &mark) &&
	    strcmp(mark.store_id, s->id) != 0)
		return;
	memcpy(mark.store_id, s->id, sizeof mark.store_id);
	mark.log_pages = (uint32_t)db_log_pages(s->db);
	highwater_write(s->writer.high_fd, &mark);
}

bool store_commit(struct store *s, struct reason *why)
{
	struct store_writer *w = &s->writer;

	assert(w->in_group);
	if (!store_write_counts(s, why) || !db_execute(w->commit, why))
		return store_give_up(s, why);
	w->in_group = false;
	write_mark(s);
	turnstile_leave(&w->turnstile);
	if (w->last != 0)
		statedir_touch(w->wake_fd);
	return true;
}

void store_rollback(struct store *s)
{
	assert(s->writer.in_group);
	db_rollback(s->db);
	s->writer.in_group = false;
	turnstile_leave(&s->writer.turnstile);
}
