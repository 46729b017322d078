/* SPDX-License-Identifier: MIT */
/*
 * The files that are open at the moment.  A path may name any number of files: the ones
 * used last stay open, and how many are made in an hour is limited.
 */
#ifndef FILE_POOL_H
#define FILE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "target.h"

#define POOL_MAX 64 /* files open at once */

struct pool {
	bool is_durable;       /* names of files must outlive a power cut */
	int64_t max_new_files; /* an hour */
	int64_t new_files;     /* in the hour that began at hour_ms */
	int64_t hour_ms;
	uint64_t turn;
	struct target *last; /* most often the next line goes where the last one went */
	struct target target[POOL_MAX];
};

void pool_init(struct pool *p, bool is_durable, int64_t max_new_files);

/* Closes all files; what waits for them is forgotten. */
void pool_free(struct pool *p);

/* The target of this path, NULL: it is not here. */
struct target *pool_find(struct pool *p, const char *path);

/* The place for one more: an empty one, or the target that was used longest ago. */
struct target *pool_oldest(struct pool *p);

/* Marks it as the one that was used last. */
void pool_use(struct pool *p, struct target *t);

/* target_open(), within the limit of new files; t->used_ms is now. */
bool pool_open(struct pool *p, struct target *t, struct why *why);

#endif
