/* SPDX-License-Identifier: MIT */
/* A group of lines on its way into the store. */
#include "group.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

#define GROUP_BYTES (4u << 20)
#define ITEMS_MAX   (GROUP_MAX - 1 + INTAKE_PIECES_MAX)
#define EVICT_STEP  1000 /* frames that go at once when a sender cannot come again */

bool group_init(struct group *g, const struct sensors *sensors, const char *source,
                struct reason *why)
{
	*g = (struct group){.sensors = sensors};
	snprintf(g->source, sizeof g->source, "%s", source);
	g->items = calloc(ITEMS_MAX, sizeof *g->items);
	g->recent = calloc(1, sizeof *g->recent);
	g->line = calloc(1, sizeof *g->line);
	return (g->items != NULL && g->recent != NULL && g->line != NULL) ||
	       fail(why, "out of memory");
}

void group_free(struct group *g)
{
	for (size_t i = 0; g->items != NULL && i < ITEMS_MAX; i++)
		frame_free(&g->items[i].frame);
	free(g->items);
	free(g->recent);
	free(g->line);
	g->items = NULL;
	g->recent = NULL;
	g->line = NULL;
}

bool group_is_full(const struct group *g)
{
	return g->len >= GROUP_MAX || g->bytes >= GROUP_BYTES;
}

/* The next frame of the line. */
static struct group_item *add_item(struct group *g)
{
	struct group_item *item = &g->items[g->len++];
	struct frame *f = &item->frame;

	item->why.text[0] = '\0';
	item->answer = FRAME_ANSWER_REFUSED;
	item->intake = intake_next(g->line, f, g->sensors, &item->why);
	/* no memory is no fault of the sender */
	if (item->intake == INTAKE_REFUSED && frame_failed(f))
		item->answer = FRAME_ANSWER_LATER;
	memcpy(f->source, g->source, sizeof f->source);
	f->received_ms = clock_wall_ms();
	f->clock_ok = clock_is_plausible(f->received_ms);
	/* a JSON line need not hold what tells one measurement from the next */
	if (item->intake == INTAKE_FRAME && f->raw.len > 0 && f->raw.data[0] == '<')
		f->duplicate |= recent_seen(g->recent, (const uint8_t *)f->raw.data,
		                            f->raw.len, g->since_ms);
	return item;
}

void group_add(struct group *g, const uint8_t *line, size_t len, uint64_t token,
               bool can_resend)
{
	size_t first = g->len;

	assert(!group_is_full(g));
	if (first == 0)
		g->since_ms = clock_monotonic_ms();
	g->bytes += len;
	intake_begin(g->line, line, len);
	do {
		struct group_item *item = add_item(g);

		item->token = token;
		item->can_resend = can_resend;
		item->is_same_line = g->len - 1 > first;
	} while (g->line->left > 0);
}

/* True: stored, or refused for a reason of its own.  False: the group has ended. */
static bool store_item(struct group_item *item, struct store *s, struct reason *why)
{
	bool is_stored;

	if (item->intake == INTAKE_REFUSED)
		return true;
	if (item->intake == INTAKE_FRAME) {
		is_stored = store_append(s, &item->frame, why);
		item->answer = FRAME_ANSWER_STORED;
	} else {
		is_stored = store_quarantine(s, &item->frame, item->why.text, why);
		item->answer = FRAME_ANSWER_KEPT;
	}
	if (is_stored)
		return true;
	if (store_trouble(s) != STORE_REFUSED)
		return false;
	item->answer = FRAME_ANSWER_REFUSED;
	item->why = *why;
	return true;
}

/* The next items, if they are all frames: they cost less together. */
static bool find_many(struct group *g, size_t at, struct frame *frames[STORE_MANY])
{
	if (g->len - at < STORE_MANY)
		return false;
	for (size_t i = 0; i < STORE_MANY; i++) {
		if (g->items[at + i].intake != INTAKE_FRAME)
			return false;
		frames[i] = &g->items[at + i].frame;
	}
	return true;
}

static bool store_all(struct group *g, struct store *s, struct reason *why)
{
	struct frame *frames[STORE_MANY];

	for (size_t at = 0; at < g->len;) {
		bool are_many = find_many(g, at, frames);

		if (are_many && store_append_many(s, frames, why)) {
			for (size_t i = 0; i < STORE_MANY; i++)
				g->items[at++].answer = FRAME_ANSWER_STORED;
			continue;
		}
		if (are_many && store_trouble(s) != STORE_REFUSED)
			return false;
		/* one of them may be refused: which one, is found alone */
		if (!store_item(&g->items[at++], s, why))
			return false;
	}
	return store_commit(s, why);
}

static void answer_later(struct group *g, const struct reason *why)
{
	g->later = *why;
	for (size_t i = 0; i < g->len; i++)
		if (g->items[i].intake != INTAKE_REFUSED)
			g->items[i].answer = FRAME_ANSWER_LATER;
}

const char *group_reason(const struct group *g, const struct group_item *item)
{
	bool is_of_store =
		item->answer == FRAME_ANSWER_LATER && item->intake != INTAKE_REFUSED;

	return is_of_store ? g->later.text : item->why.text;
}

/* How much an answer says of its line: what has to come again says all. */
static int weight(enum frame_answer answer)
{
	switch (answer) {
	case FRAME_ANSWER_LATER:
		return 3;
	case FRAME_ANSWER_STORED:
		return 2;
	case FRAME_ANSWER_KEPT:
		return 1;
	case FRAME_ANSWER_REFUSED:
		break;
	}
	return 0;
}

size_t group_line(const struct group *g, size_t at, struct group_line *out)
{
	const struct group_item *item = &g->items[at];

	*out = (struct group_line){
		.token = item->token,
		.answer = item->answer,
		.text = group_reason(g, item),
	};
	do {
		if (weight(item->answer) > weight(out->answer))
			out->answer = item->answer;
		if (item->answer == FRAME_ANSWER_STORED) {
			out->id = item->frame.id;
			out->frames++;
		}
		if (out->text[0] == '\0')
			out->text = group_reason(g, item);
		item++;
	} while (++at < g->len && item->is_same_line);
	return at;
}

static bool needs_store(const struct group *g, bool *is_urgent)
{
	bool needs = false;

	*is_urgent = false;
	for (size_t i = 0; i < g->len; i++) {
		if (g->items[i].intake == INTAKE_REFUSED)
			continue;
		needs = true;
		*is_urgent |= !g->items[i].can_resend;
	}
	return needs;
}

static bool store_group(struct group *g, struct store *s, bool is_urgent,
                        struct reason *why)
{
	if (store_begin(s, why) && store_all(g, s, why))
		return true;
	/* whoever cannot send again is worth more than the oldest frames */
	return store_trouble(s) == STORE_FULL && is_urgent &&
	       store_begin_evicting(s, EVICT_STEP, why) && store_all(g, s, why);
}

bool group_commit(struct group *g, struct store *s, struct reason *why)
{
	bool is_urgent;

	if (!needs_store(g, &is_urgent))
		return true;
	if (store_group(g, s, is_urgent, why)) {
		why->text[0] = '\0'; /* of one frame, or of the first try */
		return true;
	}
	/* what was not stored is no repetition when it comes again */
	memset(g->recent, 0, sizeof *g->recent);
	answer_later(g, why);
	return store_trouble(s) != STORE_BROKEN;
}

void group_clear(struct group *g)
{
	g->len = 0;
	g->bytes = 0;
}
