/* SPDX-License-Identifier: MIT */
/* The supervisor: a loop over signals, children and commands. */
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "announce.h"
#include "clock.h"
#include "control.h"
#include "exits.h"
#include "log.h"
#include "option.h"
#include "process.h"
#include "statedir.h"

#define HOUSEKEEPING   "housekeeping"
#define GRACE_EXTRA_MS 3000 /* beyond an output's own timeout */

/* Inputs stop first, so that outputs see all that was answered; the housekeeping last. */
enum phase { PHASE_RUNNING, PHASE_INPUTS, PHASE_OUTPUTS, PHASE_HOUSEKEEPING, PHASE_OVER };

struct supervisor {
	const struct supervisor_options *options;
	struct child_world world;
	int pipe[2]; /* we hold its writing end: it ends with us */
	struct child *children;
	struct control control;
	enum phase phase;
	int64_t asked_ms; /* when it was asked to stop */
	struct announce announce;
};

static int64_t grace_of(const struct unit *u)
{
	const char *timeout = config_text(u->section, "timeout");
	int64_t ms = 0;

	if (timeout == NULL || !option_parse_duration(timeout, &ms, NULL))
		ms = 2000;
	return ms + GRACE_EXTRA_MS;
}

static bool add_child(struct supervisor *s, enum child_kind kind, const char *name,
                      const struct unit *u)
{
	struct child *c = calloc(1, sizeof *c);
	struct child **at = &s->children;

	if (c == NULL)
		return false;
	child_init(c, kind, name);
	c->is_enabled = c->is_wanted = u == NULL || u->is_enabled;
	if (u != NULL) {
		snprintf(c->plugin, sizeof c->plugin, "%s", u->plugin);
		statedir_file(c->live, s->options->state,
		              kind == CHILD_INPUT ? "inputs" : "outputs", name, "live");
		c->grace_ms = grace_of(u);
	}
	while (*at != NULL)
		at = &(*at)->next;
	*at = c;
	return true;
}

static bool make_children(struct supervisor *s, struct reason *why)
{
	if (!add_child(s, CHILD_HOUSEKEEPING, HOUSEKEEPING, NULL))
		return fail(why, "out of memory");
	for (const struct unit *u = s->options->settings->units; u != NULL; u = u->next)
		if (!add_child(s, u->kind == PLUGIN_INPUT ? CHILD_INPUT : CHILD_OUTPUT,
		               u->name, u))
			return fail(why, "out of memory");
	return true;
}

