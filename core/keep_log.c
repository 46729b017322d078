/* SPDX-License-Identifier: MIT */
/* When SQLite's log is copied back into the database.  Knows nothing of frames. */
#include "ballast.h"
#include "clock.h"
#include "keep_internal.h"

#define QUIET_MS     10000 /* nothing was written for so long */
#define LOG_COPY_AT  1000  /* new pages: copied back when nobody wants the gate */
#define LOG_MUST_AT  2000  /* new pages: whoever wants it */
#define LOG_NEW_AT   6000  /* pages: it is to begin anew, readers have to wait */
#define LOG_SHARE    4     /* then, of the ballast */
#define LOG_IDLE     (INT64_C(8) << 20)  /* bytes that a quiet store's log may have */
#define LOG_MUCH     (INT64_C(64) << 20) /* bytes that somebody should know of */
#define FOREIGN_ROWS 500                 /* of programs that leave no mark */

int64_t keep_copy_log(struct keep *k, enum store_log how, enum store_wait wait,
                      struct reason *why)
{
	int64_t pages = store_log_pages(k->store);
	enum store_step step = store_checkpoint(k->store, how, wait, why);
	if (step == STEP_DONE || step == STEP_MORE) {
		/* What a reader holds back is copied with the next pages. */
		k->copied_pages = pages;
		k->copied_id = store_last_id(k->store);
		k->has_cut = false;
		return KEEP_IDLE_MS;
	}
	return keep_due_after(k, step);
}

/* Rows of programs that leave no mark, since the log was copied back. */
static uint64_t foreign_rows(const struct keep *k)
{
	uint64_t last = store_last_id(k->store), known = store_marked_id(k->store);

	known = known > k->copied_id ? known : k->copied_id;
	return last > known ? last - known : 0;
}

static void complain_of_log(struct keep *k, int64_t bytes)
{
	if (bytes > LOG_MUCH)
		complain(&k->log, LOG_LEVEL_WARNING,
		         "the log of frames.db has %lld MB: a program may have been "
		         "reading "
		         "it for long",
		         (long long)(bytes >> 20));
	else
		complaint_release(&k->log, "the log of frames.db is short again");
}

/* While room is scarce the log stays so short that the ballast is enough to copy it. */
static void find_log_limits(const struct keep *k, int64_t *copy_at, int64_t *must_at)
{
	*copy_at = LOG_COPY_AT;
	*must_at = LOG_MUST_AT;
	if (keep_is_scarce(k))
		*copy_at = *must_at = ballast_size(k->state) / 4096 / LOG_SHARE;
}

int64_t keep_log(struct keep *k, struct reason *why)
{
	int64_t pages = store_log_pages(k->store), bytes = store_log_bytes(k->store);
	int64_t fresh = pages >= k->copied_pages ? pages - k->copied_pages : pages;
	bool is_quiet = clock_monotonic_ms() - k->quiet_ms >= QUIET_MS;
	int64_t copy_at, must_at;

	complain_of_log(k, bytes);
	find_log_limits(k, &copy_at, &must_at);
	if (fresh >= must_at)
		return keep_copy_log(k, pages >= LOG_NEW_AT ? LOG_RESTART : LOG_COPY,
		                     WAIT_TURN, why);
	if (fresh >= copy_at || foreign_rows(k) >= FOREIGN_ROWS)
		return keep_copy_log(k, LOG_COPY, keep_patience(k), why);
	if (bytes > LOG_IDLE || (k->has_cut && bytes > 0))
		return is_quiet ? keep_copy_log(k, LOG_CUT, WAIT_NOT, why) : QUIET_MS;
	return KEEP_IDLE_MS;
}
