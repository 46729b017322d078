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
	struct window_frame out = {0};
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
	ok(window_numbered(&w, 2)->id == 2 && window_numbered(&w, 5) == NULL &&
	           window_numbered(&w, 0) == NULL,
	   "a message is found by its number while it is at hand");
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
	struct window_frame out;
	uint64_t ticket;
	struct window w;

	window_init(&w, 2);
	window_add(&w, 5, 3);
	go(&w, &ticket);
	ok(!window_pop(&w, &out, false), "a frame in flight does not leave by itself");
	ok(window_pop(&w, &out, true) && out.id == 5 && out.missing == 3 &&
	           out.outcome == WINDOW_EVICTED,
	   "by force it does, as evicted");
	ok(window_find(&w, ticket) == NULL && window_front(&w) == NULL,
	   "its verdict finds nothing afterwards");
	window_free(&w);
}

/* Against a model that keeps everything in plain arrays. */
static void a_thousand_random_verdicts_never_lose_a_frame(void)
{
	uint64_t tickets[4096] = {0}, next = 1, cursor = 0;
	bool is_settled[4096] = {false}, is_right = true;
	struct window_frame out;
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

/* A window of three frames with 1, 3 and 1 messages, all in flight. */
static void begin_three(struct window *w, uint64_t ticket[5])
{
	window_init(w, 8);
	window_add(w, 10, 0);
	window_add(w, 11, 2);
	window_add_more(w);
	window_add_more(w);
	window_add(w, 12, 0);
	for (int i = 0; i < 5; i++)
		go(w, &ticket[i]);
}

static void settle(struct window *w, uint64_t ticket, enum window_outcome outcome)
{
	window_done(w, window_find(w, ticket), outcome);
}

static void a_frame_leaves_when_all_its_messages_are_done(void)
{
	struct window_frame out;
	struct window_slot *slot;
	uint64_t ticket[5];
	struct window w;

	begin_three(&w, ticket);
	settle(&w, ticket[0], WINDOW_DELIVERED);
	settle(&w, ticket[1], WINDOW_DELIVERED);
	settle(&w, ticket[3], WINDOW_DELIVERED);
	settle(&w, ticket[4], WINDOW_DELIVERED);
	ok(pop_all(&w) == 10, "the place stays before a frame with a reading in flight");
	slot = window_find(&w, ticket[2]);
	ok(window_number(&w, slot) == 3 && window_numbered(&w, 3) == slot,
	   "a message keeps its number when others leave");
	ok(window_first_of_frame(&w, slot) == window_front(&w) &&
	           window_next_of_frame(&w, slot)->id == 11 &&
	           window_next_of_frame(&w, window_next_of_frame(&w, slot)) == NULL,
	   "the messages of a frame are found from any of them");
	settle(&w, ticket[2], WINDOW_DELIVERED);
	ok(window_pop(&w, &out, false) && out.id == 11 && out.messages == 3 &&
	           out.missing == 2 && out.outcome == WINDOW_DELIVERED,
	   "with its last reading it leaves, once, and tells of the gap before it");
	ok(pop_all(&w) == 12 && w.len == 0 && w.out == 0, "and so does the next");
	window_free(&w);
}

static enum window_outcome sum_of(enum window_outcome first, enum window_outcome second)
{
	struct window_frame out = {0};
	uint64_t ticket;
	struct window w;

	window_init(&w, 2);
	window_add(&w, 1, 0);
	window_add_more(&w);
	go(&w, &ticket);
	settle(&w, ticket, first);
	go(&w, &ticket);
	settle(&w, ticket, second);
	window_pop(&w, &out, false);
	window_free(&w);
	return out.outcome;
}

static void a_frame_counts_once(void)
{
	ok(sum_of(WINDOW_REJECTED, WINDOW_DELIVERED) == WINDOW_REJECTED &&
	           sum_of(WINDOW_DELIVERED, WINDOW_REJECTED) == WINDOW_REJECTED &&
	           sum_of(WINDOW_EVICTED, WINDOW_REJECTED) == WINDOW_REJECTED,
	   "as rejected when one reading was: there is a dead letter");
	ok(sum_of(WINDOW_DELIVERED, WINDOW_EVICTED) == WINDOW_EVICTED,
	   "as evicted when one could not be looked at any more");
	ok(sum_of(WINDOW_SKIPPED, WINDOW_DELIVERED) == WINDOW_DELIVERED &&
	           sum_of(WINDOW_SKIPPED, WINDOW_SKIPPED) == WINDOW_SKIPPED,
	   "as delivered when one was; as skipped when there was nothing to send");
}

/* Delivers all that may go but the first message; how many are out then. */
static unsigned most_out(unsigned capacity, unsigned first, unsigned each, unsigned most)
{
	struct window_slot *slot;
	uint64_t id = 1;
	unsigned of = 0;
	struct window w;
	unsigned out;

	window_init(&w, capacity);
	window_add(&w, id, 0);
	while (++of < first)
		window_add_more(&w);
	for (of = each; window_room(&w) > 0; of++) {
		if (of == each) {
			window_add(&w, ++id, 0);
			of = 0;
		} else {
			window_add_more(&w);
		}
	}
	while ((slot = window_oldest(&w, WINDOW_READY)) != NULL &&
	       window_may_go(&w, slot, most)) {
		window_set(&w, slot, WINDOW_IN_FLIGHT, 0);
		if (slot != window_front(&w))
			window_done(&w, slot, WINDOW_DELIVERED);
	}
	out = w.out;
	window_free(&w);
	return out;
}

static void a_crash_repeats_no_more_than_was_promised(void)
{
	struct window_slot *front, *slot;
	struct window w;

	ok(most_out(512, 1, 1, 200) == 200,
	   "behind a stuck frame only as many go as may come twice");
	ok(most_out(64, 1, 1, 2) == 2, "also with a window of one");
	ok(most_out(512, 30, 10, 200) == 200, "messages count, not frames");
	ok(most_out(512, 300, 10, 200) == 300,
	   "a frame with more readings than that goes all the same, alone");
	window_init(&w, 8);
	for (uint64_t id = 1; id <= 4; id++)
		window_add(&w, id, 0);
	front = window_front(&w);
	slot = window_untried(&w, false);
	ok(window_may_go(&w, slot, 2), "the youngest may go before the front");
	window_set(&w, slot, WINDOW_IN_FLIGHT, 0);
	slot = window_untried(&w, false);
	ok(!window_may_go(&w, slot, 2) && window_may_go(&w, front, 2),
	   "but not when no room would be left for the front");
	window_set(&w, front, WINDOW_IN_FLIGHT, 0);
	window_set(&w, front, WINDOW_READY, 0);
	ok(w.out == 2 && window_may_go(&w, front, 2) && !window_may_go(&w, slot, 2),
	   "what is to be sent again was out already");
	window_set(&w, front, WINDOW_HELD, 0);
	ok(w.out == 1, "what the far side has refused would not come twice");
	window_done(&w, front, WINDOW_REJECTED);
	ok(w.out == 1 && pop_all(&w) == 1, "nor does a dead letter");
	window_free(&w);
}

/* Random verdicts over frames of one to five messages, with any choice of what to send.
 */
static void random_frames_keep_the_bound(void)
{
	unsigned seed = 7, worst = 0, frames = 0;
	const unsigned most = 12;
	struct window_frame out;
	uint64_t id = 0, last = 0;
	bool is_right = true;
	struct window w;

	window_init(&w, 64);
	for (unsigned step = 0; step < 200000; step++) {
		unsigned dice = (seed = seed * 1103515245u + 12345u) >> 16;
		struct window_slot *slot = window_numbered(
			&w, w.gone + 1 + dice / 8 % (w.len == 0 ? 1 : w.len));

		if (dice % 8 == 0 && window_room(&w) >= 5) {
			window_add(&w, ++id, 0);
			for (unsigned i = dice / 8 % 5; i > 0; i--)
				window_add_more(&w);
		} else if (slot != NULL && slot->state == WINDOW_READY &&
		           window_may_go(&w, slot, most)) {
			window_set(&w, slot, WINDOW_IN_FLIGHT, 0);
		} else if (slot != NULL && slot->state == WINDOW_IN_FLIGHT) {
			if (dice % 8 < 3)
				window_set(&w, slot, WINDOW_READY, 0);
			else
				window_done(&w, slot,
				            dice % 8 == 3 ? WINDOW_REJECTED
				                          : WINDOW_DELIVERED);
		}
		worst = w.out > worst ? w.out : worst;
		while (window_pop(&w, &out, false)) {
			is_right &= out.id == last + 1;
			last = out.id;
			frames++;
		}
	}
	ok(is_right && frames > 500, "frames leave in order, each once (%u)", frames);
	ok(worst <= most + 4,
	   "with any order no more are out than %u and the oldest "
	   "frame's others (%u)",
	   most, worst);
	window_free(&w);
}

int main(void)
{
	a_late_ack_holds_the_cursor_back();
	a_retried_frame_goes_before_younger_ones();
	losing_the_link_makes_all_in_flight_ready();
	giving_up_takes_frames_in_any_state();
	a_thousand_random_verdicts_never_lose_a_frame();
	a_frame_leaves_when_all_its_messages_are_done();
	a_frame_counts_once();
	a_crash_repeats_no_more_than_was_promised();
	random_frames_keep_the_bound();
	return done();
}
