/* SPDX-License-Identifier: MIT */
/* window: which frame is next, and how far the cursor may go. */
#include "window.h"

#include "tap.h"

static struct window_slot *go(struct window *w, uint64_t *ticket)
{
	struct window_slot *slot = window_oldest(w, WINDOW_READY);

	window_set(w, slot, WINDOW_IN_FLIGHT, 0);
	*ticket = slot->ticket;
	return slot;
}

static uint64_t pop_all(struct window *w)
{
	struct window_slot out = {0};
	uint64_t cursor = 0;

	while (window_pop(w, &out, false))
		cursor = out.id;
	return cursor;
}

static void a_late_ack_holds_the_cursor_back(void)
{
	uint64_t ten, eleven, fourteen;
	struct window w;

	window_init(&w, 4);
	window_add(&w, 10, 0);
	window_add(&w, 11, 0);
	window_add(&w, 14, 0);
	go(&w, &ten);
	go(&w, &eleven);
	go(&w, &fourteen);
	window_done(&w, window_find(&w, eleven), WINDOW_DELIVERED);
	ok(pop_all(&w) == 0, "11 is settled but 10 is not: nothing leaves");
	window_done(&w, window_find(&w, ten), WINDOW_DELIVERED);
	ok(pop_all(&w) == 11, "10 closes the gap: 10 and 11 leave at once");
	ok(window_find(&w, ten) == NULL, "10 settled a second time is not found");
	ok(window_find(&w, 0) == NULL && window_find(&w, fourteen + (1u << 20)) == NULL,
	   "a ticket that never was is not found");
	ok(w.counts[WINDOW_IN_FLIGHT] == 1, "14 is still in flight");
	window_free(&w);
}

static void a_retried_frame_goes_before_younger_ones(void)
{
	uint64_t first, again, other;
	struct window_slot *slot;
	struct window w;

	window_init(&w, 4);
	for (uint64_t id = 1; id <= 4; id++)
		window_add(&w, id, 0);
	ok(window_is_full(&w), "four frames fill a window of four");
	slot = go(&w, &first);
	go(&w, &other);
	window_set(&w, slot, WINDOW_READY, 0);
	ok(window_oldest(&w, WINDOW_READY)->id == 1, "frame 1 is the next again");
	go(&w, &again);
	ok(again != first && window_find(&w, first) == NULL,
	   "a verdict on the first attempt no longer counts");
	ok(slot->attempts == 2, "its attempts are counted");
	ok(window_oldest(&w, WINDOW_READY)->id == 3, "then the youngest ones follow");
	ok(window_untried(&w, false)->id == 4, "the youngest untried frame is 4");
	ok(window_untried(&w, true)->id == 3, "the oldest untried frame is 3");
	ok(window_frame(&w, 2)->id == 2 && window_frame(&w, 5) == NULL,
	   "a frame is found by its id while it is at hand");
	window_free(&w);
}

static void losing_the_link_makes_all_in_flight_ready(void)
{
	uint64_t ticket;
	struct window w;

	window_init(&w, 8);
	for (uint64_t id = 1; id <= 3; id++)
		window_add(&w, id, 0);
	go(&w, &ticket);
	go(&w, &ticket);
	window_set_all(&w, WINDOW_IN_FLIGHT, WINDOW_READY, 7);
	ok(w.counts[WINDOW_IN_FLIGHT] == 0 && w.counts[WINDOW_READY] == 3,
	   "nothing is in flight any more, all three wait");
	ok(window_oldest(&w, WINDOW_READY)->id == 1, "the oldest goes first again");
	ok(window_find(&w, ticket) == NULL, "a late acknowledgement finds nothing");
	window_free(&w);
}

static void giving_up_takes_frames_in_any_state(void)
{
	struct window_slot out;
	uint64_t ticket;
	struct window w;

	window_init(&w, 2);
	window_add(&w, 5, 3);
	go(&w, &ticket);
	ok(!window_pop(&w, &out, false), "a frame in flight does not leave by itself");
	ok(window_pop(&w, &out, true) && out.id == 5 && out.missing == 3 &&
	           out.state == WINDOW_IN_FLIGHT,
	   "by force it does, and says what it was");
	ok(window_find(&w, ticket) == NULL && window_front(&w) == NULL,
	   "its verdict finds nothing afterwards");
	window_free(&w);
}

/* Against a model that keeps everything in plain arrays. */
static void a_thousand_random_verdicts_never_lose_a_frame(void)
{
	uint64_t tickets[4096] = {0}, next = 1, cursor = 0;
	bool is_settled[4096] = {false}, is_right = true;
	struct window_slot out;
	unsigned seed = 1;
	struct window w;

	window_init(&w, 16);
	for (unsigned step = 0; step < 20000 && next < 4000; step++) {
		unsigned dice = (seed = seed * 1103515245u + 12345u) >> 16;
		struct window_slot *slot;

		if (dice % 4 == 0 && !window_is_full(&w)) {
			window_add(&w, next++, 0);
		} else if (dice % 4 == 1 &&
		           (slot = window_oldest(&w, WINDOW_READY)) != NULL) {
			window_set(&w, slot, WINDOW_IN_FLIGHT, 0);
			tickets[slot->id] = slot->ticket;
		} else if (next > 1) {
			uint64_t id =
				next - 1 - dice / 4 % (next < 16 ? next - 1 : 16) % next;

			slot = window_find(&w, tickets[id]);
			if (slot != NULL && dice % 3 == 0) {
				window_set(&w, slot, WINDOW_READY, 0);
			} else if (slot != NULL) {
				is_settled[id] = true;
				window_done(&w, slot, WINDOW_DELIVERED);
			}
		}
		while (window_pop(&w, &out, false)) {
			is_right &= out.id == cursor + 1 && is_settled[out.id];
			cursor = out.id;
		}
	}
	ok(cursor > 1000, "more than a thousand frames went through (%llu)",
	   (unsigned long long)cursor);
	ok(is_right, "each left in order, and none before its verdict");
	window_free(&w);
}

int main(void)
{
	a_late_ack_holds_the_cursor_back();
	a_retried_frame_goes_before_younger_ones();
	losing_the_link_makes_all_in_flight_ready();
	giving_up_takes_frames_in_any_state();
	a_thousand_random_verdicts_never_lose_a_frame();
	return done();
}
