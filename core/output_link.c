/* SPDX-License-Identifier: MIT */
/* Opening and closing the plugin, and waiting longer after each failure. */
#include <stdio.h>

#include "clock.h"
#include "deadline.h"
#include "output.h"

void output_back_off(struct output *o, uint32_t at_least_ms, const char *why)
{
	int64_t now = clock_monotonic_ms();
	uint32_t wait;

	snprintf(o->trouble, sizeof o->trouble, "%s", why);
	complain(&o->complaint, LOG_LEVEL_WARNING, "backs off: %s", why);
	live_error(o->live, why);
	if (o->not_before_ms > now && o->not_before_ms >= now + at_least_ms)
		return; /* one wait for all that failed together */
	wait = backoff_next(&o->backoff);
	o->not_before_ms = now + (wait > at_least_ms ? wait : at_least_ms);
}

void output_connect(struct output *o)
{
	char why[MAILBOX_TEXT] = "";
	int code;

	live_reason(o->live, 0, "connecting");
	o->limit = 0;
	o->is_unconfirmed = false;
	o->link[0] = '\0';
	deadline_begin("open", o->timeout_ms + 10000);
	code = o->plugin.output.open(&o->instance, o, &output_services, why, sizeof why);
	deadline_end();
	if (code != 0) {
		output_back_off(o, 0,
		                why[0] == '\0' ? "the plugin's open() failed" : why);
		return;
	}
	o->is_open = true;
	if (o->probes == 0)
		o->probes = 2;
	output_take_mail(o);
}

void output_disconnect(struct output *o)
{
	if (!o->is_open)
		return;
	deadline_begin("close", o->timeout_ms + 10000);
	o->plugin.output.close(o->instance);
	deadline_end();
	o->is_open = false;
	o->instance = NULL;
	o->unflushed = 0;
	o->strays = 0;
	output_take_mail(o); /* verdicts that came before it had ended count */
	window_set_all(&o->window, WINDOW_IN_FLIGHT, WINDOW_READY, clock_monotonic_ms());
}

void output_lost(struct output *o, const char *why)
{
	struct window_slot *oldest;
	enum judge_loss loss;

	if (!o->is_open)
		return;
	oldest = window_oldest(&o->window, WINDOW_IN_FLIGHT);
	loss = judge_lost(&o->judge,
	                  oldest == NULL ? 0 : window_number(&o->window, oldest));
	output_disconnect(o);
	if (loss == JUDGE_REJECT && oldest->state == WINDOW_READY)
		output_reject(o, oldest, "the link breaks on this frame");
	output_back_off(o, 0, why[0] == '\0' ? "the link was lost" : why);
}

void output_say(struct output *o)
{
	int64_t now = clock_monotonic_ms();
	const struct window_slot *alone =
		window_numbered(&o->window, judge_alone(&o->judge));

	live_in_flight(o->live, o->window.counts[WINDOW_IN_FLIGHT], o->late);
	if (o->not_before_ms > now)
		live_reason(o->live, clock_wall_ms() + o->not_before_ms - now, "%s%s",
		            o->judge.distrusts ? "everything is rejected: " : "",
		            o->trouble);
	else if (!o->is_open)
		live_reason(o->live, 0, "connecting");
	else if (alone != NULL)
		live_reason(o->live, 0, "sending only frame %llu: the link broke on it",
		            (unsigned long long)alone->id);
	else if (o->is_unconfirmed)
		live_reason(o->live, 0, "not confirmed: %s", o->link);
	else
		live_reason(o->live, 0, "%s", o->link);
}