static struct child *find(struct supervisor *s, const char *name)
{
	for (struct child *c = s->children; c != NULL; c = c->next)
		if (c->kind != CHILD_HOUSEKEEPING && strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static void reply_status(struct supervisor *s, struct buf *reply)
{
	int64_t now = clock_monotonic_ms();
	struct buf reason = {0};

	buf_format(reply, "router\t%d\t%s\n", (int)getpid(), PACKAGE_VERSION);
	for (struct child *c = s->children; c != NULL; c = c->next) {
		const char *state;

		if (c->kind == CHILD_HOUSEKEEPING)
			continue;
		buf_clear(&reason);
		state = child_state(c, now, &reason);
		buf_format(reply, "%s\t%s\t%s\t%s\t%d\t%s\n",
		           c->kind == CHILD_INPUT ? "input" : "output", c->name,
		           c->plugin, state, (int)c->pid, buf_string(&reason));
	}
	buf_free(&reason);
}

static void start_now(struct child *c, int64_t now)
{
	c->is_wanted = true;
	c->start_at_ms = now;
	backoff_reset(&c->backoff);
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
		start_now(c, now);
	if (c->kill_at_ms != 0)
		return false; /* still ending */
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

static bool on_request(void *context, const char *line, bool is_new, struct buf *reply)
{
	struct supervisor *s = context;
	char verb[16] = "", name[CONFIG_NAME_MAX + 2] = "";
	struct child *c;

	if (strcmp(line, "status") == 0) {
		reply_status(s, reply);
		return true;
	}
	sscanf(line, "%15s %65s", verb, name);
	c = find(s, name);
	if (strcmp(verb, "start") != 0 && strcmp(verb, "stop") != 0 &&
	    strcmp(verb, "restart") != 0)
		buf_text(reply, "error\tno such command\n");
	else if (s->phase != PHASE_RUNNING)
		buf_text(reply, "error\tthe router is stopping\n");
	else if (c == NULL)
		buf_format(reply, "error\tthere is no input or output %s\n", name);
	else if (!move(s, c, verb, is_new))
		return false;
	else
		reply_move(c, verb, reply);
	return true;
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (struct child *c = s->children; c != NULL; c = c->next)
			if (c->pid == pid)
				child_reaped(c, status, clock_monotonic_ms());
}

static void kill_all(struct supervisor *s)
{
	log_warning("asked to stop twice: stopping at once");
	for (struct child *c = s->children; c != NULL; c = c->next) {
		child_stop(c, clock_monotonic_ms());
		if (c->pid != 0)
			kill(c->pid, SIGKILL);
	}
}

static void take_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;

	while (read(s->options->signal_fd, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		if (s->phase == PHASE_RUNNING) {
			log_info("stopping (%s)", strsignal((int)info.ssi_signo));
			s->phase = PHASE_INPUTS;
			s->asked_ms = clock_monotonic_ms();
		} else if (clock_monotonic_ms() > s->asked_ms + PROCESS_TWICE_MS) {
			kill_all(s);
		}
	}
	reap(s);
}

/* Stops those of one kind; true when they have all ended. */
static bool stop_kind(struct supervisor *s, enum child_kind kind, int64_t now)
{
	bool are_gone = true;

	for (struct child *c = s->children; c != NULL; c = c->next) {
		if (c->kind != kind)
			continue;
		child_stop(c, now);
		are_gone &= c->pid == 0;
	}
	return are_gone;
}

static void step(struct supervisor *s)
{
	int64_t now = clock_monotonic_ms();

	if (s->phase == PHASE_INPUTS && stop_kind(s, CHILD_INPUT, now))
		s->phase = PHASE_OUTPUTS;
	if (s->phase == PHASE_OUTPUTS && stop_kind(s, CHILD_OUTPUT, now))
		s->phase = PHASE_HOUSEKEEPING;
	if (s->phase == PHASE_HOUSEKEEPING && stop_kind(s, CHILD_HOUSEKEEPING, now))
		s->phase = PHASE_OVER;
	for (struct child *c = s->children; c != NULL; c = c->next) {
		child_start(c, &s->world, now);
		child_tick(c, now);
	}
}

static int wait_ms(const struct supervisor *s)
{
	int64_t now = clock_monotonic_ms();
	int64_t deadline = notify_next(s->options->notify);

	for (const struct child *c = s->children; c != NULL; c = c->next)
		if (child_deadline(c) < deadline)
			deadline = child_deadline(c);
	for (unsigned i = 0; i < CONTROL_CLIENTS; i++)
		if (s->control.clients[i].fd >= 0 &&
		    s->control.clients[i].until_ms < deadline)
			deadline = s->control.clients[i].until_ms + 1;
	if (deadline == INT64_MAX)
		return -1;
	return deadline <= now            ? 0
	       : deadline - now > 3600000 ? 3600000
	                                  : (int)(deadline - now);
}

static void run(struct supervisor *s)
{
	struct pollfd fds[CONTROL_FDS + 1];

	step(s);
	if (s->options->started != NULL)
		s->options->started(s->options->context);
	notify_ready(s->options->notify);
	while (s->phase != PHASE_OVER) {
		unsigned n = control_poll_fds(&s->control, fds);

		announce(&s->announce, s->children, s->phase != PHASE_RUNNING);
		fds[n++] = (struct pollfd){.fd = s->options->signal_fd, .events = POLLIN};
		poll(fds, n, wait_ms(s));
		take_signals(s);
		step(s);
		control_serve(&s->control, on_request, s);
	}
}

int supervisor_run(const struct supervisor_options *options)
{
	struct supervisor s = {
		.options = options,
		.world = {options->program, options->state, -1},
		.control = {.fd = -1},
		.announce = {.notify = options->notify},
	};
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	struct child *next;

	statedir_path(path, options->state, "control");
	if (pipe2(s.pipe, O_CLOEXEC) != 0) {
		log_error("cannot make a pipe: %s", strerror(errno));
		return EXIT_FAILED;
	}
	s.world.pipe_fd = s.pipe[0];
	if (!control_open(&s.control, path, &why) || !make_children(&s, &why))
		log_error("%s", why.text);
	else
		run(&s);
	control_close(&s.control);
	for (struct child *c = s.children; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	close(s.pipe[0]);
	close(s.pipe[1]);
	return s.phase == PHASE_OVER ? EXIT_FINE : EXIT_FAILED;
}
