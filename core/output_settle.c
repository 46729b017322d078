/* SPDX-License-Identifier: MIT */
/* What verdicts do to frames, and how the place moves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "deadline.h"
#include "keep.h"
#include "output.h"

#define LOG_EVERY_MS   5000 /* a row of the delivery log, and a sync of the place */
#define PURGE_EVERY_MS 3600000
#define REASONS_MAX    400    /* bytes, behind which no more reason is added */
#define WAIT_MOST_MS   300000 /* that a far side may ask for: people mistake units */

static void break_off(struct output *o, const struct reason *why)
{
	if (o->broken.text[0] == '\0')
		o->broken = *why;
}

/* Adds "TAG: why" of a message, or only why. */
static void add_reason(struct output *o, const struct window_slot *slot, struct buf *out)
{
	const char *tag = message_tag(&o->messages[slot->at]);
	const char *why = o->reasons[slot->at];

	if (out->len > 0)
		buf_text(out, "; ");
	if (tag != NULL)
		buf_format(out, "%s: ", tag);
	buf_text(out, why == NULL ? "rejected" : why);
}

/* What all messages of the frame were rejected for, this one and those before. */
static void write_reasons(struct output *o, const struct window_slot *slot,
                          struct buf *out)
{
	const struct window_slot *at = window_first_of_frame(&o->window, slot);

	for (; at != NULL && out->len < REASONS_MAX;
	     at = window_next_of_frame(&o->window, at))
		if (at == slot ||
		    (at->state == WINDOW_DONE && at->outcome == WINDOW_REJECTED))
			add_reason(o, at, out);
}

/* The frame is a dead letter before the cursor can pass it. */
static bool add_dead(struct output *o, const struct window_slot *slot,
                     const struct frame *f, struct reason *why)
{
	struct buf reasons = {0};
	bool is_added;

	write_reasons(o, slot, &reasons);
	is_added = ledger_add_dead(o->ledger, store_id(o->store), f, buf_string(&reasons),
	                           slot->attempts, why);
	buf_free(&reasons);
	return is_added;
}

static void tell_dead(struct output *o, const struct window_slot *slot)
{
	struct buf reason = {0};

	add_reason(o, slot, &reason);
	log_warning("frame %llu is a dead letter: %s", (unsigned long long)slot->id,
	            buf_string(&reason));
	buf_free(&reason);
}

static void set_reason(struct output *o, const struct window_slot *slot,
                       const char *reason)
{
	char *copy = reason == NULL ? NULL : strdup(reason); /* it may be the old one */

	free(o->reasons[slot->at]);
	o->reasons[slot->at] = copy;
}

void output_reject(struct output *o, struct window_slot *slot, const char *reason)
{
	uint64_t number = window_number(&o->window, slot);
	struct frame frame = {0};
	struct reason why = {""};
	bool is_read;

	deadline_end(); /* a slow disk, and many of them, are not the plugin's fault */
	is_read = store_fetch(o->store, slot->id, &frame, &why);
	set_reason(o, slot, reason);
	if (!is_read && store_trouble(o->store) == STORE_FINE) {
		/* evicted meanwhile: there is nothing left to copy */
		window_done(&o->window, slot, WINDOW_EVICTED);
		judge_gone(&o->judge, number);
	} else if (!is_read || !add_dead(o, slot, &frame, &why)) {
		/* it stays at hand: the cursor must not pass a frame that is nowhere */
		window_set(&o->window, slot, WINDOW_READY, clock_monotonic_ms());
		output_back_off(o, 0, why.text);
		if (!is_read && store_trouble(o->store) == STORE_BROKEN)
			break_off(o, &why);
	} else {
		tell_dead(o, slot);
		window_done(&o->window, slot, WINDOW_REJECTED);
		judge_gone(&o->judge, number);
	}
	frame_free(&frame);
}

void output_settle_held(struct output *o, bool all)
{
	int64_t now;

	if (o->window.counts[WINDOW_HELD] == 0)
		return;
	now = clock_monotonic_ms();
	for (unsigned left = o->window.counts[WINDOW_HELD]; left > 0; left--) {
		struct window_slot *slot = window_oldest(&o->window, WINDOW_HELD);

		if (slot == NULL || (!all && now < slot->since_ms + o->timeout_ms))
			return;
		output_reject(o, slot, o->reasons[slot->at]);
	}
}

