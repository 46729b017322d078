/* SPDX-License-Identifier: MIT */
/* The open files: finding them, giving one up, limiting new ones. */
#include "pool.h"

#include <string.h>

#define HOUR_MS 3600000

void pool_init(struct pool *p, bool is_durable, int64_t max_new_files)
{
	*p = (struct pool){.is_durable = is_durable, .max_new_files = max_new_files};
	for (size_t i = 0; i < POOL_MAX; i++)
		p->target[i].fd = -1;
}

void pool_free(struct pool *p)
{
	for (size_t i = 0; i < POOL_MAX; i++)
		target_free(&p->target[i]);
}

static bool is_of(const struct target *t, const char *path)
{
	return t->path != NULL && strcmp(t->path, path) == 0;
}

struct target *pool_find(struct pool *p, const char *path)
{
	if (p->last != NULL && is_of(p->last, path))
		return p->last;
	for (size_t i = 0; i < POOL_MAX; i++)
		if (is_of(&p->target[i], path))
			return &p->target[i];
	return NULL;
}

struct target *pool_oldest(struct pool *p)
{
	struct target *oldest = &p->target[0];

	for (size_t i = 0; i < POOL_MAX; i++) {
		if (p->target[i].path == NULL)
			return &p->target[i];
		if (p->target[i].turn < oldest->turn)
			oldest = &p->target[i];
	}
	return oldest;
}

void pool_use(struct pool *p, struct target *t)
{
	t->turn = ++p->turn;
	p->last = t;
}

bool pool_open(struct pool *p, struct target *t, struct why *why)
{
	struct target_wish wish = {.is_durable = p->is_durable};

	if (p->hour_ms == 0 || t->used_ms - p->hour_ms >= HOUR_MS) {
		p->hour_ms = t->used_ms;
		p->new_files = 0;
	}
	wish.may_create = p->new_files < p->max_new_files;
	if (!target_open(t, &wish, why))
		return false;
	p->new_files += wish.is_new;
	return true;
}
