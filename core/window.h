/* SPDX-License-Identifier: MIT */
/*
 * The frames that an output has at hand, in id order: which wait, which are in flight,
 * which are settled behind one that is not.  Pure: no clock, no I/O, one thread.
 */
#ifndef CORE_WINDOW_H
#define CORE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#define WINDOW_CAPACITY_MAX (1u << 20)

enum window_state {
	WINDOW_READY,     /* to be submitted */
	WINDOW_IN_FLIGHT, /* submitted, no verdict yet */
	WINDOW_HELD,      /* rejected, but not for good yet */
	WINDOW_DONE,      /* settled: leaves when all before it have left */
};

enum window_outcome {
	WINDOW_DELIVERED,
	WINDOW_REJECTED,
	WINDOW_SKIPPED,
	WINDOW_EVICTED, /* gone from the store while it was at hand */
};

struct window_slot {
	uint64_t id;      /* of the frame */
	uint64_t ticket;  /* names the attempt in flight; 0: none */
	uint64_t missing; /* frames lost between the one before and this one */
	int64_t since_ms; /* when it came into this state: the caller's clock */
	unsigned attempts;
	uint64_t doubted; /* the caller's: when it was rejected first; 0: never */
	enum window_state state;
	enum window_outcome outcome; /* when DONE */
	unsigned at; /* its place in the ring: a row of the caller's own array */
};

struct window {
	struct window_slot *slots;
	unsigned capacity; /* a power of two */
	unsigned first;    /* ring index of the oldest */
	unsigned len;
	unsigned counts[4]; /* slots in each state */
	unsigned next;      /* no slot before this one, counted from first, is READY */
	uint64_t attempts;  /* tickets given */
};

/* Room for at least `capacity` frames.  False: out of memory. */
bool window_init(struct window *w, unsigned capacity);
void window_free(struct window *w);

bool window_is_full(const struct window *w);

/* Adds the next frame, READY; ids must rise.  The slot stays where it is until it leaves.
 */
struct window_slot *window_add(struct window *w, uint64_t id, uint64_t missing);

/* The oldest frame in that state, NULL: none. */
struct window_slot *window_oldest(struct window *w, enum window_state state);

/* The youngest (or oldest) frame that was never submitted, NULL: none. */
struct window_slot *window_untried(struct window *w, bool oldest);

/* The slot of that frame, NULL: it is not at hand. */
struct window_slot *window_frame(struct window *w, uint64_t id);

/* Moves a slot into another state. A slot that goes in flight gets a new ticket. */
void window_set(struct window *w, struct window_slot *slot, enum window_state state,
                int64_t now_ms);
void window_done(struct window *w, struct window_slot *slot, enum window_outcome outcome);

/* All slots of one state into another (READY or DONE as rejected). */
void window_set_all(struct window *w, enum window_state from, enum window_state into,
                    int64_t now_ms);

/* The slot in flight whose ticket this is, NULL: it came too late, twice, or never was.
 */
struct window_slot *window_find(struct window *w, uint64_t ticket);

/*
 * Takes out the oldest frame when it is DONE (or in any state, with `force`): copied to
 * *out.  Only the unbroken front leaves: a gap is a frame that a crash would lose.
 */
bool window_pop(struct window *w, struct window_slot *out, bool force);

/* The oldest frame at hand, NULL: none. */
struct window_slot *window_front(struct window *w);

#endif
