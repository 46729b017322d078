/* SPDX-License-Identifier: MIT */
/* mailbox: verdicts from any thread arrive once, in order, and wake the loop. */
#include "mailbox.h"

#include <poll.h>

#include "tap.h"

#define THREADS 4
#define EACH    20000

static bool is_readable(struct mailbox *m)
{
	struct pollfd fd = {.fd = m->fd, .events = POLLIN};

	return poll(&fd, 1, 0) == 1;
}

static void what_was_told_arrives_once(void)
{
	struct mail_batch *mail;
	struct mailbox m;

	mailbox_open(&m, NULL);
	ok(mailbox_take(&m) == NULL && !is_readable(&m), "an empty mailbox wakes nobody");
	mailbox_settle(&m, 1, FRAME_DELIVERED, "receipt 1");
	mailbox_settle(&m, 2, FRAME_REJECTED, "too large");
	mailbox_settle(&m, 3, FRAME_RETRY, NULL);
	mailbox_retry_after(&m, 300);
	mailbox_retry_after(&m, 200);
	mailbox_limit(&m, 20);
	ok(is_readable(&m), "the first verdict wakes the loop");
	mail = mailbox_take(&m);
	ok(mail != NULL && mail->len == 3 && mail->items[1].ticket == 2 &&
	           mail->items[1].verdict == FRAME_REJECTED,
	   "all three verdicts are there, in order");
	same(mail->items[1].reason, "too large", "the reason of a rejection is kept");
	same(mail->receipt, "receipt 1", "so is the receipt of a delivery");
	ok(mail->retry_after_ms == 300 && mail->limit == 20,
	   "the longest wait and the limit are there");
	ok(mailbox_take(&m) == NULL && !is_readable(&m), "a second look finds nothing");
	mailbox_close(&m);
}

static void a_lost_link_is_not_hidden_by_a_later_word(void)
{
	struct mail_batch *mail;
	struct mailbox m;

	mailbox_open(&m, NULL);
	mailbox_link(&m, FRAME_LINK_DOWN, "connection reset");
	mailbox_link(&m, FRAME_LINK_UP, "again");
	mail = mailbox_take(&m);
	ok(mail != NULL && mail->link_changed && mail->link_was_down,
	   "it was down in between");
	same(mail->link_why, "connection reset", "and the reason is that of the loss");
	mailbox_close(&m);
}

static void *tell(void *context)
{
	for (uint64_t i = 1; i <= EACH; i++)
		mailbox_settle(context, i, FRAME_DELIVERED, "ok");
	return NULL;
}

static void four_threads_lose_no_verdict(void)
{
	pthread_t threads[THREADS];
	struct mail_batch *mail;
	struct mailbox m;
	size_t count = 0;

	mailbox_open(&m, NULL);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, tell, &m);
	while (count < THREADS * EACH) {
		struct pollfd fd = {.fd = m.fd, .events = POLLIN};

		if (poll(&fd, 1, 10000) != 1)
			break;
		if ((mail = mailbox_take(&m)) != NULL)
			count += mail->len;
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	ok(count == THREADS * EACH, "80,000 verdicts of four threads all arrived (%zu)",
	   count);
	mailbox_close(&m);
}

int main(void)
{
	what_was_told_arrives_once();
	a_lost_link_is_not_hidden_by_a_later_word();
	four_threads_lose_no_verdict();
	return done();
}