static void rejected(struct output *o, struct window_slot *slot, const char *reason)
{
	int64_t now = clock_monotonic_ms();

	judge_gone(&o->judge, window_number(&o->window, slot));
	window_set(&o->window, slot, WINDOW_HELD, now);
	if (slot->doubted != 0 && slot->doubted <= o->judge.deliveries) {
		/* rejected, others delivered, and rejected again: it is the frame */
		output_reject(o, slot, reason);
		return;
	}
	slot->doubted = o->judge.deliveries + 1;
	if (judge_rejected(&o->judge)) {
		set_reason(o, slot, reason);
		return;
	}
	window_set_all(&o->window, WINDOW_HELD, WINDOW_READY, now);
	output_back_off(o, 0, reason);
}

void output_verdict(struct output *o, struct window_slot *slot,
                    enum frame_verdict verdict, const char *reason)
{
	if (reason == NULL || reason[0] == '\0')
		reason = "the plugin gave no reason";
	switch (verdict) {
	case FRAME_DELIVERED:
		window_done(&o->window, slot, WINDOW_DELIVERED);
		judge_delivered(&o->judge, window_number(&o->window, slot));
		backoff_reset(&o->backoff);
		complaint_release(&o->complaint, "delivers again");
		output_settle_held(o, true);
		break;
	case FRAME_REJECTED:
		rejected(o, slot, reason);
		break;
	case FRAME_PENDING:
	case FRAME_RETRY:
	default: /* a plugin's nonsense loses nothing */
		window_set(&o->window, slot, WINDOW_READY, clock_monotonic_ms());
		output_back_off(o, 0, reason);
		break;
	}
}

static void take_link(struct output *o, const struct mail_batch *mail)
{
	char why[MAILBOX_TEXT];

	if (mail->link_was_down) {
		/* copied: closing takes the next mail, and with it this one goes */
		memcpy(why, mail->link_why, sizeof why);
		output_lost(o, why);
		return;
	}
	o->is_unconfirmed = mail->link == FRAME_LINK_UNCONFIRMED;
	if (strcmp(o->link, mail->link_why) != 0)
		log_info("connected%s%s", mail->link_why[0] == '\0' ? "" : ": ",
		         mail->link_why);
	snprintf(o->link, sizeof o->link, "%s", mail->link_why);
}

static void take_wait(struct output *o, uint32_t ms, const char *why)
{
	if (ms > WAIT_MOST_MS) {
		log_warning("the far side asks to wait %u s: capped at %u s", ms / 1000,
		            WAIT_MOST_MS / 1000);
		ms = WAIT_MOST_MS;
	}
	output_back_off(o, ms, why);
}

/* A verdict on what is not in flight: given up meanwhile, or never was. */
static void late(struct output *o, bool is_unknown)
{
	o->late++;
	if (is_unknown && o->strays > 0)
		o->strays--;
}

void output_take_mail(struct output *o)
{
	struct mail_batch *mail = mailbox_take(&o->mailbox);
	const char *why = "the far side asks to wait";

	if (mail == NULL)
		return;
	for (size_t i = 0; i < mail->len; i++) {
		struct window_slot *slot = window_find(&o->window, mail->items[i].ticket);

		if (slot == NULL || mail->items[i].verdict == FRAME_PENDING)
			late(o, slot == NULL);
		else
			output_verdict(o, slot, mail->items[i].verdict,
			               mail->items[i].reason);
		/* what it said with its request is better to know */
		if (mail->items[i].verdict == FRAME_RETRY &&
		    mail->items[i].reason != NULL)
			why = mail->items[i].reason;
	}
	if (mail->receipt[0] != '\0')
		memcpy(o->receipt, mail->receipt, sizeof o->receipt);
	if (mail->limit != 0)
		o->limit = mail->limit;
	if (mail->retry_after_ms != 0)
		take_wait(o, mail->retry_after_ms, why);
	if (mail->link_changed)
		take_link(o, mail);
}

