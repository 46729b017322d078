/* SPDX-License-Identifier: MIT */
/* One supervised process. */
#include "child.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "clock.h"
#include "exits.h"
#include "deadline.h"
#include "live.h"
#include "log.h"

#define START_MIN_MS 1000
#define START_MAX_MS 60000
#define STEADY_MS    60000 /* whoever ran so long begins the back-off anew */

void child_init(struct child *c, enum child_kind kind, const char *name)
{
	*c = (struct child){.kind = kind, .grace_ms = 5000};
	snprintf(c->name, sizeof c->name, "%s", name);
	backoff_init(&c->backoff, START_MIN_MS, START_MAX_MS);
}

void child_start(struct child *c, const struct child_world *world, int64_t now_ms)
{
	static const char *const verbs[] = {"input", "output", "housekeeping"};
	const char *argv[] = {"frame-router", verbs[c->kind], c->name,
	                      "--state",      world->state,   NULL};
	const struct launch what = {argv, -1, -1, -1, true};
	struct reason why = {""};

	if (!c->is_wanted || c->pid != 0 || now_ms < c->start_at_ms)
		return;
	if (!launch_start(&c->pid, world->launcher, &what, &why)) {
		c->pid = 0;
		snprintf(c->died, sizeof c->died, "%.190s", why.text);
		log_error("%s %s", c->name, c->died);
		c->start_at_ms = now_ms + backoff_next(&c->backoff);
		return;
	}
	c->started_ms = now_ms;
	c->kill_at_ms = 0;
}

void child_stop(struct child *c, int64_t now_ms)
{
	c->is_wanted = false;
	c->died[0] = '\0';
	if (c->pid == 0 || c->kill_at_ms != 0)
		return;
	kill(c->pid, SIGTERM);
	c->kill_at_ms = now_ms + c->grace_ms;
}

void child_cycle(struct child *c, int64_t now_ms)
{
	bool is_wanted = c->is_wanted;

	child_stop(c, now_ms);
	if (is_wanted)
		child_want(c, now_ms);
}

void child_want(struct child *c, int64_t now_ms)
{
	c->is_wanted = true;
	c->start_at_ms = now_ms;
	backoff_reset(&c->backoff);
}

static void explain(struct child *c, int status)
{
	struct live_data said;

	if (WIFSIGNALED(status))
		snprintf(c->died, sizeof c->died, "killed by signal %d (%s)",
		         WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) == DEADLINE_EXIT)
		snprintf(c->died, sizeof c->died, "its plugin did not return in time");
	else if (WEXITSTATUS(status) != 0 && live_read_last(c->live, c->pid, &said) &&
	         said.reason[0] != '\0')
		snprintf(c->died, sizeof c->died, "%.190s", said.reason);
	else
		snprintf(c->died, sizeof c->died, "ended with exit code %d",
		         WEXITSTATUS(status));
}

void child_reaped(struct child *c, int status, int64_t now_ms)
{
	bool was_asked = c->kill_at_ms != 0 || !c->is_wanted;
	uint32_t wait;

	explain(c, status);
	c->pid = 0;
	c->kill_at_ms = 0;
	if (was_asked) {
		/* asked before it could listen, it ends by the signal itself */
		if (status != 0 && status != SIGTERM)
			log_warning("%s: %s while it was stopping", c->name, c->died);
		c->died[0] = '\0';
		c->start_at_ms = now_ms;
		return;
	}
	if (now_ms - c->started_ms >= STEADY_MS)
		backoff_reset(&c->backoff);
	wait = backoff_next(&c->backoff);
	c->start_at_ms = now_ms + wait;
	log_error("%s: %s; starting it again in %.1f s", c->name, c->died, wait / 1000.0);
}

void child_tick(struct child *c, int64_t now_ms)
{
	if (c->pid == 0 || c->kill_at_ms == 0 || now_ms < c->kill_at_ms)
		return;
	log_warning("%s: does not stop, killing it", c->name);
	kill(c->pid, SIGKILL);
	c->kill_at_ms = INT64_MAX;
}

int64_t child_deadline(const struct child *c)
{
	if (c->pid != 0)
		return c->kill_at_ms != 0 ? c->kill_at_ms : INT64_MAX;
	return c->is_wanted ? c->start_at_ms : INT64_MAX;
}

const char *child_state(const struct child *c, int64_t now_ms, struct buf *reason)
{
	struct live_data said;

	if (c->pid == 0) {
		if (!c->is_enabled && !c->is_wanted)
			buf_text(reason, "disabled");
		else if (!c->is_wanted)
			buf_text(reason, "by admin");
		else
			buf_format(reason, "starting again in %lld s: %s",
			           (long long)((c->start_at_ms - now_ms + 999) / 1000),
			           c->died);
		return "Stopped";
	}
	if (c->kill_at_ms != 0)
		buf_text(reason, "stopping");
	else if (!live_read(c->live, &said) || said.pid != c->pid)
		buf_text(reason, "starting");
	else
		live_words(&said, reason);
	return "Running";
}
