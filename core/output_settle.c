/* SPDX-License-Identifier: MIT */
/* What verdicts do to frames, and how the place moves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "keep.h"
#include "output.h"

#define LOG_EVERY_MS   5000 /* a row of the delivery log, and a sync of the place */
#define PURGE_EVERY_MS 3600000

static void break_off(struct output *o, const struct reason *why)
{
	if (o->broken.text[0] == '\0')
		o->broken = *why;
}

void output_reject(struct output *o, struct window_slot *slot, const char *reason)
{
	struct frame frame = {0};
	struct reason why = {""};
	bool is_read = store_fetch(o->store, slot->id, &frame, &why);

	if (!is_read && store_trouble(o->store) == STORE_FINE) {
		/* evicted meanwhile: there is nothing left to copy */
		window_done(&o->window, slot, WINDOW_EVICTED);
		judge_gone(&o->judge, slot->id);
	} else if (!is_read || !ledger_add_dead(o->ledger, store_id(o->store), &frame,
	                                        reason, slot->attempts, &why)) {
		/* it stays at hand: the cursor must not pass a frame that is nowhere */
		window_set(&o->window, slot, WINDOW_READY, clock_monotonic_ms());
		output_back_off(o, 0, why.text);
		if (!is_read && store_trouble(o->store) == STORE_BROKEN)
			break_off(o, &why);
	} else {
		log_warning("frame %llu is a dead letter: %s",
		            (unsigned long long)slot->id, reason);
		window_done(&o->window, slot, WINDOW_REJECTED);
		judge_gone(&o->judge, slot->id);
	}
	frame_free(&frame);
	free(o->reasons[slot->at]);
	o->reasons[slot->at] = NULL;
}

void output_settle_held(struct output *o, bool all)
{
	int64_t now = clock_monotonic_ms();

	for (unsigned left = o->window.counts[WINDOW_HELD]; left > 0; left--) {
		struct window_slot *slot = window_oldest(&o->window, WINDOW_HELD);

		if (slot == NULL || (!all && now < slot->since_ms + o->timeout_ms))
			return;
		output_reject(o, slot,
		              o->reasons[slot->at] == NULL ? "rejected"
		                                           : o->reasons[slot->at]);
	}
}

static void rejected(struct output *o, struct window_slot *slot, const char *reason)
{
	int64_t now = clock_monotonic_ms();

	judge_gone(&o->judge, slot->id);
	if (slot->doubted != 0 && slot->doubted <= o->judge.deliveries) {
		/* rejected, others delivered, and rejected again: it is the frame */
		output_reject(o, slot, reason);
		return;
	}
	slot->doubted = o->judge.deliveries + 1;
	if (judge_rejected(&o->judge)) {
		free(o->reasons[slot->at]);
		o->reasons[slot->at] = strdup(reason);
		window_set(&o->window, slot, WINDOW_HELD, now);
		return;
	}
	window_set(&o->window, slot, WINDOW_READY, now);
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
		judge_delivered(&o->judge, slot->id);
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

void output_take_mail(struct output *o)
{
	struct mail_batch *mail = mailbox_take(&o->mailbox);
	const char *why = "the far side asks to wait";

	if (mail == NULL)
		return;
	for (size_t i = 0; i < mail->len; i++) {
		struct window_slot *slot = window_find(&o->window, mail->items[i].ticket);

		if (slot == NULL || mail->items[i].verdict == FRAME_PENDING)
			o->late++;
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
		output_back_off(o, mail->retry_after_ms, why);
	if (mail->link_changed)
		take_link(o, mail);
}

static void count_slot(struct output *o, const struct window_slot *slot)
{
	o->at.evicted += slot->missing;
	if (slot->state != WINDOW_DONE || slot->outcome == WINDOW_EVICTED) {
		o->at.evicted++;
	} else if (slot->outcome == WINDOW_DELIVERED) {
		o->at.delivered++;
		o->log_frames++;
	} else if (slot->outcome == WINDOW_REJECTED) {
		o->at.rejected++;
	} else {
		o->at.skipped++;
	}
	if (slot->missing > 0)
		log_error("%llu frames before frame %llu are gone from the store: "
		          "counted as evicted",
		          (unsigned long long)slot->missing,
		          (unsigned long long)slot->id);
	if (o->log_from == 0)
		o->log_from = slot->id;
	o->at.cursor = slot->id;
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
	struct window_slot slot;
	bool has_moved = false;

	while (window_pop(&o->window, &slot, false)) {
		count_slot(o, &slot);
		has_moved = true;
	}
	if (has_moved)
		write_place(o);
}

void output_evict(struct output *o)
{
	uint64_t excess = keep_excess(o->store, o->at.cursor, o->hold_bytes, o->hold_ms);
	uint64_t target = o->at.cursor + excess;
	struct window_slot *front, slot;
	uint64_t before = o->at.evicted;

	if (excess == 0)
		return;
	while ((front = window_front(&o->window)) != NULL && front->id <= target &&
	       window_pop(&o->window, &slot, true)) {
		judge_gone(&o->judge, slot.id);
		count_slot(o, &slot);
	}
	/* a gap in front of a frame at hand is counted when that one leaves */
	if (front == NULL && o->at.cursor < target) {
		o->at.evicted += store_frames_between(o->store, o->at.cursor, target);
		o->at.cursor = target;
	}
	if (o->loaded < o->at.cursor)
		o->loaded = o->at.cursor;
	if (o->at.evicted == before)
		return;
	write_place(o);
	log_error("gave up its %llu oldest frames: they were more than `hold` allows",
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
