/* SPDX-License-Identifier: MIT */
/*
 * One file that lines are appended to: what waits to be written, and the writing itself,
 * whole lines or nothing.  Knows nothing of messages but their ids.
 */
#ifndef FILE_TARGET_H
#define FILE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "beneath.h"

struct target_line {
	uint64_t id; /* of the message */
	size_t at;   /* where its line begins in `data` */
};

/* All zero but fd = -1 is a valid empty target. */
struct target {
	char *path;      /* owned; NULL: not in use */
	size_t base_len; /* of path */
	uint64_t turn;   /* when it was used last, in turns of the caller's */
	int64_t used_ms; /* when it was opened or written last, by the caller's clock */

	int fd; /* -1: not open */
	dev_t device;
	ino_t inode;
	off_t end;     /* its length after our last write, or when it was opened */
	off_t start;   /* where the lines written last begin */
	bool is_dirty; /* written and not synced */

	char *data; /* the lines that wait */
	size_t len, size;
	struct target_line *line; /* one for each */
	size_t count, room;
};

/* Whether the file may be made, must outlive power cuts, and was made: see
 * beneath_open(). */
struct target_wish {
	bool is_durable;
	bool may_create;
	bool is_new;
};

/* Takes a copy of the path; false: out of memory. */
bool target_name(struct target *t, const char *path, size_t base_len);

/* Closes the file and frees everything; what waits is forgotten. */
void target_free(struct target *t);

/* Opens the file unless it is open already and still the one that the path names. */
bool target_open(struct target *t, struct target_wish *wish, struct why *why);

/* Lets a line wait, its line end is added; false: out of memory, nothing was added. */
bool target_add(struct target *t, uint64_t id, const char *text, size_t len);

/*
 * Appends what waits.  A last line without an end, which a crash or another program left,
 * is ended first, so that it stays alone.  False: nothing of ours is in the file,
 * unless another program appended meanwhile or the file was closed for it.
 */
bool target_write(struct target *t, struct why *why);

/*
 * Makes what was written durable.  False: lines that still wait were taken out of the
 * file as above, and it was closed.
 */
bool target_sync(struct target *t, struct why *why);

/* Forgets the lines that waited. */
void target_clear(struct target *t);

#endif
