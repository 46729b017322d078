/* SPDX-License-Identifier: MIT */
/* The messages at hand: a ring in id order. */
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

unsigned window_room(const struct window *w)
{
	return w->capacity - w->len;
}

static struct window_slot *nth(const struct window *w, unsigned n)
{
	return &w->slots[(w->first + n) & (w->capacity - 1)];
}

struct window_slot *window_front(struct window *w)
{
	return w->len == 0 ? NULL : nth(w, 0);
}

static struct window_slot *add(struct window *w, uint64_t id, uint64_t missing)
{
	struct window_slot *slot = nth(w, w->len);

	assert(!window_is_full(w));
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

struct window_slot *window_add(struct window *w, uint64_t id, uint64_t missing)
{
	assert(w->len == 0 || nth(w, w->len - 1)->id < id);
	return add(w, id, missing);
}

struct window_slot *window_add_more(struct window *w)
{
	assert(w->len > 0);
	return add(w, nth(w, w->len - 1)->id, 0);
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

static unsigned order_of(const struct window *w, const struct window_slot *slot)
{
	return (slot->at - w->first) & (w->capacity - 1);
}

bool window_may_go(const struct window *w, const struct window_slot *slot, unsigned most)
{
	uint64_t oldest = nth(w, 0)->id;
	unsigned owed = 0;

	if (slot->is_out || slot->id == oldest)
		return true;
	for (unsigned n = 0; n < w->len && nth(w, n)->id == oldest; n++)
		owed += nth(w, n)->state != WINDOW_DONE && !nth(w, n)->is_out;
	return w->out + owed < most;
}

uint64_t window_number(const struct window *w, const struct window_slot *slot)
{
	return w->gone + order_of(w, slot) + 1;
}

struct window_slot *window_numbered(struct window *w, uint64_t number)
{
	if (number <= w->gone || number - w->gone > w->len)
		return NULL;
	return nth(w, (unsigned)(number - w->gone - 1));
}

struct window_slot *window_next_of_frame(const struct window *w,
                                         const struct window_slot *slot)
{
	unsigned n = order_of(w, slot) + 1;

	return n < w->len && nth(w, n)->id == slot->id ? nth(w, n) : NULL;
}

struct window_slot *window_first_of_frame(const struct window *w,
                                          const struct window_slot *slot)
{
	unsigned n = order_of(w, slot);

	while (n > 0 && nth(w, n - 1)->id == slot->id)
		n--;
	return nth(w, n);
}

/* Follows who is out: whatever the far side refused is not. */
static void set_out(struct window *w, struct window_slot *slot, bool is_out)
{
	w->out += is_out;
	w->out -= slot->is_out;
	slot->is_out = is_out;
}

void window_set(struct window *w, struct window_slot *slot, enum window_state state,
                int64_t now_ms)
{
	w->counts[slot->state]--;
	w->counts[state]++;
	slot->state = state;
	slot->since_ms = now_ms;
	slot->ticket = 0;
	if (state == WINDOW_HELD)
		set_out(w, slot, false);
	if (state == WINDOW_IN_FLIGHT) {
		set_out(w, slot, true);
		slot->ticket = ++w->attempts << PLACE_BITS | slot->at;
		slot->attempts++;
	} else if (state == WINDOW_READY && order_of(w, slot) < w->next) {
		w->next = order_of(w, slot);
	}
}

void window_done(struct window *w, struct window_slot *slot, enum window_outcome outcome)
{
	slot->outcome = outcome;
	if (outcome == WINDOW_REJECTED)
		set_out(w, slot, false);
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

static enum window_outcome worse(enum window_outcome a, enum window_outcome b)
{
	static const unsigned char weight[] = {
		[WINDOW_SKIPPED] = 0,
		[WINDOW_DELIVERED] = 1,
		[WINDOW_EVICTED] = 2,
		[WINDOW_REJECTED] = 3,
	};

	return weight[a] > weight[b] ? a : b;
}

/* Looks at the oldest frame; whether all its messages are done. */
static bool sum_up(const struct window *w, struct window_frame *out)
{
	bool is_done = true;

	*out = (struct window_frame){
		.id = nth(w, 0)->id,
		.missing = nth(w, 0)->missing,
		.outcome = WINDOW_SKIPPED,
	};
	for (; out->messages < w->len; out->messages++) {
		const struct window_slot *slot = nth(w, out->messages);

		if (slot->id != out->id)
			break;
		if (slot->state != WINDOW_DONE)
			is_done = false;
		out->outcome =
			worse(out->outcome, slot->state == WINDOW_DONE ? slot->outcome
		                                                       : WINDOW_EVICTED);
	}
	return is_done;
}

bool window_pop(struct window *w, struct window_frame *out, bool force)
{
	if (w->len == 0 || (nth(w, 0)->state != WINDOW_DONE && !force))
		return false;
	if (!sum_up(w, out) && !force)
		return false;
	for (unsigned n = 0; n < out->messages; n++) {
		struct window_slot *slot = nth(w, n);

		slot->ticket = 0;
		set_out(w, slot, false);
		w->counts[slot->state]--;
	}
	w->first = (w->first + out->messages) & (w->capacity - 1);
	w->len -= out->messages;
	w->gone += out->messages;
	w->next = w->next > out->messages ? w->next - out->messages : 0;
	return true;
}
