/* SPDX-License-Identifier: MIT */
/* Shrinking and checkpointing the store, and looking for what is old.  Knows how, not
 * when. */
#include "store_keep.h"

#include <sys/stat.h>

#include "clock.h"
#include "highwater.h"
#include "store_internal.h"

#define DAY_MS    86400000
#define READER_MS 100 /* writers wait that long for a reader at most */

bool store_open_keeper(struct store **out, const char *state, struct reason *why)
{
	if (!store_open_writer(out, state, 0, why))
		return false;
	/* The log's order makes a later commit that is synced carry these along. */
	if (db_run((*out)->db, "PRAGMA synchronous = NORMAL", why))
		return true;
	store_close(*out);
	*out = NULL;
	return false;
}

static enum store_step not_entered(const struct store *s)
{
	return store_trouble(s) == STORE_BUSY ? STEP_BUSY : STEP_FAILED;
}

enum store_step store_give_back(struct store *s, unsigned pages, enum store_wait wait,
                                struct reason *why)
{
	struct buf sql = {0};
	bool is_done;

	if (!store_enter(s, wait, why))
		return not_entered(s);
	buf_format(&sql, "PRAGMA incremental_vacuum(%u)", pages);
	is_done = db_run(s->db, buf_string(&sql), why);
	buf_free(&sql);
	if (!is_done) {
		store_give_up(s, why);
		return STEP_FAILED;
	}
	if (!store_commit(s, why))
		return STEP_FAILED;
	return store_freed_bytes(s) > 0 ? STEP_MORE : STEP_DONE;
}

enum store_step store_checkpoint(struct store *s, enum store_log how,
                                 enum store_wait wait, struct reason *why)
{
	static const enum db_copy copies[] = {[LOG_COPY] = DB_COPY,
	                                      [LOG_RESTART] = DB_COPY_RESTART,
	                                      [LOG_CUT] = DB_COPY_CUT};
	bool is_done;
	int left = 0;

	if (!store_pass_turnstile(s, wait, why))
		return not_entered(s);
	db_wait(s->db, how == LOG_COPY ? 0 : READER_MS);
	is_done = store_is_in_place(s, why) &&
	          (db_checkpoint(s->db, copies[how], &left, why) || store_failed(s, why));
	db_wait(s->db, DB_WAIT_MS);
	turnstile_leave(&s->writer.turnstile);
	if (is_done)
		return left > 0 ? STEP_MORE : STEP_DONE;
	return store_trouble(s) == STORE_BUSY ? STEP_MORE : STEP_FAILED;
}

int64_t store_log_bytes(const struct store *s)
{
	char path[STATE_PATH_MAX];
	struct stat info;

	return statedir_path(path, s->state, "frames.db-wal") && stat(path, &info) == 0
	               ? (int64_t)info.st_size
	               : 0;
}

int64_t store_log_pages(const struct store *s)
{
	struct highwater mark;

	return highwater_read(s->writer.high_fd, &mark) ? mark.log_pages : 0;
}

uint64_t store_marked_id(const struct store *s)
{
	struct highwater mark;

	return highwater_read(s->writer.high_fd, &mark) ? mark.last : 0;
}

int64_t store_freed_bytes(struct store *s)
{
	int64_t pages;

	return db_number(s->db, "PRAGMA freelist_count", &pages, NULL) ? pages * 4096
	                                                               : -1;
}

uint64_t store_find_old(struct store *s, const struct store_range *range,
                        int64_t cutoff_ms)
{
	int64_t latest_ms = clock_wall_ms() + DAY_MS;
	struct db_statement *q;
	uint64_t found = 0;

	if (!db_prepare(
		    s->db, &q,
		    "SELECT id, received, clock_ok FROM frame WHERE id > ?1 AND id <= ?2"
		    " ORDER BY id LIMIT ?3",
		    NULL))
		return 0;
	db_bind_number(q, 1, (int64_t)range->after);
	db_bind_number(q, 2, (int64_t)range->until);
	db_bind_number(q, 3, range->limit);
	while (db_step(q, NULL) > 0) {
		int64_t received_ms = db_column_number(q, 1);

		if (db_column_number(q, 2) == 0 || !clock_is_plausible(received_ms) ||
		    received_ms > latest_ms)
			continue;
		if (received_ms >= cutoff_ms)
			break;
		found = (uint64_t)db_column_number(q, 0);
	}
	db_finalize(q);
	return found;
}
