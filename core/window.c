/* SPDX-License-Identifier: MIT */
/* The frames at hand: a ring in id order. */
#include "window.h"

#include <assert.h>
#include <stdlib.h>

#define PLACE_BITS 20 /* of a ticket: the slot's place in the ring */

bool window_init(struct window *w, unsigned capacity)
{
	unsigned size = 1;

	assert(capacity > 0 && capacity <= WINDOW_CAPACITY_MAX);
	while (size < capacity)
		size *= 2;
	*w = (struct window){.capacity = size};
	w->slots = calloc(size, sizeof *w->slots);
	return w->slots != NULL;
}

void window_free(struct window *w)
{
	free(w->slots);
	*w = (struct window){0};
}

bool window_is_full(const struct window *w)
{
	return w->len == w->capacity;
}

static struct window_slot *nth(struct window *w, unsigned n)
{
	return &w->slots[(w->first + n) & (w->capacity - 1)];
}

struct window_slot *window_front(struct window *w)
{
	return w->len == 0 ? NULL : nth(w, 0);
}

struct window_slot *window_add(struct window *w, uint64_t id, uint64_t missing)
{
	struct window_slot *slot = nth(w, w->len);

	assert(!window_is_full(w));
	assert(w->len == 0 || nth(w, w->len - 1)->id < id);
	*slot = (struct window_slot){
		.id = id,
		.missing = missing,
		.state = WINDOW_READY,
		.at = (unsigned)(slot - w->slots),
	};
	w->len++;
	w->counts[WINDOW_READY]++;
	return slot;
}

struct window_slot *window_oldest(struct window *w, enum window_state state)
{
	unsigned from = state == WINDOW_READY ? w->next : 0;

	if (w->counts[state] == 0)
		return NULL;
	for (unsigned n = from; n < w->len; n++) {
		if (nth(w, n)->state == state) {
			if (state == WINDOW_READY)
				w->next = n;
			return nth(w, n);
		}
	}
	return NULL;
}

struct window_slot *window_untried(struct window *w, bool oldest)
{
	for (unsigned i = 0; i < w->len; i++) {
		struct window_slot *slot = nth(w, oldest ? i : w->len - 1 - i);

		if (slot->state == WINDOW_READY && slot->attempts == 0)
			return slot;
	}
	return NULL;
}

struct window_slot *window_frame(struct window *w, uint64_t id)
{
	for (unsigned n = 0; n < w->len; n++)
		if (nth(w, n)->id == id)
			return nth(w, n);
	return NULL;
}

static unsigned order_of(const struct window *w, const struct window_slot *slot)
{
	return (slot->at - w->first) & (w->capacity - 1);
}

void window_set(struct window *w, struct window_slot *slot, enum window_state state,
                int64_t now_ms)
{
	w->counts[slot->state]--;
	w->counts[state]++;
	slot->state = state;
	slot->since_ms = now_ms;
	slot->ticket = 0;
	if (state == WINDOW_IN_FLIGHT) {
		slot->ticket = ++w->attempts << PLACE_BITS | slot->at;
		slot->attempts++;
	} else if (state == WINDOW_READY && order_of(w, slot) < w->next) {
		w->next = order_of(w, slot);
	}
}

void window_done(struct window *w, struct window_slot *slot, enum window_outcome outcome)
{
	slot->outcome = outcome;
	window_set(w, slot, WINDOW_DONE, slot->since_ms);
}

void window_set_all(struct window *w, enum window_state from, enum window_state into,
                    int64_t now_ms)
{
	for (unsigned n = 0; n < w->len && w->counts[from] > 0; n++)
		if (nth(w, n)->state == from)
			window_set(w, nth(w, n), into, now_ms);
}

struct window_slot *window_find(struct window *w, uint64_t ticket)
{
	uint64_t at = ticket & ((UINT64_C(1) << PLACE_BITS) - 1);

	if (ticket == 0 || at >= w->capacity || w->slots[at].ticket != ticket)
		return NULL;
	return &w->slots[at];
}

bool window_pop(struct window *w, struct window_slot *out, bool force)
{
	struct window_slot *slot = window_front(w);

	if (slot == NULL || (slot->state != WINDOW_DONE && !force))
		return false;
	*out = *slot;
	slot->ticket = 0;
	w->counts[slot->state]--;
	w->first = (w->first + 1) & (w->capacity - 1);
	w->len--;
	if (w->next > 0)
		w->next--;
	return true;
}
