/* SPDX-License-Identifier: MIT */
/* What can be said of the store without reading it whole. */
#include "clock.h"
#include "store_internal.h"

#define COUNT_MAX       100000 /* frames that are counted one by one */
#define WINDOW_MS       600000
#define WINDOW_LEAST_MS 60000

static uint64_t read_number(struct db_statement *q, uint64_t otherwise)
{
	uint64_t number =
		db_step(q, NULL) > 0 ? (uint64_t)db_column_number(q, 0) : otherwise;

	db_reset(q);
	return number;
}

uint64_t store_last_id(struct store *s)
{
	return read_number(s->reader.last, 0);
}

uint64_t store_first_id(struct store *s)
{
	uint64_t first = read_number(s->reader.first, 0);

	return first != 0 ? first : store_last_id(s) + 1;
}

uint64_t store_frames_between(struct store *s, uint64_t after, uint64_t until)
{
	(void)s; /* no id is ever given to anything but a frame, or given back */
	return until > after ? until - after : 0;
}

int64_t store_oldest_after(struct store *s, uint64_t after)
{
	db_bind_number(s->reader.oldest, 1, (int64_t)after);
	db_bind_number(s->reader.oldest, 2, 1);
	return (int64_t)read_number(s->reader.oldest, (uint64_t)-1);
}

uint64_t store_input_received(struct store *s, const char *input)
{
	struct db_statement *q;
	uint64_t received;

	if (!db_prepare(s->db, &q, "SELECT received FROM input WHERE name = ?1", NULL))
		return 0;
	db_bind_text(q, 1, input);
	received = read_number(q, 0);
	db_finalize(q);
	return received;
}

/* The first frame of [from, until] whose clock was right. */
static bool probe(struct store *s, uint64_t from, uint64_t until, uint64_t *id,
                  int64_t *received_ms)
{
	struct db_statement *q = s->reader.probe;
	bool is_found;

	db_bind_number(q, 1, (int64_t)from);
	db_bind_number(q, 2, (int64_t)until);
	is_found = db_step(q, NULL) > 0;
	if (is_found) {
		*id = (uint64_t)db_column_number(q, 0);
		*received_ms = db_column_number(q, 1);
	}
	db_reset(q);
	return is_found;
}

/* A binary search: where the clock went back, one of several answers that are right. */
uint64_t store_find_time(struct store *s, int64_t wall_ms)
{
	uint64_t low = store_first_id(s), high = store_last_id(s), found = 0;

	while (low <= high) {
		uint64_t middle = low + (high - low) / 2, id;
		int64_t received_ms;

		if (probe(s, middle, high, &id, &received_ms) && received_ms < wall_ms) {
			found = id;
			low = id + 1;
		} else {
			high = middle - 1;
		}
	}
	return found;
}

/* Exact while it is quick; else by the ids, less what gaps say of their middle. */
static bool count_frames(struct store *s, struct store_numbers *out, struct reason *why)
{
	int64_t count, lost;

	if (out->last_id < out->first_id) {
		out->frames = 0;
		return true;
	}
	if (out->last_id - out->first_id < COUNT_MAX) {
		if (!db_number(s->db, "SELECT count(*) FROM frame", &count, why))
			return false;
		out->frames = (uint64_t)count;
		return true;
	}
	if (!db_number(s->db,
	               "SELECT coalesce(sum(last - max(first, low) + 1), 0) FROM gap,"
	               " (SELECT min(id) AS low FROM frame) WHERE last >= low",
	               &lost, why))
		return false;
	out->frames = out->last_id - out->first_id + 1 - (uint64_t)lost;
	return true;
}

/* Bytes a frame takes, times frames of the last ten minutes, or of a younger store's
 * life. */
static double growth(struct store *s, const struct store_numbers *n)
{
	int64_t now = clock_wall_ms(), span = WINDOW_MS, received_ms;
	uint64_t before = store_find_time(s, now - WINDOW_MS), id;

	if (n->frames == 0)
		return 0;
	if (before == 0) {
		before = n->first_id - 1;
		if (probe(s, n->first_id, n->last_id, &id, &received_ms))
			span = now - received_ms;
	}
	span = span < WINDOW_LEAST_MS ? WINDOW_LEAST_MS
	       : span > WINDOW_MS     ? WINDOW_MS
	                              : span;
	return (double)n->bytes / (double)n->frames * (double)(n->last_id - before) *
	       1000 / (double)span;
}

bool store_numbers(struct store *s, struct store_numbers *out, struct reason *why)
{
	int64_t pages, free_pages;

	*out = (struct store_numbers){.first_id = store_first_id(s),
	                              .last_id = store_last_id(s)};
	if (!db_number(s->db, "PRAGMA page_count", &pages, why) ||
	    !db_number(s->db, "PRAGMA freelist_count", &free_pages, why) ||
	    !db_number(s->db, "SELECT count(*) FROM quarantine", &out->quarantined,
	               why) ||
	    !count_frames(s, out, why))
		return store_failed(s, why);
	out->bytes = (pages - free_pages) * 4096;
	out->bytes_per_s = growth(s, out);
	return true;
}
