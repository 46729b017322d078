/* SPDX-License-Identifier: MIT */
/*
 * A far side that says anything at any time, and a model of what it was given: in the
 * place of a plugin, it checks with every message and every wait that an output keeps its
 * promises.  Knows an output from inside, as little as it can; every life of an output is
 * a process of its own, which may end as in a crash.
 */
#ifndef TESTS_UNIT_FAR_SIDE_H
#define TESTS_UNIT_FAR_SIDE_H

#include <stdarg.h>
#include <stddef.h>

#include "fake_clock.h"
#include "output.h"
#include "state.h"

#define FRAMES_MAX     100
#define MESSAGES_MAX   4000
#define WAITS_MAX      20000 /* in one life */
#define IDLE_MAX       500 /* waits in a row in which nothing happens, and no time goes by */
#define SILENT_MOST_MS 30000
#define LIVES_MAX      20 /* that end in a crash; then they do no more */

/* What is in the store, and what became of it in this life. */
static struct frame_model {
	unsigned first,
		messages; /* its messages; none: skipped, or to be a dead letter */
	bool is_gone;     /* from the store */
	bool is_unwanted;
	bool is_unfit; /* it cannot be taken apart, and should be */
	bool is_dead;  /* there is a dead letter */
	bool is_lost;  /* it was not to be found when one should be made */
} frames[FRAMES_MAX + 1];
static unsigned frame_count;

static struct message_model {
	unsigned frame;
	bool is_bad;     /* always rejected */
	bool is_breaker; /* the link breaks on it */
	bool is_taken;   /* delivered, in this life */
	bool is_out;     /* submitted and not refused, in this life */
} messages[MESSAGES_MAX];

/* How an output and its far side are, in percent where nothing else is said. */
struct manner {
	const char *name;
	const char *options; /* of the output */
	bool is_per_reading;
	bool is_senml;
	bool is_mistaken; /* what it rejects must not become a dead letter */
	unsigned window, batch;
	unsigned deliver, retry, reject, lose, silent; /* the rest is pending */
	unsigned refuses_open, asks_to_wait, limits, lies;
	unsigned crash;    /* of 1000 messages */
	unsigned trouble;  /* messages until the far side is well */
	unsigned evict;    /* waits of 1000 */
	unsigned store;    /* failures of the store, of 100 */
	unsigned bad;      /* messages of 100 that are never taken */
	unsigned breakers; /* of 100 */
};
static struct manner manner; /* of this far side */

/* What outlives a crash. */
static struct lasting {
	uint64_t random;
	unsigned submits, lives;
	uint64_t cursor;
	unsigned delivered, rejected; /* frames */
	char fault[300];
} * lasting;

static struct far_side {
	struct output *output;
	struct {
		uint64_t ticket;
		unsigned message;
		int64_t since_ms;
	} pending[MESSAGES_MAX];
	unsigned len, unflushed, limit, waits, idle, evictions;
	bool has_acted;
	unsigned last_taken; /* message, from 1 */
	int64_t not_before_ms;
	uint64_t old_ticket;
	struct place_data at; /* as of the last look */
} far;

static unsigned dice(unsigned sides)
{
	uint64_t z = lasting->random += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (unsigned)((z ^ z >> 31) % sides);
}

static bool is_well(void)
{
	return lasting->submits >= manner.trouble;
}

/* By chance, of `of`, and never again when the far side is well. */
static bool happens(unsigned chance, unsigned of)
{
	return chance > 0 && !is_well() && dice(of) < chance;
}

__attribute__((format(printf, 1, 2), noreturn)) static void fault(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(lasting->fault, sizeof lasting->fault, format, args);
	va_end(args);
	_exit(1);
}

#define promise(condition, ...)                                                          \
	do {                                                                             \
		if (!(condition))                                                        \
			fault(__VA_ARGS__);                                              \
	} while (0)

/* --- the model -----------------------------------------------------------------------
 */

/* Of which frame the messages have to go first, whatever the window is. */
static unsigned oldest_messages(uint64_t cursor)
{
	for (uint64_t id = cursor + 1; id <= frame_count; id++)
		if (frames[id].messages > 0 && !frames[id].is_gone)
			return frames[id].messages;
	return 0;
}

