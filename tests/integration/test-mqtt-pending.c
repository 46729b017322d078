/* SPDX-License-Identifier: MIT */
/* The account of unacknowledged messages, against a model and with two threads. */
#include "../../plugins/mqtt/pending.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "tap.h"

static void an_answer_finds_its_message(void)
{
	struct pending p;
	uint64_t id = 0;

	pending_init(&p);
	pending_add(&p, 70, 0);
	pending_name(&p, 70, 1);
	pending_add(&p, 80, 0);
	pending_name(&p, 80, 2);
	ok(!pending_take(&p, 9, 5, &id),
	   "an answer to a packet that was never sent is to nothing");
	ok(pending_take(&p, 2, 5, &id) && id == 80, "packet 2 is message 80");
	ok(!pending_take(&p, 2, 5, &id), "and a second answer to it is to nothing");
	ok(pending_take(&p, 1, 5, &id) && id == 70, "packet 1 is message 70");
	pending_free(&p);
}

static void an_answer_may_be_faster_than_publishing(void)
{
	struct pending p;
	uint64_t id = 0;

	pending_init(&p);
	pending_add(&p, 70, 0);
	ok(pending_take(&p, 1, 5, &id) && id == 70,
	   "an answer before the packet id is known is to what is being sent");
	pending_name(&p, 70, 1);
	ok(!pending_take(&p, 1, 5, &id), "and to nothing else after that");
	pending_add(&p, 80, 0);
	pending_drop(&p, 80);
	ok(!pending_take(&p, 2, 5, &id) && pending_deadline(&p, 10) == INT64_MAX,
	   "what could not be sent waits for no answer");
	pending_free(&p);
}

static void the_deadline_follows_progress_but_not_for_ever(void)
{
	struct pending p;
	uint64_t id;

	pending_init(&p);
	ok(pending_deadline(&p, 100) == INT64_MAX, "nothing sent, nothing to wait for");
	for (uint16_t mid = 1; mid <= 3; mid++) {
		pending_add(&p, mid, mid);
		pending_name(&p, mid, mid);
	}
	ok(pending_deadline(&p, 100) == 101, "the oldest message counts");
	pending_take(&p, 1, 90, &id);
	ok(pending_deadline(&p, 100) == 190,
	   "a slow line that makes progress is not cut");
	pending_take(&p, 3, 95, &id);
	ok(pending_deadline(&p, 100) == 102,
	   "a message that was overtaken is not waited for");
	pending_take(&p, 2, 99, &id);
	ok(pending_deadline(&p, 100) == INT64_MAX, "all answered");
	pending_free(&p);
}

/* 200,000 random steps against a table that is looked through from end to end. */
static void it_does_what_a_simple_table_does(void)
{
	enum { AT_MOST = 300 };
	struct {
		uint64_t id;
		uint16_t mid;
	} model[AT_MOST];
	unsigned len = 0, wrong = 0, seed = 1;
	uint64_t next_id = 1, id;
	uint16_t mid = 65000; /* so that it wraps soon */
	struct pending p;

	pending_init(&p);
	for (unsigned step = 0; step < 200000; step++) {
		bool adds = len == 0 || (len < AT_MOST && rand_r(&seed) % 2 == 0);

		if (adds) {
			mid = mid == 65535 ? 1 : (uint16_t)(mid + 1);
			pending_add(&p, next_id, step);
			pending_name(&p, next_id, mid);
			model[len].id = next_id++;
			model[len++].mid = mid;
		} else {
			/* brokers answer in order, mostly */
			unsigned i = rand_r(&seed) % 4 == 0
			                     ? (unsigned)rand_r(&seed) % len
			                     : 0;

			wrong += !pending_take(&p, model[i].mid, step, &id) ||
			         id != model[i].id;
			memmove(&model[i], &model[i + 1], (--len - i) * sizeof model[0]);
		}
		wrong += (pending_deadline(&p, 0) == INT64_MAX) != (len == 0);
	}
	ok(wrong == 0,
	   "every answer finds its message, in any order, over wrapped packet ids");
	pending_free(&p);
}

/* ---- two threads ---- */

#define MESSAGES 300000

static struct pending shared;
static atomic_uint published; /* packets that the other side may answer */
static unsigned char answers[MESSAGES + 1];

static uint16_t mid_of(unsigned n)
{
	return (uint16_t)((n - 1) % 65535 + 1);
}

static void *answer_all(void *unused)
{
	uint64_t id;

	(void)unused;
	for (unsigned n = 1; n <= MESSAGES; n++) {
		while (atomic_load(&published) < n)
			sched_yield();
		if (pending_take(&shared, mid_of(n), 0, &id) && id <= MESSAGES)
			answers[id]++;
	}
	return NULL;
}

static void two_threads_lose_nothing(void)
{
	unsigned wrong = 0;
	pthread_t thread;

	pending_init(&shared);
	pthread_create(&thread, NULL, answer_all, NULL);
	for (unsigned n = 1; n <= MESSAGES; n++) {
		pending_add(&shared, n, 0);
		atomic_store(&published, n); /* from here on it may be answered */
		pending_name(&shared, n, mid_of(n));
	}
	pthread_join(thread, NULL);
	for (unsigned n = 1; n <= MESSAGES; n++)
		wrong += answers[n] != 1;
	ok(wrong == 0, "each of %d messages is answered once, however fast the answer is",
	   MESSAGES);
	pending_free(&shared);
}

int main(void)
{
	an_answer_finds_its_message();
	an_answer_may_be_faster_than_publishing();
	the_deadline_follows_progress_but_not_for_ever();
	it_does_what_a_simple_table_does();
	two_threads_lose_nothing();
	return done();
}
