/* SPDX-License-Identifier: MIT */
/* Frames into the group at hand: one, or several by one statement; counted by input. */
#include <assert.h>
#include <string.h>

#include "store_internal.h"
#include "store_row.h"

#define ROW_BYTES 64 /* of a frame beside its three big columns, about */

#define INTO_FRAME "INSERT INTO frame (" STORE_ROW_WRITTEN ") VALUES "
#define ROW        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
#define FOUR_ROWS  ROW ", " ROW ", " ROW ", " ROW

_Static_assert(STORE_MANY == 8, "the statement for many has eight rows");

bool store_prepare_append(struct store *s, struct reason *why)
{
	struct store_writer *w = &s->writer;

	return db_prepare(s->db, &w->append, INTO_FRAME ROW, why) &&
	       db_prepare(s->db, &w->append_many, INTO_FRAME FOUR_ROWS ", " FOUR_ROWS,
	                  why) &&
	       db_prepare(s->db, &w->count,
	                  "INSERT INTO input (name, received, latest) VALUES (?1, ?2, ?3)"
	                  " ON CONFLICT (name) DO UPDATE SET"
	                  " received = received + excluded.received, latest = "
	                  "excluded.latest",
	                  why);
}

static bool write_count(struct store *s, const struct store_source *source,
                        struct reason *why)
{
	struct db_statement *q = s->writer.count;

	db_bind_text(q, 1, source->name);
	db_bind_number(q, 2, source->received);
	db_bind_number(q, 3, source->latest_ms);
	return db_execute(q, why);
}

bool store_write_counts(struct store *s, struct reason *why)
{
	for (unsigned i = 0; i < s->writer.source_count; i++)
		if (!write_count(s, &s->writer.sources[i], why))
			return false;
	return true;
}

/* Counts in memory, one row an input and group; a group of many sources writes sooner. */
static bool count_source(struct store *s, const struct frame *f, struct reason *why)
{
	struct store_writer *w = &s->writer;
	struct store_source *source = w->sources;

	while (source < w->sources + w->source_count &&
	       strcmp(source->name, f->source) != 0)
		source++;
	if (source == w->sources + SOURCES) {
		source--;
		if (!write_count(s, source, why))
			return false;
		w->source_count--;
	}
	if (source == w->sources + w->source_count) {
		w->source_count++;
		memcpy(source->name, f->source, sizeof source->name);
		source->received = 0;
	}
	source->received++;
	source->latest_ms = f->received_ms;
	return true;
}

static bool check_frame(struct store *s, const struct frame *f, struct reason *why)
{
	s->trouble = STORE_REFUSED;
	if (f->readings.failed || f->undecoded.failed || f->raw.failed)
		return fail(why, "out of memory");
	if (f->readings.len > FRAME_TEXT_MAX || f->raw.len > FRAME_TEXT_MAX ||
	    f->undecoded.len > FRAME_TEXT_MAX)
		return fail(why, "the frame has more than %d bytes", FRAME_TEXT_MAX);
	if (f->readings.len < 2 || f->readings.data[0] != '{')
		return fail(why, "the frame's readings are no JSON object");
	s->trouble = STORE_FINE;
	return true;
}

/* What the database would not take: the group goes on, but for a failure of its own. */
static bool append_failed(struct store *s, struct reason *why)
{
	if (db_trouble(s->db) != DB_REFUSED)
		return store_give_up(s, why);
	return store_failed(s, why);
}

/* A frame that is in the table, under the number `id`. */
static bool note_frame(struct store *s, struct frame *f, uint64_t id, struct reason *why)
{
	struct store_writer *w = &s->writer;

	f->id = id;
	w->last = id;
	w->unweighed += f->readings.len + f->undecoded.len + f->raw.len + ROW_BYTES;
	return count_source(s, f, why) || store_give_up(s, why);
}

bool store_append(struct store *s, struct frame *f, struct reason *why)
{
	struct db_statement *q = s->writer.append;

	assert(s->writer.in_group && f->source[0] != '\0');
	if (!check_frame(s, f, why))
		return false;
	store_row_bind(q, 1, f);
	if (!db_execute(q, why))
		return append_failed(s, why);
	return note_frame(s, f, (uint64_t)db_last_id(s->db), why);
}

bool store_append_many(struct store *s, struct frame *const frames[STORE_MANY],
                       struct reason *why)
{
	struct db_statement *q = s->writer.append_many;
	uint64_t first;

	assert(s->writer.in_group);
	for (int i = 0; i < STORE_MANY; i++) {
		assert(frames[i]->source[0] != '\0');
		if (!check_frame(s, frames[i], why))
			return false;
		store_row_bind(q, 1 + i * STORE_ROW_BINDS, frames[i]);
	}
	if (!db_execute(q, why))
		return append_failed(s, why);
	/* nobody else writes meanwhile: the ids of one statement have no gap */
	first = (uint64_t)db_last_id(s->db) - (STORE_MANY - 1);
	for (unsigned i = 0; i < STORE_MANY; i++)
		if (!note_frame(s, frames[i], first + i, why))
			return false;
	return true;
}
