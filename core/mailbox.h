/* SPDX-License-Identifier: MIT */
/*
 * What a plugin tells from any of its threads, kept until the thread of the output's loop
 * takes it.
 */
#ifndef CORE_MAILBOX_H
#define CORE_MAILBOX_H

#include <frame_output.h>

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reason.h"

#define MAILBOX_TEXT 200

struct mail {
	uint64_t ticket;
	enum frame_verdict verdict;
	char *reason; /* owned; NULL for deliveries and where nothing was said */
};

/* All that came since the last time. */
struct mail_batch {
	struct mail *items;
	size_t len, size;
	char receipt[MAILBOX_TEXT]; /* of the last delivery, "" if it gave none */
	bool link_changed;          /* then these two */
	bool link_was_down;         /* it was down in between, whatever it is now */
	enum frame_link link;
	char link_why[MAILBOX_TEXT];
	uint32_t retry_after_ms; /* the longest asked for; 0: none */
	uint32_t limit;          /* of the window; 0: not told */
};

struct mailbox {
	pthread_mutex_t lock;
	struct mail_batch in;
	struct mail_batch out; /* the reader's, given back at the next take */
	int fd;                /* readable while there is something to take */
};

bool mailbox_open(struct mailbox *m, struct reason *why);
void mailbox_close(struct mailbox *m);

/* Any thread. */
void mailbox_settle(struct mailbox *m, uint64_t ticket, enum frame_verdict verdict,
                    const char *reason);
void mailbox_link(struct mailbox *m, enum frame_link link, const char *why);
void mailbox_retry_after(struct mailbox *m, uint32_t ms);
void mailbox_limit(struct mailbox *m, uint32_t messages);

/* The loop's thread only: NULL when nothing came; valid until the next call. */
struct mail_batch *mailbox_take(struct mailbox *m);

#endif
