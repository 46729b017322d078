/* SPDX-License-Identifier: MIT */
/* The supervisor: a loop over signals, children and commands. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "exits.h"
#include "log.h"
#include "process.h"
#include "statedir.h"
#include "supervisor_private.h"

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		int64_t now = clock_monotonic_ms();

		if (reload_reaped(s, pid, status) || mend_reaped(s, pid, status))
			continue;
		for (struct child *c = s->children; c != NULL; c = c->next)
			if (c->pid == pid) {
				child_reaped(c, status, now);
				mend_after(s, status, now);
			}
	}
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

/* SIGHUP asks for a reload, unless it tells that the terminal we ran on is gone. */
static bool is_reload(const struct supervisor *s, uint32_t signal)
{
	return signal == SIGHUP && (!s->has_terminal || isatty(STDERR_FILENO) == 1);
}

static void take_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;

	while (read(s->options->signal_fd, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		if (is_reload(s, info.ssi_signo)) {
			if (s->phase == PHASE_RUNNING)
				reload_order(s);
		} else if (s->phase == PHASE_RUNNING) {
			log_info("stopping (%s)", strsignal((int)info.ssi_signo));
			s->phase = PHASE_INPUTS;
			s->asked_ms = clock_monotonic_ms();
			reload_abort(s);
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
	mend_step(s, now);
	reload_step(s, now);
	supervisor_drop_left(s);
	for (struct child *c = s->children; c != NULL; c = c->next) {
		if (!mend_is_busy(s))
			child_start(c, &s->world, now);
		child_tick(c, now);
	}
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int wait_ms(const struct supervisor *s)
{
	int64_t now = clock_monotonic_ms();
	int64_t deadline = sooner(reload_deadline(s), mend_deadline(s, now));

	deadline = sooner(deadline, notify_next(s->options->notify));
	for (const struct child *c = s->children; c != NULL; c = c->next)
		if (!mend_is_busy(s) || c->pid != 0)
			deadline = sooner(deadline, child_deadline(c));
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
	struct pollfd fds[CONTROL_FDS + 2];

	step(s);
	if (s->options->started != NULL)
		s->options->started(s->options->context);
	notify_ready(s->options->notify);
	while (s->phase != PHASE_OVER) {
		unsigned n = control_poll_fds(&s->control, fds);

		announce(&s->announce, s->children, s->phase != PHASE_RUNNING);
		fds[n++] = (struct pollfd){.fd = s->options->signal_fd, .events = POLLIN};
		fds[n++] = (struct pollfd){.fd = s->reload.err_fd, .events = POLLIN};
		poll(fds, n, wait_ms(s));
		take_signals(s);
		step(s);
		control_serve(&s->control, supervisor_command, s);
	}
}

int supervisor_run(const struct supervisor_options *options)
{
	struct supervisor s = {
		.options = options,
		.world = {options->launcher, options->state},
		.control = {.fd = -1},
		.announce = {.notify = options->notify},
		.has_terminal = isatty(STDERR_FILENO) == 1,
	};
	struct reason why = {""};
	char path[STATE_PATH_MAX];

	reload_init(&s.reload);
	mend_init(&s.mend);
	statedir_path(path, options->state, "control");
	if (!control_open(&s.control, path, &why) || !supervisor_make_units(&s, &why))
		log_error("%s", why.text);
	else
		run(&s);
	control_close(&s.control);
	supervisor_free_units(&s);
	reload_free(&s.reload);
	return s.phase == PHASE_OVER ? EXIT_FINE : EXIT_FAILED;
}
