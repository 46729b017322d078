/* SPDX-License-Identifier: MIT */
/* From a plugin's threads to the loop's. */
#include "mailbox.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

bool mailbox_open(struct mailbox *m, struct reason *why)
{
	*m = (struct mailbox){.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
	if (m->fd < 0)
		return fail_errno(why, "cannot make an event descriptor");
	pthread_mutex_init(&m->lock, NULL);
	return true;
}

static void clear(struct mail_batch *b)
{
	for (size_t i = 0; i < b->len; i++)
		free(b->items[i].reason);
	*b = (struct mail_batch){.items = b->items, .size = b->size};
}

void mailbox_close(struct mailbox *m)
{
	clear(&m->in);
	clear(&m->out);
	free(m->in.items);
	free(m->out.items);
	close(m->fd);
	pthread_mutex_destroy(&m->lock);
}

static bool is_empty(const struct mail_batch *b)
{
	return b->len == 0 && !b->link_changed && b->retry_after_ms == 0 && b->limit == 0;
}

/* Wakes the loop at the first thing only: it takes all at once. */
static void begin(struct mailbox *m, bool *was_empty)
{
	pthread_mutex_lock(&m->lock);
	*was_empty = is_empty(&m->in);
}

static void end(struct mailbox *m, bool was_empty)
{
	uint64_t one = 1;

	/* the counter of an eventfd cannot be full here: one is added per take */
	if (was_empty && !is_empty(&m->in) && write(m->fd, &one, sizeof one) < 0)
		abort();
	pthread_mutex_unlock(&m->lock);
}

static bool grow(struct mail_batch *b)
{
	size_t size = b->size == 0 ? 64 : b->size * 2;
	struct mail *items;

	if (b->len < b->size)
		return true;
	items = realloc(b->items, size * sizeof *items);
	if (items == NULL)
		return false;
	b->items = items;
	b->size = size;
	return true;
}

/* Not by snprintf(): this is done for each message. */
static void set_text(char out[MAILBOX_TEXT], const char *text)
{
	size_t len = strnlen(text, MAILBOX_TEXT - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

void mailbox_settle(struct mailbox *m, uint64_t ticket, enum frame_verdict verdict,
                    const char *reason)
{
	bool was_empty;

	begin(m, &was_empty);
	/* a verdict that finds no memory is dropped: the frame is tried again later */
	if (grow(&m->in)) {
		struct mail *item = &m->in.items[m->in.len++];

		*item = (struct mail){.ticket = ticket, .verdict = verdict};
		if (verdict != FRAME_DELIVERED && reason != NULL)
			item->reason = strdup(reason);
		else if (verdict == FRAME_DELIVERED && reason != NULL)
			set_text(m->in.receipt, reason);
	}
	end(m, was_empty);
}

void mailbox_link(struct mailbox *m, enum frame_link link, const char *why)
{
	bool was_empty;

	begin(m, &was_empty);
	if (!m->in.link_was_down) /* the reason of the loss stands until it is taken */
		set_text(m->in.link_why, why == NULL ? "" : why);
	m->in.link_changed = true;
	m->in.link_was_down |= link == FRAME_LINK_DOWN;
	m->in.link = link;
	end(m, was_empty);
}

void mailbox_retry_after(struct mailbox *m, uint32_t ms)
{
	bool was_empty;

	begin(m, &was_empty);
	if (ms > m->in.retry_after_ms)
		m->in.retry_after_ms = ms;
	end(m, was_empty);
}

void mailbox_limit(struct mailbox *m, uint32_t messages)
{
	bool was_empty;

	begin(m, &was_empty);
	m->in.limit = messages == 0 ? 1 : messages;
	end(m, was_empty);
}

struct mail_batch *mailbox_take(struct mailbox *m)
{
	struct mail_batch batch;
	uint64_t count;

	clear(&m->out);
	pthread_mutex_lock(&m->lock);
	if (is_empty(&m->in)) {
		pthread_mutex_unlock(&m->lock);
		return NULL;
	}
	batch = m->in;
	m->in = m->out;
	m->out = batch;
	if (read(m->fd, &count, sizeof count) < 0)
		count = 0; /* it was readable: something was in */
	pthread_mutex_unlock(&m->lock);
	return &m->out;
}