static void check_out(void)
{
	unsigned out = 0, most = oldest_messages(far.output->at.cursor);
	uint64_t first = far.output->at.cursor + 1;

	if (most < 2 * manner.window)
		most = 2 * manner.window;
	for (uint64_t id = first; id <= frame_count; id++)
		for (unsigned i = 0; i < frames[id].messages; i++)
			out += messages[frames[id].first + i].is_out;
	promise(out <= most, "a crash would repeat %u messages, not %u", out, most);
}

/* What the place must count a frame as that it has passed. */
static void count(const struct frame_model *f, uint64_t id, struct place_data *want)
{
	unsigned taken = 0;

	for (unsigned i = 0; i < f->messages; i++)
		taken += messages[f->first + i].is_taken;
	if (f->is_gone)
		want->evicted++;
	else if (f->is_dead)
		want->rejected++;
	else if (f->is_lost)
		want->evicted++;
	else if (f->is_unwanted || (f->messages == 0 && !f->is_unfit))
		want->skipped++;
	else if (taken == f->messages && !f->is_unfit)
		want->delivered++;
	else
		promise(far.evictions > 0, "frame %u was passed with %u of %u taken",
		        (unsigned)id, taken, f->messages);
}

/* The place has passed no open frame, and counts what became of the others. */
static void check_place(void)
{
	struct place_data got = far.output->at, want = far.at;

	promise(got.cursor >= lasting->cursor, "the place went back");
	for (uint64_t id = far.at.cursor + 1; id <= got.cursor; id++)
		count(&frames[id], id, &want);
	promise(got.delivered + got.rejected + got.skipped + got.evicted ==
	                got.cursor - got.begin,
	        "the accounts do not balance at frame %u", (unsigned)got.cursor);
	if (far.evictions == 0)
		promise(got.delivered == want.delivered &&
		                got.rejected == want.rejected &&
		                got.skipped == want.skipped &&
		                got.evicted == want.evicted,
		        "at %u it counts %u %u %u %u, not %u %u %u %u",
		        (unsigned)got.cursor, (unsigned)got.delivered,
		        (unsigned)got.rejected, (unsigned)got.skipped,
		        (unsigned)got.evicted, (unsigned)want.delivered,
		        (unsigned)want.rejected, (unsigned)want.skipped,
		        (unsigned)want.evicted);
	else /* one that was given up whole may be counted as delivered, too */
		promise(got.delivered >= want.delivered && got.rejected == want.rejected,
		        "what was delivered or a dead letter counts as given up");
	far.at = got;
	lasting->cursor = got.cursor;
	lasting->delivered = (unsigned)got.delivered;
	lasting->rejected = (unsigned)got.rejected;
}

/* One that says nothing of a message is given up, and with it all that it has. */
static void check_silence(void)
{
	for (unsigned i = 0; i < far.len; i++)
		promise(fake_monotonic_ms - far.pending[i].since_ms <= SILENT_MOST_MS,
		        "a far side that says nothing is not given up");
}

/* --- what the far side says ----------------------------------------------------------
 */

static void take(unsigned message)
{
	bool has_order = manner.window == 1 && manner.reject + manner.bad == 0 &&
	                 manner.breakers == 0;

	promise(!has_order || message + 1 > far.last_taken,
	        "a window of one has sent message %u behind %u", message + 1,
	        far.last_taken);
	far.last_taken = message + 1;
	messages[message].is_taken = true;
}

/* Settles a message that is pending, and forgets it. */
static void settle(unsigned i, enum frame_verdict verdict)
{
	uint64_t ticket = far.pending[i].ticket;

	if (verdict == FRAME_DELIVERED)
		take(far.pending[i].message);
	if (verdict == FRAME_REJECTED)
		messages[far.pending[i].message].is_out = false;
	output_services.settle(far.output, ticket, verdict, "so it was");
	far.pending[i] = far.pending[--far.len];
	far.old_ticket = ticket;
	far.has_acted = true;
}

