/* SPDX-License-Identifier: MIT */
/* What the files store_*.c share; no other file includes it. */
#ifndef CORE_STORE_INTERNAL_H
#define CORE_STORE_INTERNAL_H

#include "db.h"
#include "log.h"
#include "statedir.h"
#include "store.h"
#include "store_keep.h"
#include "turnstile.h"

#define SOURCES 4 /* counted in memory while a group is open */

struct store_source {
	char name[FRAME_SOURCE_MAX + 1];
	int64_t received;
	int64_t latest_ms;
};

struct store_writer {
	struct turnstile turnstile;
	int high_fd;
	int64_t max_size;
	int64_t ballast_ms; /* monotonic: when it was last tried to make it */
	int64_t garbage;    /* bytes quarantined since their total was last looked at */
	bool in_group;
	uint64_t last; /* id of the group, 0: no frame yet */
	struct store_source sources[SOURCES];
	unsigned source_count;
	struct db_statement *begin, *commit, *append, *count, *quarantine, *pages,
		*free_pages;
};

struct store_reader {
	struct db_statement *rows, *wanted, *id_only, *whole, *last, *first, *probe,
		*oldest;
	bool has_select;
	struct frame frame;
	struct complaint stumble, damage;
};

struct store {
	struct db *db;
	char state[STATE_PATH_MAX];
	char id[STORE_ID_SIZE];
	enum store_trouble trouble;
	struct store_writer writer;
	struct store_reader reader; /* a writer can read, too */
};

/* Sets s->trouble from what the database met, gives up the ballast when the disk is full,
 * and marks the store as suspect when it is damaged.  Returns false. */
bool store_failed(struct store *s, struct reason *why);
/* For failures of other kinds; returns false. */
bool store_is_broken(struct store *s);

/* Whether frames.db is still the file that was opened. */
bool store_is_in_place(struct store *s, struct reason *why);

bool store_prepare_reader(struct store *s, struct reason *why); /* store_read.c */
bool store_prepare_writer(struct store *s, struct reason *why); /* store_write.c */
void store_close_writer(struct store *s);
/* Through the turnstile and into a transaction. */
bool store_enter(struct store *s, enum store_wait wait, struct reason *why);
/* Ends the group whose last step failed; returns false. */
bool store_give_up(struct store *s, struct reason *why);

/* A row of frame: the columns as they come first in a SELECT, without raw. */
#define STORE_ROW_COLUMNS "id, " STORE_ROW_SHOWN
#define STORE_ROW_SHOWN                                                                  \
	"received, measured, clock_ok, source, node, serial, sequence, type, "           \
	"duplicate, "                                                                    \
	"undecoded, readings"
enum { STORE_ROW_WIDTH = 12 };
/* Makes a frame of the row that stands.  False when its readings were none. */
bool store_row_read(struct db_statement *row, struct frame *out);
/* When the column raw comes behind them. */
void store_row_read_raw(struct db_statement *row, struct frame *out);
/* The text as readings of `out`; false, and nothing done, when it cannot be. */
bool store_row_set_readings(struct frame *out, const char *text, size_t len);

/* The same in an INSERT, but for the id. */
#define STORE_ROW_WRITTEN STORE_ROW_SHOWN ", raw"
#define STORE_ROW_BOUND   "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12"
/* Binds what STORE_ROW_BOUND names; the frame is borrowed until the next reset. */
void store_row_bind(struct db_statement *row, const struct frame *f);

#endif
