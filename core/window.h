/* SPDX-License-Identifier: MIT */
/*
 * The messages of the frames that an output has at hand, in id order: which wait, which
 * are in flight, which are settled behind one that is not.  A frame has one message, or
 * several, one behind the other; it leaves as a whole.  Pure: no clock, no I/O, one
 * thread.
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
	WINDOW_DONE,      /* settled: leaves with its frame, when all before have left */
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
	uint64_t missing; /* frames lost between the one before and this one; told by the
	                     frame's first message */
	int64_t since_ms; /* when it came into this state: the caller's clock */
	unsigned attempts;
	bool is_out;      /* it was in flight, and the far side has not refused it */
	uint64_t doubted; /* the caller's: when it was rejected first; 0: never */
	enum window_state state;
	enum window_outcome outcome; /* when DONE */
	unsigned at; /* its place in the ring: a row of the caller's own array */
};

/* A frame that has left. */
struct window_frame {
	uint64_t id;
	uint64_t missing;
	unsigned messages;
	/* REJECTED if one of its messages was, else EVICTED if one was or had no verdict,
	 * else DELIVERED if one was, else SKIPPED */
	enum window_outcome outcome;
};

struct window {
	struct window_slot *slots;
	unsigned capacity; /* a power of two */
	unsigned first;    /* ring index of the oldest */
	unsigned len;
	unsigned counts[4]; /* slots in each state */
	unsigned next;      /* no slot before this one, counted from first, is READY */
	unsigned out;       /* slots that are out */
	uint64_t gone;      /* messages that have left */
	uint64_t attempts;  /* tickets given */
};

/* Room for at least `capacity` messages.  False: out of memory. */
bool window_init(struct window *w, unsigned capacity);
void window_free(struct window *w);

bool window_is_full(const struct window *w);
unsigned window_room(const struct window *w);

/* Adds the first message of the next frame, READY; ids must rise.  The slot stays where
 * it is until its frame leaves. */
struct window_slot *window_add(struct window *w, uint64_t id, uint64_t missing);
/* Adds one more message of the youngest frame. */
struct window_slot *window_add_more(struct window *w);

/* The oldest message in that state, NULL: none. */
struct window_slot *window_oldest(struct window *w, enum window_state state);

/* The youngest (or oldest) message that was never submitted, NULL: none. */
struct window_slot *window_untried(struct window *w, bool oldest);

/*
 * Whether this READY message may go in flight, so that a crash never repeats more than
 * `most` messages: while one in front is stuck, those behind it that are done stay at
 * hand, and would come again.  The messages of the oldest frame may always go, and what
 * is out already; room for the former is kept.  So at most `most` are out, or as many as
 * the oldest frame has.
 */
bool window_may_go(const struct window *w, const struct window_slot *slot, unsigned most);

/* The number of a message: 1 for the first that was ever added, and so on. */
uint64_t window_number(const struct window *w, const struct window_slot *slot);
/* The message of that number, NULL: it is not at hand. */
struct window_slot *window_numbered(struct window *w, uint64_t number);

/* The message behind this one if it is of the same frame, else NULL. */
struct window_slot *window_next_of_frame(const struct window *w,
                                         const struct window_slot *slot);
/* The first message of the same frame. */
struct window_slot *window_first_of_frame(const struct window *w,
                                          const struct window_slot *slot);

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
 * Takes out the oldest frame when all its messages are DONE (or in any state, with
 * `force`).  Only the unbroken front leaves: a gap is a frame that a crash would lose.
 */
bool window_pop(struct window *w, struct window_frame *out, bool force);

/* The first message of the oldest frame at hand, NULL: none. */
struct window_slot *window_front(struct window *w);

#endif
