/* SPDX-License-Identifier: MIT */
/* Housekeeping: decides which frames go, and when the log is copied back. */
#include "keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "ballast.h"
#include "clock.h"
#include "log.h"
#include "place.h"
#include "statedir.h"
#include "store_keep.h"

#define IDLE_MS      60000
#define SOON_MS      20    /* somebody writes just now */
#define RETRY_MS     1000  /* the disk is full, or a foreign program holds the store */
#define PATIENCE_MS  1000  /* with who wants the gate */
#define FRAMES_MS    1000  /* between two looks at what may go */
#define QUIET_MS     10000 /* nothing was written for so long */
#define STEPS_MAX    50    /* of purging, a round */
#define STEP_FIRST   500   /* frames a step, at first */
#define STEP_LEAST   50
#define STEP_MOST    5000
#define STEP_MS      3      /* what a step should take */
#define LOOK_MAX     200000 /* frames whose age is looked at, a round */
#define LOG_COPY_AT  1000   /* new pages: copied back when nobody wants the gate */
#define LOG_MUST_AT  4000   /* new pages: whoever wants it */
#define LOG_NEW_AT   8000   /* pages: it is to begin anew, readers have to wait */
#define SCARCE       4      /* ballasts of room left: careful steps, and a short log */
#define LOG_SHARE    4      /* then, of the ballast */
#define LOG_IDLE     (INT64_C(8) << 20)  /* bytes that a quiet store's log may have */
#define LOG_MUCH     (INT64_C(64) << 20) /* bytes that somebody should know of */
#define FOREIGN_ROWS 500                 /* of programs that leave no mark */
#define FREED_LEAST  (INT64_C(16) << 20) /* bytes worth giving back */
#define GIVE_BACK    256                 /* pages a step */
#define FULL_PERCENT 90                  /* of the limit: `keep` is cut short */
#define EASY_PERCENT 85                  /* until so much is left */

struct keep {
	char state[STATE_PATH_MAX];
	struct keep_rules rules;
	struct store *store;
	unsigned step;         /* frames to purge at once */
	int64_t copied_pages;  /* of the log, when it was copied back last */
	uint64_t copied_id;    /* last id then */
	uint64_t seen_id;      /* last id of the round before */
	int64_t quiet_ms;      /* monotonic: since then it is the same */
	int64_t impatient_ms;  /* monotonic: since then a step waits; 0: none does */
	int64_t frames_due_ms; /* monotonic: when frames are looked at next */
	bool is_short;         /* of room, so that `keep` does not count */
	bool has_cut;          /* pages were given back, and the file is still as long */
	struct complaint full, tight, log;
};

/* Bytes that are left on the disk. */
static int64_t find_room(const struct keep *k)
{
	struct statvfs disk;

	return statvfs(k->state, &disk) == 0
	               ? (int64_t)disk.f_bavail * (int64_t)disk.f_frsize
	               : INT64_C(1) << 50;
}

/* Room for a few ballasts only, or not even for one, when the log is copied back. */
static bool is_scarce(const struct keep *k)
{
	return find_room(k) - store_growth(k->store) < SCARCE * ballast_size(k->state);
}

bool keep_open(struct keep **out, const char *state, const struct keep_rules *rules,
               struct reason *why)
{
	struct keep *k = calloc(1, sizeof *k);

	if (k == NULL)
		return fail(why, "out of memory");
	if (!store_open_keeper(&k->store, state, why)) {
		free(k);
		return false;
	}
	snprintf(k->state, sizeof k->state, "%s", state);
	k->rules = *rules;
	k->step = STEP_FIRST;
	k->copied_id = k->seen_id = store_last_id(k->store);
	k->quiet_ms = clock_monotonic_ms();
	*out = k;
	return true;
}