static void settle_some(void)
{
	void *router = far.output;

	/* from the back, as each settled one is replaced by the last */
	for (unsigned i = far.len; i-- > 0;) {
		const struct message_model *m = &messages[far.pending[i].message];

		if (m->is_bad || happens(manner.reject, 100))
			settle(i, FRAME_REJECTED);
		else if (happens(manner.retry, 100))
			settle(i, FRAME_RETRY);
		else if (dice(100) < 60 && !happens(manner.silent, 100))
			settle(i, FRAME_DELIVERED);
	}
	if (happens(manner.lies, 100)) {
		output_services.settle(router, far.old_ticket, dice(5), "late");
		output_services.settle(router, dice(1000), FRAME_DELIVERED, NULL);
	}
	if (happens(manner.limits, 100)) {
		far.limit = 1 + dice(manner.window);
		output_services.limit_window(router, far.limit);
	}
	if (happens(manner.asks_to_wait, 100)) {
		far.not_before_ms = fake_monotonic_ms + dice(3000);
		output_services.retry_after(
			router, (uint32_t)(far.not_before_ms - fake_monotonic_ms));
	}
	if (far.output->is_open && happens(manner.lose, 100))
		output_services.link(router, FRAME_LINK_DOWN, "it broke");
}

static int far_open(void **instance, void *router, const struct frame_services *services,
                    char *why, size_t why_len)
{
	far.output = router;
	far.output->backoff.random = dice(1000000);
	far.limit = 0;
	*instance = &far;
	if (happens(manner.refuses_open, 100)) {
		snprintf(why, why_len, "not yet");
		return -1;
	}
	services->link(router, FRAME_LINK_UP, "");
	return 0;
}

/* Of "STORE-ID" or "STORE-ID-RNUMBER". */
static unsigned find_message(const char *uid)
{
	const char *tag = strchr(uid + 17, '-');
	unsigned id = (unsigned)strtoul(uid + 17, NULL, 10);
	unsigned number = tag == NULL ? 0 : (unsigned)strtoul(tag + 2, NULL, 10);

	promise(id >= 1 && id <= frame_count && number < frames[id].messages,
	        "%s was sent, which is no message", uid);
	return frames[id].first + number;
}

static void check_submit(unsigned message)
{
	promise(!messages[message].is_taken, "message %u was delivered already", message);
	promise(far.len < manner.window, "more are in flight than the window allows");
	promise(far.limit == 0 || far.len < far.limit, "limit_window() was ignored");
	promise(fake_monotonic_ms >= far.not_before_ms, "retry_after() was ignored");
	promise(++far.unflushed <= manner.batch, "a batch has too many");
}

static enum frame_verdict far_submit(void *instance, const struct frame_message *m,
                                     char *why, size_t why_len)
{
	unsigned message = find_message(m->uid);
	unsigned chance = dice(100);

	(void)instance;
	lasting->submits++;
	far.has_acted = true;
	check_submit(message);
	snprintf(why, why_len, "as it was told");
	if (messages[message].is_breaker) {
		messages[message].is_out = true;
		output_services.link(far.output, FRAME_LINK_DOWN, "it breaks");
	} else if (messages[message].is_bad || happens(manner.reject, 100)) {
		messages[message].is_out = false;
		return FRAME_REJECTED;
	}
	messages[message].is_out = true;
	check_out();
	if (lasting->lives < LIVES_MAX && happens(manner.crash, 1000))
		_exit(77);
	if (happens(manner.retry, 100))
		return FRAME_RETRY;
	if (chance < manner.deliver && !messages[message].is_breaker) {
		take(message);
		return FRAME_DELIVERED;
	}
	far.pending[far.len].ticket = m->id;
	far.pending[far.len].message = message;
	far.pending[far.len++].since_ms = fake_monotonic_ms;
	return FRAME_PENDING;
}

static void far_flush(void *instance)
{
	(void)instance;
	far.unflushed = 0;
	if (dice(3) == 0)
		settle_some();
}

static void far_close(void *instance)
{
	(void)instance;
	if (dice(2) == 0) /* verdicts that come before the end of close() count */
		settle_some();
	if (far.len > 0)
		far.old_ticket = far.pending[0].ticket;
	far.len = 0;
	far.unflushed = 0;
}

static const struct frame_output far_table = {
	.struct_size = sizeof far_table,
	.abi = 1,
	.name = "far",
	.open = far_open,
	.submit = far_submit,
	.flush = far_flush,
	.close = far_close,
};

#endif
