/* SPDX-License-Identifier: MIT */
/* The ring of unacknowledged messages.  Brokers answer in order, so the first look hits.
 */
#include "pending.h"

#include <assert.h>
#include <stdlib.h>

#define SIZE_AT_FIRST 128

static struct pending_entry *at(struct pending *p, unsigned index)
{
	return &p->entry[(p->head + index) & (p->size - 1)];
}

void pending_init(struct pending *p)
{
	*p = (struct pending){.taken_ms = 0};
	pthread_mutex_init(&p->lock, NULL);
}

void pending_free(struct pending *p)
{
	free(p->entry);
	pthread_mutex_destroy(&p->lock);
}

static bool grow(struct pending *p)
{
	unsigned size = p->size == 0 ? SIZE_AT_FIRST : 2 * p->size;
	struct pending_entry *entry = malloc(size * sizeof entry[0]);

	if (entry == NULL)
		return false;
	for (unsigned i = 0; i < p->len; i++)
		entry[i] = *at(p, i);
	free(p->entry);
	p->entry = entry;
	p->head = 0;
	p->size = size;
	return true;
}

bool pending_add(struct pending *p, uint64_t id, int64_t now_ms)
{
	bool has_room;

	pthread_mutex_lock(&p->lock);
	has_room = p->len < p->size || grow(p);
	if (has_room)
		*at(p, p->len++) = (struct pending_entry){.id = id, .sent_ms = now_ms};
	pthread_mutex_unlock(&p->lock);
	return has_room;
}

/* The entry that was added last, if it is `id` and was not taken meanwhile. */
static struct pending_entry *last(struct pending *p, uint64_t id)
{
	struct pending_entry *e = p->len == 0 ? NULL : at(p, p->len - 1);

	return e != NULL && e->id == id && !e->is_taken ? e : NULL;
}

void pending_name(struct pending *p, uint64_t id, uint16_t mid)
{
	struct pending_entry *e;

	assert(mid != 0);
	pthread_mutex_lock(&p->lock);
	e = last(p, id);
	if (e != NULL)
		e->mid = mid;
	pthread_mutex_unlock(&p->lock);
}

void pending_drop(struct pending *p, uint64_t id)
{
	pthread_mutex_lock(&p->lock);
	if (last(p, id) != NULL)
		p->len--;
	pthread_mutex_unlock(&p->lock);
}

static struct pending_entry *find(struct pending *p, uint16_t mid)
{
	struct pending_entry *e;

	for (unsigned i = 0; i < p->len; i++) {
		e = at(p, i);
		if (e->mid == mid && !e->is_taken)
			return e;
	}
	e = p->len == 0 ? NULL : at(p, p->len - 1);
	return e != NULL && e->mid == 0 && !e->is_taken ? e : NULL;
}

static void forget_taken(struct pending *p)
{
	while (p->len > 0 && at(p, 0)->is_taken) {
		p->head = (p->head + 1) & (p->size - 1);
		p->len--;
	}
}

bool pending_take(struct pending *p, uint16_t mid, int64_t now_ms, uint64_t *id)
{
	struct pending_entry *e;

	pthread_mutex_lock(&p->lock);
	e = find(p, mid);
	if (e != NULL) {
		*id = e->id;
		e->is_taken = true;
		p->taken_ms = now_ms;
		if (e != at(p, 0))
			at(p, 0)->is_overtaken = true;
		forget_taken(p);
	}
	pthread_mutex_unlock(&p->lock);
	return e != NULL;
}

int64_t pending_deadline(struct pending *p, int64_t timeout_ms)
{
	int64_t deadline_ms = INT64_MAX;

	pthread_mutex_lock(&p->lock);
	if (p->len > 0) {
		const struct pending_entry *oldest = at(p, 0);

		deadline_ms = oldest->sent_ms;
		if (!oldest->is_overtaken && p->taken_ms > deadline_ms)
			deadline_ms = p->taken_ms;
		deadline_ms += timeout_ms;
	}
	pthread_mutex_unlock(&p->lock);
	return deadline_ms;
}

bool pending_is_overtaken(struct pending *p)
{
	bool is_overtaken;

	pthread_mutex_lock(&p->lock);
	is_overtaken = p->len > 0 && at(p, 0)->is_overtaken;
	pthread_mutex_unlock(&p->lock);
	return is_overtaken;
}
