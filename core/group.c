/* SPDX-License-Identifier: MIT */
/* A group of lines on its way into the store. */
#include "group.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

#define GROUP_BYTES (4u << 20)
#define EVICT_STEP  1000 /* frames that go at once when a sender cannot come again */

bool group_init(struct group *g, const struct sensors *sensors, const char *source,
                struct reason *why)
{
	*g = (struct group){.sensors = sensors};
	snprintf(g->source, sizeof g->source, "%s", source);
	g->items = calloc(GROUP_MAX, sizeof *g->items);
	g->recent = calloc(1, sizeof *g->recent);
	return (g->items != NULL && g->recent != NULL) || fail(why, "out of memory");
}

void group_free(struct group *g)
{
	for (size_t i = 0; g->items != NULL && i < GROUP_MAX; i++)
		frame_free(&g->items[i].frame);
	free(g->items);
	free(g->recent);
	g->items = NULL;
	g->recent = NULL;
}

bool group_is_full(const struct group *g)
{
	return g->len == GROUP_MAX || g->bytes >= GROUP_BYTES;
}

void group_add(struct group *g, const uint8_t *line, size_t len, uint64_t token,
               bool can_resend)
{
	struct group_item *item = &g->items[g->len];
	struct frame *f = &item->frame;

	assert(!group_is_full(g));
	if (g->len++ == 0)
		g->since_ms = clock_monotonic_ms();
	g->bytes += len;
	item->token = token;
	item->can_resend = can_resend;
	item->why.text[0] = '\0';
	item->answer = FRAME_ANSWER_REFUSED;
	item->intake = intake_line(f, line, len, g->sensors, &item->why);
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

static bool store_all(struct group *g, struct store *s, struct reason *why)
{
	for (size_t i = 0; i < g->len; i++)
		if (!store_item(&g->items[i], s, why))
			return false;
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
