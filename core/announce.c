/* SPDX-License-Identifier: MIT */
/* The children in one line.  Knows neither their plugins nor the protocol. */
#include "announce.h"

#include "clock.h"
#include "live.h"

#define LOOK_MS  10000 /* children change their words without a word to us */
#define SPARE_MS 10000 /* beyond the last one's grace, to end ourselves */

struct sum {
	unsigned running;
	unsigned wanted;
	unsigned changes; /* differs when any child has started, died or been asked */
	const struct child *troubled;
};

static struct sum add_up(const struct child *children)
{
	struct sum sum = {0};

	for (const struct child *c = children; c != NULL; c = c->next) {
		if (c->kind == CHILD_HOUSEKEEPING)
			continue;
		sum.wanted += c->is_wanted;
		sum.running += c->pid != 0;
		sum.changes = sum.changes * 31 + (unsigned)c->pid + c->is_wanted;
		if (c->is_wanted && c->pid == 0 && sum.troubled == NULL)
			sum.troubled = c;
	}
	return sum;
}

/* Why a child does not run, or backs off; nothing when all is well. */
static void add_words(const struct child *c, int64_t now_ms, struct buf *words)
{
	struct live_data said;

	if (c->pid == 0)
		child_state(c, now_ms, words);
	else if (live_read(c->live, &said) && said.pid == c->pid && said.until_ms != 0)
		live_words(&said, words);
}

/* The first that has something to say; one that does not run before all others. */
static const struct child *find_words(const struct child *children,
                                      const struct child *troubled, struct buf *words)
{
	int64_t now = clock_monotonic_ms();

	for (const struct child *c = troubled == NULL ? children : troubled; c != NULL;
	     c = c->next) {
		if (!c->is_wanted || c->kind == CHILD_HOUSEKEEPING)
			continue;
		add_words(c, now, words);
		if (words->len > 0)
			return c;
	}
	return NULL;
}

static void tell_status(struct announce *a, const struct child *children,
                        const struct sum *sum)
{
	struct buf words = {0};
	const struct child *c = find_words(children, sum->troubled, &words);

	if (c != NULL)
		notify_status(a->notify, "%u of %u running; %s: %s", sum->running,
		              sum->wanted, c->name, buf_string(&words));
	else
		notify_status(a->notify, "%u of %u running", sum->running, sum->wanted);
	buf_free(&words);
}

static void tell_stop(struct announce *a, const struct child *children,
                      const struct sum *sum)
{
	int64_t now = clock_monotonic_ms();
	int64_t last_ms = now;

	if (!a->is_stopping)
		notify_stopping(a->notify);
	a->is_stopping = true;
	notify_status(a->notify, "stopping; %u still running", sum->running);
	for (const struct child *c = children; c != NULL; c = c->next)
		if (c->pid != 0 && c->kill_at_ms != INT64_MAX && c->kill_at_ms > last_ms)
			last_ms = c->kill_at_ms;
	if (last_ms <= a->until_ms)
		return;
	a->until_ms = last_ms;
	notify_extend(a->notify, last_ms - now + SPARE_MS);
}

void announce(struct announce *a, const struct child *children, bool is_stopping)
{
	int64_t now;
	struct sum sum;

	if (a->notify->fd < 0)
		return;
	now = clock_monotonic_ms();
	sum = add_up(children);
	if (is_stopping) {
		tell_stop(a, children, &sum);
	} else if (sum.changes != a->told || now >= a->look_ms) {
		a->told = sum.changes;
		a->look_ms = now + LOOK_MS;
		tell_status(a, children, &sum);
	}
	notify_alive(a->notify, now);
}
