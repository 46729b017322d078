/* SPDX-License-Identifier: MIT */
/*
 * The loop of an output: load frames into the window, submit them, take verdicts, move
 * the place, wait.  One thread; a plugin's own threads speak through the mailbox.
 */
#include "deliver.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "exits.h"
#include "deadline.h"
#include "output.h"

#define LOOK_MS       60000 /* an idle output looks by itself so often */
#define HOLD_CHECK_MS 10000
#define SEND_MS       500 /* of submits, until the place and the signals have their turn */
#define ORPHAN_STOP_MS                                                                   \
	2000 /* to settle what is in flight when the supervisor is gone                  \
	      */

/* Whether as much is in flight as may be. */
static bool is_filled(const struct output *o)
{
	unsigned most = o->window_max;

	if (o->limit > 0 && o->limit < most)
		most = o->limit;
	if (judge_alone(&o->judge) != 0)
		most = 1;
	return o->window.counts[WINDOW_IN_FLIGHT] + o->strays >= most;
}

/* After a crash, at most twice the window comes again. */
static bool may_go(const struct output *o, const struct window_slot *slot)
{
	return window_may_go(&o->window, slot, 2 * o->window_max);
}

/*
 * While rejections are not believed: the oldest, and one that was never tried, as it may
 * be a good one.  A round of two goes on over a back-off: a plugin that rejects at once
 * would else be asked for the oldest for ever.
 */
static struct window_slot *next_probe(struct output *o)
{
	struct window_slot *slot = NULL;

	if (o->probes == 0 && o->window.counts[WINDOW_IN_FLIGHT] == 0)
		o->probes = 2; /* those of the last round were evicted */
	if (o->probes == 0)
		return NULL;
	if (o->probes == 1)
		slot = window_untried(&o->window, o->window_max == 1);
	if (slot == NULL || !may_go(o, slot))
		slot = window_oldest(&o->window, WINDOW_READY);
	if (slot == NULL || !may_go(o, slot))
		return NULL;
	o->probes--;
	return slot;
}

/* The next message that may be submitted now, or NULL. */
static struct window_slot *next_to_submit(struct output *o)
{
	uint64_t alone = judge_alone(&o->judge);
	struct window_slot *slot;

	if (is_filled(o))
		return NULL;
	if (o->judge.distrusts)
		return next_probe(o);
	if (alone != 0) /* older ones may wait for a retry */
		slot = window_numbered(&o->window, alone);
	else
		slot = window_oldest(&o->window, WINDOW_READY);
	if (slot == NULL || slot->state != WINDOW_READY || !may_go(o, slot))
		return NULL;
	return slot;
}

/* Says when: the clock is read once a message. */
static int64_t submit(struct output *o, struct window_slot *slot)
{
	const struct message *m = &o->messages[slot->at];
	struct frame_message message;
	enum frame_verdict verdict;
	char why[MAILBOX_TEXT] = "";
	int64_t now;

	if (m->is_unfit) {
		output_reject(o, slot, o->reasons[slot->at]);
		return clock_monotonic_ms();
	}
	now = deadline_begin("submit", o->timeout_ms + 10000);
	window_set(&o->window, slot, WINDOW_IN_FLIGHT, now);
	message_show(m, slot->ticket, slot->attempts, &message);
	o->submitting = m;
	verdict = o->plugin.output.submit(o->instance, &message, why, sizeof why);
	o->submitting = NULL;
	if (o->unflushed++ == 0)
		o->unflushed_since_ms = now;
	if (verdict == FRAME_DELIVERED && why[0] != '\0')
		memcpy(o->receipt, why, sizeof o->receipt);
	if (verdict != FRAME_PENDING)
		output_verdict(o, slot, verdict, why);
	return now;
}

static void flush(struct output *o)
{
	if (o->unflushed == 0)
		return;
	o->unflushed = 0;
	if (o->is_open && o->plugin.output.flush != NULL) {
		deadline_begin("flush", o->timeout_ms + 10000);
		o->plugin.output.flush(o->instance);
	}
}

static bool is_backing_off(struct output *o)
{
	if (o->not_before_ms == 0)
		return false;
	if (clock_monotonic_ms() < o->not_before_ms)
		return true;
	o->not_before_ms = 0;
	if (o->probes == 0)
		o->probes = 2;
	return false;
}

/* Submits what may go, a batch at most; then flushes unless more is expected soon. */
static void send(struct output *o)
{
	int64_t now = clock_monotonic_ms(), until = now + SEND_MS;
	struct window_slot *slot;
	bool is_full;

	while (o->is_open && !is_backing_off(o) && o->unflushed < o->batch &&
	       now < until && (slot = next_to_submit(o)) != NULL)
		now = submit(o, slot);
	is_full = o->unflushed >= o->batch || is_filled(o);
	if (is_full || o->batch_wait_ms == 0 || o->process.is_stopping ||
	    clock_monotonic_ms() >= o->unflushed_since_ms + o->batch_wait_ms)
		flush(o);
}

/* When a plugin that has said nothing of a message is given up; 0: it has none. */
static int64_t verdict_due(struct output *o)
{
	const struct window_slot *slot = window_oldest(&o->window, WINDOW_IN_FLIGHT);
	int64_t since_ms = slot == NULL ? INT64_MAX : slot->since_ms;

	if (o->strays > 0 && o->strays_since_ms < since_ms)
		since_ms = o->strays_since_ms;
	if (since_ms == INT64_MAX)
		return 0;
	return since_ms + o->batch_wait_ms + 2 * o->timeout_ms + 1000;
}

