/* SPDX-License-Identifier: MIT */
/* What a supervisor is asked over the control socket. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "supervisor_private.h"

static void reply_status(struct supervisor *s, struct buf *reply)
{
	int64_t now = clock_monotonic_ms();
	struct buf reason = {0};

	buf_format(reply, "router\t%d\t%s\n", (int)getpid(), PACKAGE_VERSION);
	for (struct child *c = s->children; c != NULL; c = c->next) {
		const char *state;

		if (c->kind == CHILD_HOUSEKEEPING || c->is_leaving)
			continue;
		buf_clear(&reason);
		state = child_state(c, now, &reason);
		buf_format(reply, "%s\t%s\t%s\t%s\t%d\t%s\n",
		           c->kind == CHILD_INPUT ? "input" : "output", c->name,
		           c->plugin, state, (int)c->pid, buf_string(&reason));
	}
	buf_free(&reason);
}

/*
 * start, stop, restart: true when it has come about.  What is wanted is noted at once, so
 * that it comes about when the asker is gone; the last of several commands counts.
 */
static bool move(struct supervisor *s, struct child *c, const char *verb, bool is_new)
{
	int64_t now = clock_monotonic_ms();
	bool is_stop = strcmp(verb, "stop") == 0;

	if (is_new && strcmp(verb, "start") != 0) {
		log_info("%s: %s by admin", c->name, is_stop ? "stopped" : "restarted");
		child_stop(c, now);
	}
	if (is_new && !is_stop)
		child_want(c, now);
	if (c->kill_at_ms != 0)
		return false; /* still ending */
	if (mend_is_busy(s))
		return is_stop;
	child_start(c, &s->world, now);
	return true;
}

static void reply_move(const struct child *c, const char *verb, struct buf *reply)
{
	bool is_stop = strcmp(verb, "stop") == 0;

	if (c->is_wanted == is_stop)
		buf_format(reply, "error\t%s: another command has %s it meanwhile\n",
		           c->name, is_stop ? "started" : "stopped");
	else if (!is_stop && c->pid == 0)
		buf_format(reply, "error\t%s: %s\n", c->name, c->died);
	else
		buf_text(reply, "ok\n");
}

static bool is_one_of(const char *verb, const char *const *verbs)
{
	for (; *verbs != NULL; verbs++)
		if (strcmp(verb, *verbs) == 0)
			return true;
	return false;
}

static bool reload(struct supervisor *s, const char *verb, const char *name,
                   uint64_t *ticket, struct buf *reply)
{
	bool is_wish = strcmp(verb, "enable") == 0 || strcmp(verb, "disable") == 0;
	bool is_one = strcmp(verb, "reload") != 0;

	if (is_one && !config_name_is_valid(name)) {
		buf_format(reply, "error\t%s needs a name\n", verb);
		return true;
	}
	return reload_ask(s, is_one ? name : "", is_wish, ticket, reply);
}

bool supervisor_command(void *supervisor, const char *line, uint64_t *ticket,
                        struct buf *reply)
{
	static const char *const moves[] = {"start", "stop", "restart", NULL};
	static const char *const reloads[] = {"reload", "enable", "disable", "reset",
	                                      NULL};
	struct supervisor *s = supervisor;
	char verb[16] = "", name[CONFIG_NAME_MAX + 2] = "";
	struct child *c;

	if (strcmp(line, "status") == 0) {
		reply_status(s, reply);
		return true;
	}
	sscanf(line, "%15s %65s", verb, name);
	/* a reload that was asked for is answered by it, also when we stop */
	if (is_one_of(verb, reloads) && (*ticket != 0 || s->phase == PHASE_RUNNING))
		return reload(s, verb, name, ticket, reply);
	c = supervisor_find(s, name);
	if (!is_one_of(verb, moves) && !is_one_of(verb, reloads))
		buf_text(reply, "error\tno such command\n");
	else if (s->phase != PHASE_RUNNING)
		buf_text(reply, "error\tthe router is stopping\n");
	else if (c == NULL)
		buf_format(reply, "error\tthere is no input or output %s\n", name);
	else if (!move(s, c, verb, *ticket == 0))
		return false;
	else
		reply_move(c, verb, reply);
	return true;
}
