/* SPDX-License-Identifier: MIT */
/* What became of messages: settled, split, or given back. */
#include "client_private.h"

#include <string.h>

static void settle(struct client *c, const struct request *r, enum frame_verdict verdict,
                   const char *words)
{
	for (unsigned i = 0; i < r->count; i++)
		c->services->settle(c->router, r->items[i].id, verdict, words);
}

void client_give_back(struct client *c, struct request *r, const char *words)
{
	settle(c, r, FRAME_RETRY, words);
	request_free(r);
}

static void give_all_back(struct client *c, struct request **list, const char *words)
{
	while (*list != NULL) {
		struct request *r = *list;

		*list = r->next;
		client_give_back(c, r, words);
	}
}

void client_give_queue_back(struct client *c, const char *words)
{
	give_all_back(c, &c->queue, words);
}

void client_tell_lost(struct client *c)
{
	if (c->lost[0] == '\0' || c->under_way > 0 || c->has_told)
		return;
	give_all_back(c, &c->queue, c->lost);
	give_all_back(c, &c->collecting, c->lost);
	c->has_told = true;
	c->services->link(c->router, FRAME_LINK_DOWN, c->lost);
}

void client_lower(struct client *c, unsigned count)
{
	if (count / 2 < c->most)
		c->most = count < 4 ? 1 : count / 2;
}

/* One of `count` messages went well: the next may be somewhat larger. */
static void raise_again(struct client *c, unsigned count)
{
	if (count < c->most || c->most == c->options.batch)
		return;
	c->most += c->most < 8 ? 1 : c->most / 8;
	if (c->most > c->options.batch)
		c->most = c->options.batch;
}

/* The halves come next, the left one first; takes `r` over. */
static void split(struct client *c, struct request *r, const char *words)
{
	struct request *left, *right;

	if (!request_split(r, &left, &right)) {
		client_give_back(c, r, "out of memory for the halves of a batch");
		return;
	}
	c->services->log(c->router, FRAME_LOG_DEBUG, words);
	left->next = right;
	right->next = c->queue;
	c->queue = left;
	request_free(r);
}

static void refused(struct client *c, struct request *r, const struct answer_meaning *m)
{
	if (m->is_too_large)
		client_lower(c, r->count);
	if (r->count > 1) {
		split(c, r, m->words);
		return;
	}
	settle(c, r, FRAME_REJECTED, m->words);
	request_free(r);
}

void client_judge(struct client *c, struct request *r, const struct answer_meaning *m)
{
	if (m->kind == ANSWER_REFUSED) {
		refused(c, r, m);
		return;
	}
	if (m->kind == ANSWER_DELIVERED) {
		raise_again(c, r->count);
		settle(c, r, FRAME_DELIVERED, m->words);
		request_free(r);
		return;
	}
	if (m->is_too_large)
		client_lower(c, r->count);
	if (m->kind == ANSWER_LOST && c->lost[0] == '\0')
		memcpy(c->lost, m->words, sizeof c->lost);
	client_give_back(c, r, m->words);
	if (m->kind != ANSWER_LATER)
		client_give_queue_back(c, m->words);
	if (m->retry_after_ms > 0)
		c->services->retry_after(c->router, m->retry_after_ms);
}