void keep_close(struct keep *k)
{
	if (k == NULL)
		return;
	store_checkpoint(k->store, LOG_CUT, WAIT_TURN, NULL);
	store_close(k->store);
	free(k);
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Steps wait for a moment when nobody wants the gate, but not for ever. */
static enum store_wait patience(const struct keep *k)
{
	return k->impatient_ms != 0 &&
	                       clock_monotonic_ms() - k->impatient_ms > PATIENCE_MS
	               ? WAIT_TURN
	               : WAIT_NOT;
}

/* When the round after this step is due; -1: the store is broken. */
static int64_t due_after(struct keep *k, enum store_step step)
{
	if (step != STEP_BUSY)
		k->impatient_ms = 0;
	else if (k->impatient_ms == 0)
		k->impatient_ms = clock_monotonic_ms();
	switch (step) {
	case STEP_DONE:
		return IDLE_MS;
	case STEP_MORE:
		return 0;
	case STEP_BUSY:
		return SOON_MS;
	case STEP_FAILED:
		break;
	}
	return store_trouble(k->store) == STORE_BROKEN ? -1 : RETRY_MS;
}

/* The log ------------------------------------------------------------------------------
 */

static int64_t copy_log(struct keep *k, enum store_log how, enum store_wait wait,
                        struct reason *why)
{
	int64_t pages = store_log_pages(k->store);
	enum store_step step;

	/* A copy that ends half way would use up the room that purging needs. */
	if (store_growth(k->store) > find_room(k))
		return RETRY_MS;
	step = store_checkpoint(k->store, how, wait, why);
	if (step == STEP_DONE || step == STEP_MORE) {
		/* What a reader holds back is copied with the next pages. */
		k->copied_pages = pages;
		k->copied_id = store_last_id(k->store);
		k->has_cut = false;
		return IDLE_MS;
	}
	return due_after(k, step);
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
		         "the log of frames.db has %lld MB: a program has been reading "
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
	if (is_scarce(k))
		*copy_at = *must_at = ballast_size(k->state) / 4096 / LOG_SHARE;
}

static int64_t keep_log(struct keep *k, struct reason *why)
{
	int64_t pages = store_log_pages(k->store), bytes = store_log_bytes(k->store);
	int64_t fresh = pages >= k->copied_pages ? pages - k->copied_pages : pages;
	bool is_quiet = clock_monotonic_ms() - k->quiet_ms >= QUIET_MS;
	int64_t copy_at, must_at;

	complain_of_log(k, bytes);
	find_log_limits(k, &copy_at, &must_at);
	if (fresh >= must_at)
		return copy_log(k, pages >= LOG_NEW_AT ? LOG_RESTART : LOG_COPY,
		                WAIT_TURN, why);
	if (fresh >= copy_at || foreign_rows(k) >= FOREIGN_ROWS)
		return copy_log(k, LOG_COPY, patience(k), why);
	if (bytes > LOG_IDLE || (k->has_cut && bytes > 0))
		return is_quiet ? copy_log(k, LOG_CUT, WAIT_NOT, why) : QUIET_MS;
	return IDLE_MS;
}

/* Frames -------------------------------------------------------------------------------
 */

/* How far all places are, and which is the last. */
struct lowest {
	const char *store_id;
	bool is_durable;
	uint64_t cursor;
};

static bool look_at_place(void *context, const char *path, const char *name)
{
	struct lowest *l = context;
	struct place_data data;

	(void)name;
	/* One that cannot be read, or is of another store, begins anew: it needs them
	 * all. */
	if (place_read(path, l->is_durable, &data) != PLACE_GOOD ||
	    strcmp(data.store_id, l->store_id) != 0)
		data.cursor = 0;
	l->cursor = data.cursor < l->cursor ? data.cursor : l->cursor;
	return true;
}

/* The last frame that every place is past; when there is no place, the last of all. */
static uint64_t find_lowest(const struct keep *k, bool is_durable)
{
	struct lowest l = {store_id(k->store), is_durable, store_last_id(k->store)};

	return statedir_each(k->state, "outputs", "place", look_at_place, &l, NULL)
	               ? l.cursor
	               : 0;
}

/* What the store may come to: max_size, or what the disk has left. */
static int64_t find_limit(const struct keep *k, int64_t used)
{
	int64_t limit = used + store_freed_bytes(k->store) + find_room(k) -
	                2 * ballast_size(k->state);

	return k->rules.max_size > 0 ? sooner(limit, k->rules.max_size) : limit;
}

static void weigh(struct keep *k)
{
	int64_t used = store_used_bytes(k->store), limit = find_limit(k, used);
	int percent = k->is_short ? EASY_PERCENT : FULL_PERCENT;

	k->is_short = used > limit / 100 * percent;
	if (k->is_short)
		complain(&k->tight, LOG_LEVEL_WARNING,
		         "the store is nearly full: frames go as soon as all outputs are "
		         "past them, "
		         "before `keep` is over");
	else
		complaint_release(&k->tight, "the store has room again");
}

/* The last frame that may go now; 0: none.  *due_ms is when one more may. */
static uint64_t find_last_to_go(const struct keep *k, uint64_t first, int64_t *due_ms)
{
	struct store_range range = {first - 1, find_lowest(k, false), LOOK_MAX};
	int64_t now = clock_wall_ms(), oldest_ms;
	uint64_t old;

	*due_ms = IDLE_MS;
	if (range.until < first)
		return 0;
	if (k->is_short)
		return range.until;
	old = store_find_old(k->store, &range, now - k->rules.keep_ms);
	oldest_ms = store_oldest_after(k->store, old == 0 ? first - 1 : old);
	if (oldest_ms >= 0 && oldest_ms <= now && oldest_ms + k->rules.keep_ms > now)
		*due_ms = sooner(IDLE_MS, oldest_ms + k->rules.keep_ms - now + 1);
	return old;
}

/* One step of purging, the next one made to take about STEP_MS. */
static enum store_step purge_step(struct keep *k, uint64_t until, struct reason *why)
{
	int64_t start = clock_monotonic_ms(), took;
	enum store_step step = store_purge(k->store, until, k->step, patience(k), why);

	took = clock_monotonic_ms() - start;
	if (step == STEP_MORE && took < STEP_MS && k->step < STEP_MOST)
		k->step *= 2;
	else if (took > 2 * STEP_MS && k->step > STEP_LEAST)
		k->step /= 2;
	return step;
}

/* While room is scarce: what a step adds to the log is cut from it before the next. */
static int64_t purge_in_need(struct keep *k, uint64_t until, struct reason *why)
{
	enum store_step step;

	k->step = k->step < STEP_FIRST ? k->step : STEP_FIRST;
	if (copy_log(k, LOG_CUT, WAIT_TURN, why) < 0)
		return -1;
	step = store_purge(k->store, until, k->step, WAIT_TURN, why);
	if (step == STEP_FAILED && store_trouble(k->store) == STORE_FULL &&
	    k->step > STEP_LEAST)
		k->step /= 2;
	return due_after(k, step);
}

static int64_t purge(struct keep *k, uint64_t until, struct reason *why)
{
	enum store_step step = STEP_MORE;
	uint64_t safe = find_lowest(k, true);

	until = safe < until ? safe : until;
	if (is_scarce(k))
		return purge_in_need(k, until, why);
	for (int i = 0; i < STEPS_MAX && step == STEP_MORE; i++) {
		step = purge_step(k, until, why);
		if (k->is_short && step == STEP_MORE) {
			weigh(k);
			if (!k->is_short)
				return 0;
		}
	}
	return due_after(k, step);
}

static int64_t keep_frames(struct keep *k, struct reason *why)
{
	int64_t now = clock_monotonic_ms(), due_ms, purge_due_ms;
	uint64_t first = store_first_id(k->store), last;

	if (now < k->frames_due_ms)
		return k->frames_due_ms - now;
	weigh(k);
	last = find_last_to_go(k, first, &due_ms);
	if (last >= first) {
		purge_due_ms = purge(k, last, why);
		if (purge_due_ms < 0)
			return -1;
		due_ms = sooner(due_ms, purge_due_ms);
	}
	k->frames_due_ms = now + sooner(due_ms, FRAMES_MS);
	return due_ms;
}

/* Room ---------------------------------------------------------------------------------
 */

static bool keep_ballast(struct keep *k)
{
	if (ballast_make(k->state) == BALLAST_NO_ROOM) {
		complain(&k->full, LOG_LEVEL_ERROR,
		         "the disk is full: no frames are taken until there is room");
		return false;
	}
	complaint_release(&k->full, "there is room on the disk again: frames are taken");
	return true;
}

static int64_t keep_room(struct keep *k, struct reason *why)
{
	bool has_ballast = keep_ballast(k);
	int64_t freed = store_freed_bytes(k->store), used = store_used_bytes(k->store);
	enum store_step step;

	if (freed <= 0 || (has_ballast && (freed < FREED_LEAST || freed < used)))
		return has_ballast ? IDLE_MS : RETRY_MS;
	step = store_give_back(k->store, GIVE_BACK, patience(k), why);
	k->has_cut = k->has_cut || step == STEP_DONE || step == STEP_MORE;
	/* On a full disk the file has to become shorter at once. */
	if (!has_ballast && step == STEP_DONE)
		return copy_log(k, LOG_CUT, WAIT_TURN, why);
	return due_after(k, step);
}

int64_t keep_round(struct keep *k, struct reason *why)
{
	static int64_t (*const parts[])(struct keep * k, struct reason * why) = {
		keep_frames,
		keep_room,
		keep_log,
	};
	uint64_t last = store_last_id(k->store);
	int64_t due_ms = IDLE_MS;

	if (last != k->seen_id) {
		k->seen_id = last;
		k->quiet_ms = clock_monotonic_ms();
	}
	for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
		int64_t part_ms = parts[i](k, why);

		if (part_ms < 0)
			return -1;
		due_ms = sooner(due_ms, part_ms);
	}
	return due_ms;
}