static void sooner(int64_t *deadline, int64_t moment)
{
	if (moment != 0 && moment < *deadline)
		*deadline = moment;
}

/* When something is to be done although nothing happens. */
static int64_t next_deadline(struct output *o, int64_t now)
{
	int64_t deadline = now + LOOK_MS;
	struct window_slot *slot;

	if (!o->is_open || o->window.counts[WINDOW_READY] > 0)
		sooner(&deadline, o->not_before_ms);
	if (o->unflushed > 0)
		sooner(&deadline, o->unflushed_since_ms + o->batch_wait_ms);
	if ((slot = window_oldest(&o->window, WINDOW_HELD)) != NULL)
		sooner(&deadline, slot->since_ms + o->timeout_ms);
	sooner(&deadline, verdict_due(o));
	if (o->window.len > 0)
		sooner(&deadline, o->hold_due_ms);
	sooner(&deadline, o->log_due_ms);
	sooner(&deadline, o->repeat_ms);
	return deadline;
}

static bool can_go_on(struct output *o)
{
	return o->is_open && !o->process.is_stopping && !is_backing_off(o) &&
	       judge_alone(&o->judge) == 0 && !o->judge.distrusts &&
	       next_to_submit(o) != NULL;
}

static void wait(struct output *o, int64_t until)
{
	int64_t now = clock_monotonic_ms();
	int64_t ms = can_go_on(o) || until <= now ? 0 : until - now;

	output_say(o);
	if (o->is_open && o->plugin.output.poll != NULL) {
		deadline_begin("poll", ms + o->timeout_ms + 10000);
		o->plugin.output.poll(o->instance, now + ms);
		ms = 0;
	}
	deadline_end();
	process_wait(&o->process, ms);
	if (statedir_watch_read(&o->watch)) {
		/* a wake tells that all that was written before it can be seen */
		o->may_have_more |= !o->watch.foreign;
		o->repeat_wait_ms = o->watch.foreign ? OUTPUT_REPEAT_FIRST : 0;
		now = clock_monotonic_ms();
		if (!o->watch.foreign)
			o->repeat_ms = 0;
		else if (o->repeat_ms == 0 || o->repeat_ms > now + OUTPUT_REPEAT_FIRST)
			o->repeat_ms = now + OUTPUT_REPEAT_FIRST;
	}
}

/* What time alone brings about. */
static void tick(struct output *o, int64_t now)
{
	int64_t due;

	if (o->repeat_ms != 0 && now >= o->repeat_ms) {
		o->repeat_ms = 0;
		o->may_have_more = true;
	}
	if (o->log_due_ms != 0 && now >= o->log_due_ms)
		output_write_log(o, false);
	if (o->window.len > 0 && now >= o->hold_due_ms) {
		output_evict(o);
		o->hold_due_ms = now + HOLD_CHECK_MS;
	}
	output_settle_held(o, false);
	due = verdict_due(o);
	if (due != 0 && now >= due)
		output_lost(o, "the plugin gave no verdict in time");
}

static void run(struct output *o)
{
	int64_t last_look = clock_monotonic_ms();

	while (!o->process.is_stopping && o->broken.text[0] == '\0') {
		int64_t now = clock_monotonic_ms();

		if (now - last_look >= LOOK_MS) {
			o->may_have_more = true;
			last_look = now;
		}
		if (!o->is_open && !is_backing_off(o))
			output_connect(o);
		tick(o, now);
		output_load(o);
		send(o);
		output_take_mail(o);
		output_advance(o);
		wait(o, next_deadline(o, clock_monotonic_ms()));
		output_take_mail(o);
		output_advance(o);
	}
}

/* Nothing new; what is in flight gets `timeout` to be settled. */
static void stop(struct output *o)
{
	int64_t grace = o->process.is_orphan && o->timeout_ms > ORPHAN_STOP_MS
	                        ? ORPHAN_STOP_MS
	                        : o->timeout_ms;
	int64_t deadline = clock_monotonic_ms() + grace;

	flush(o);
	output_take_mail(o);
	while (o->is_open && o->window.counts[WINDOW_IN_FLIGHT] > 0 &&
	       !o->process.is_urgent && clock_monotonic_ms() < deadline) {
		wait(o, deadline);
		output_take_mail(o);
		output_advance(o); /* closing may take longer than we live */
	}
	output_disconnect(o);
	output_advance(o);
	output_write_log(o, true);
}

int deliver_run(const struct settings *settings, const struct unit *unit,
                const char *state)
{
	struct output *o = calloc(1, sizeof *o);
	struct reason why = {""};
	int code = EXIT_FINE;

	if (o == NULL) {
		log_error("cannot start: out of memory");
		return EXIT_FAILED;
	}
	if (!output_open(o, settings, unit, state, &why)) {
		log_error("cannot start: %s", why.text);
		live_fatal(o->live, why.text);
		code = EXIT_FAILED;
	} else {
		run(o);
		stop(o);
		if (o->broken.text[0] != '\0') {
			log_error("stops: %s", o->broken.text);
			live_fatal(o->live, o->broken.text);
			code = EXIT_STORAGE;
		}
	}
	output_close(o);
	free(o);
	return code;
}
