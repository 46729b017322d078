/* SPDX-License-Identifier: MIT */
/* What the files store_*.c share; no other file includes it. */
#ifndef CORE_STORE_INTERNAL_H
#define CORE_STORE_INTERNAL_H

#include "db.h"
#include "log.h"
#include "statedir.h"
#include "store.h"
#include "store_keep.h"
#include "store_row.h"
#include "turnstile.h"

#define SOURCES 4 /* counted in memory while a group is open */

struct store_source {
	char name[FRAME_SOURCE_MAX + 1];
	int64_t received;
	int64_t latest_ms;
};

#define DISK_FULL "the disk is full (frames are taken again when there is room)"

enum store_room {
	ROOM_ENOUGH,
	ROOM_SPENT, /* the store is at its max_size */
	ROOM_NONE,  /* the disk is full, or nearly */
};

struct store_writer {
	struct turnstile turnstile;
	int high_fd, wake_fd;
	int64_t max_size;
	size_t unweighed;     /* bytes appended since the store was weighed */
	enum store_room room; /* when it was */
	int64_t ballast_ms;   /* monotonic: when it was last tried to make it */
	int64_t garbage;      /* bytes quarantined since their total was last looked at */
	bool in_group;
	uint64_t last; /* id of the group, 0: no frame yet */
	struct store_source sources[SOURCES];
	unsigned source_count;
	struct db_statement *begin, *commit, *append, *append_many, *count, *quarantine;
};

struct store_reader {
	struct db_statement *rows, *wanted, *id_only, *whole, *last, *first, *probe,
		*oldest, *pages, *free_pages;
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
bool store_prepare_append(struct store *s, struct reason *why); /* store_append.c */
/* What the group brought by input, into the database. */
bool store_write_counts(struct store *s, struct reason *why);
void store_close_writer(struct store *s);
/* Alone; the caller leaves it. */
bool store_pass_turnstile(struct store *s, enum store_wait wait, struct reason *why);
/* Through the turnstile and into a transaction. */
bool store_enter(struct store *s, enum store_wait wait, struct reason *why);
/* Ends the group whose last step failed; returns false. */
bool store_give_up(struct store *s, struct reason *why);

#endif