static void count_frame(struct output *o, const struct window_frame *frame)
{
	o->at.evicted += frame->missing;
	switch (frame->outcome) {
	case WINDOW_DELIVERED:
		o->at.delivered++;
		o->log_frames++;
		break;
	case WINDOW_REJECTED:
		o->at.rejected++;
		break;
	case WINDOW_SKIPPED:
		o->at.skipped++;
		break;
	case WINDOW_EVICTED:
		o->at.evicted++;
		break;
	}
	if (frame->missing > 0)
		log_error("%llu frames before frame %llu are gone from the store: "
		          "counted as evicted",
		          (unsigned long long)frame->missing,
		          (unsigned long long)frame->id);
	if (o->log_from == 0)
		o->log_from = frame->id;
	o->at.cursor = frame->id;
}

static void write_place(struct output *o)
{
	o->at.moved_ms = clock_wall_ms();
	place_set(o->place, &o->at);
	if (o->log_due_ms == 0)
		o->log_due_ms = clock_monotonic_ms() + LOG_EVERY_MS;
}

void output_advance(struct output *o)
{
	struct window_frame frame;
	bool has_moved = false;

	while (window_pop(&o->window, &frame, false)) {
		count_frame(o, &frame);
		has_moved = true;
	}
	if (has_moved)
		write_place(o);
}

/* The place passes all frames at hand up to `target`, whatever state they are in. */
static void give_up_until(struct output *o, uint64_t target)
{
	const struct window_slot *oldest = window_oldest(&o->window, WINDOW_IN_FLIGHT);
	int64_t since_ms = oldest == NULL ? 0 : oldest->since_ms;
	unsigned in_flight = o->window.counts[WINDOW_IN_FLIGHT];
	struct window_slot *front;
	struct window_frame frame;

	while ((front = window_front(&o->window)) != NULL && front->id <= target &&
	       window_pop(&o->window, &frame, true))
		count_frame(o, &frame);
	/* the plugin knows nothing of it, and the far side takes no more than before */
	if (o->strays == 0)
		o->strays_since_ms = since_ms;
	o->strays += in_flight - o->window.counts[WINDOW_IN_FLIGHT];
}

void output_evict(struct output *o)
{
	uint64_t excess = keep_excess(o->store, o->at.cursor, o->hold_bytes, o->hold_ms);
	uint64_t target = o->at.cursor + excess;
	uint64_t before = o->at.evicted, cursor = o->at.cursor;

	if (excess == 0)
		return;
	give_up_until(o, target);
	if (window_numbered(&o->window, o->judge.suspect) == NULL)
		judge_gone(&o->judge, o->judge.suspect);
	/* a gap in front of a frame at hand is counted when that one leaves */
	if (window_front(&o->window) == NULL && o->at.cursor < target) {
		o->at.evicted += store_frames_between(o->store, o->at.cursor, target);
		o->at.cursor = target;
	}
	if (o->loaded < o->at.cursor)
		o->loaded = o->at.cursor;
	if (o->at.cursor == cursor)
		return;
	write_place(o);
	if (o->at.evicted > before)
		log_error("gave up its %llu oldest frames: they were more than `hold` "
		          "allows",
		          (unsigned long long)(o->at.evicted - before));
}

void output_write_log(struct output *o, bool is_end)
{
	struct reason why = {""};
	int64_t keep_ms = o->settings->keep_ms, now = clock_monotonic_ms();
	bool purges = is_end || now >= o->purge_due_ms;

	o->log_due_ms = 0;
	if (!place_sync(o->place, &why))
		break_off(o, &why);
	if (o->log_from == 0)
		return;
	/* the log is for people: without it frames flow on */
	if (!ledger_add_delivered(o->ledger, store_id(o->store), o->log_from,
	                          o->at.cursor, o->log_frames,
	                          o->receipt[0] == '\0' ? NULL : o->receipt, &why) ||
	    (purges && !ledger_purge(o->ledger, keep_ms, &why)))
		log_warning("the delivery log was not written: %s", why.text);
	if (purges)
		o->purge_due_ms = now + PURGE_EVERY_MS;
	o->log_from = 0;
	o->log_frames = 0;
	o->receipt[0] = '\0';
}
