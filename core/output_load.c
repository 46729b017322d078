/* SPDX-License-Identifier: MIT */
/* From the store into the window: frames become messages. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "output.h"

#define READ_MOST   512 /* rows in one SELECT */
#define REPEAT_LAST 2048
#define BUSY_MS     100 /* until a store that is held by somebody is read again */

/* The text for a slot, instead of what a frame before it left there. */
static void set_reason(struct output *o, const struct window_slot *slot, const char *text)
{
	free(o->reasons[slot->at]);
	o->reasons[slot->at] = text == NULL ? NULL : strdup(text);
}

/* Nothing to submit, and to be told by a dead letter. */
static void make_unfit(struct output *o, struct window_slot *slot, const char *why)
{
	window_set(&o->window, slot, WINDOW_READY, 0);
	o->messages[slot->at].is_unfit = true;
	set_reason(o, slot, why);
}

/* Renders into the slot; false when memory ran out. */
static bool render(struct output *o, struct window_slot *slot, const struct frame *f,
                   const struct message_part *part)
{
	set_reason(o, slot, NULL);
	switch (message_render(&o->messages[slot->at], &o->plan, f, part)) {
	case MESSAGE_MADE:
		return true;
	case MESSAGE_EMPTY:
		window_done(&o->window, slot, WINDOW_SKIPPED);
		return true;
	case MESSAGE_UNFIT:
		make_unfit(o, slot, "its readings cannot be taken apart");
		return true;
	default:
		return fail(&o->broken, "out of memory for frame %llu",
		            (unsigned long long)f->id);
	}
}

/* A message for each reading; without any there is nothing to send. */
static bool add_readings(struct output *o, const struct store_row *row)
{
	const struct frame *f = row->frame;
	struct message_part part = {.whole = NULL};
	struct window_slot *slot = window_add(&o->window, f->id, row->missing);

	if (o->readings->count == 0)
		window_done(&o->window, slot, WINDOW_SKIPPED);
	for (unsigned i = 0; i < o->readings->count; i++) {
		if (i > 0)
			slot = window_add_more(&o->window);
		part.reading = reading_get(o->readings, i);
		if (!render(o, slot, f, &part))
			return false;
		if (i == 0)
			part.whole = &o->messages[slot->at];
	}
	return true;
}

/* A frame that a foreign program wrote so that it has no single readings. */
static bool add_unfit(struct output *o, const struct store_row *row, const char *why)
{
	struct window_slot *slot = window_add(&o->window, row->frame->id, row->missing);

	if (!render(o, slot, row->frame, NULL))
		return false;
	make_unfit(o, slot, why);
	return true;
}

static bool take_apart(struct output *o, const struct store_row *row)
{
	struct reason why = {""};

	if (!reading_list_fill(o->readings, buf_string(&row->frame->readings), &why)) {
		if (!o->readings->text.failed)
			return add_unfit(o, row, why.text);
		return fail(&o->broken, "frame %llu: %s",
		            (unsigned long long)row->frame->id, why.text);
	}
	if (o->readings->count > window_room(&o->window)) {
		o->room_wanted = o->readings->count;
		return false; /* it is read again when there is room */
	}
	return add_readings(o, row);
}

static bool take_row(void *context, const struct store_row *row)
{
	struct output *o = context;
	struct window_slot *slot;

	if (row->is_wanted && o->plan.is_per_reading) {
		if (!take_apart(o, row))
			return false;
	} else {
		slot = window_add(&o->window, row->frame->id, row->missing);
		if (!row->is_wanted)
			window_done(&o->window, slot, WINDOW_SKIPPED);
		else if (!render(o, slot, row->frame, NULL))
			return false;
	}
	o->loaded = row->frame->id;
	return !window_is_full(&o->window);
}

/*
 * A foreign program's event comes before its commit can be seen: read again, ever later.
 * What is found meanwhile may be of the commit before, and begins the row anew.
 */
static void plan_repeat(struct output *o, bool found)
{
	if (o->repeat_wait_ms == 0)
		return;
	if (found)
		o->repeat_wait_ms = OUTPUT_REPEAT_FIRST;
	if (o->repeat_wait_ms > REPEAT_LAST) {
		o->repeat_wait_ms = 0;
	} else {
		o->repeat_ms = clock_monotonic_ms() + o->repeat_wait_ms;
		o->repeat_wait_ms *= 2;
	}
}

/* Whether it is worth while to read; many rows at a time, as a SELECT costs as much as 20
 * rows. */
static bool has_room(const struct output *o)
{
	unsigned room = window_room(&o->window);

	if (room == 0 || room < o->room_wanted)
		return false;
	return o->window.counts[WINDOW_READY] == 0 || room >= o->window.capacity / 4;
}

void output_load(struct output *o)
{
	struct reason why = {""};

	while (o->may_have_more && o->broken.text[0] == '\0' && has_room(o)) {
		unsigned room = window_room(&o->window);
		unsigned want = room > READ_MOST ? READ_MOST : room;
		long count;

		o->room_wanted = 0;
		count = store_read(o->store, o->loaded, want, take_row, o, &why);
		if (count < 0) {
			if (store_trouble(o->store) == STORE_BUSY)
				o->repeat_ms = clock_monotonic_ms() + BUSY_MS;
			else
				o->broken = why;
			return;
		}
		plan_repeat(o, count > 0);
		/* it stops early where the window is full, too */
		o->may_have_more = count == (long)want || o->room_wanted > 0 ||
		                   window_is_full(&o->window);
		output_advance(o); /* what nobody wants leaves at once */
	}
}
