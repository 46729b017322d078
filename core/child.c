/* SPDX-License-Identifier: MIT */
/* One supervised process. */
#include "child.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "clock.h"
#include "exits.h"
#include "deadline.h"
#include "live.h"
#include "log.h"
#include "process.h"

#define START_MIN_MS  1000
#define START_MAX_MS  60000
#define STEADY_MS     60000 /* whoever ran so long begins the back-off anew */
#define PIPE_NUMBER   3     /* of the pipe's descriptor in the child */
#define VARIABLES_MAX 16

void child_init(struct child *c, enum child_kind kind, const char *name)
{
	*c = (struct child){.kind = kind, .grace_ms = 5000};
	snprintf(c->name, sizeof c->name, "%s", name);
	backoff_init(&c->backoff, START_MIN_MS, START_MAX_MS);
}

/* A clean environment: what the supervisor was started with is no business of a plugin.
 */
static void make_environment(char *environment[VARIABLES_MAX])
{
	static const char *const passed[] = {
		"PATH",
		"TZ",
		"TMPDIR",
		"JOURNAL_STREAM",
		"CREDENTIALS_DIRECTORY",
		"SSL_CERT_FILE",
		"SSL_CERT_DIR",
		"ASAN_OPTIONS",
		"UBSAN_OPTIONS",
	};
	static char texts[sizeof passed / sizeof *passed][1024];
	static char bind[] = "LD_BIND_NOW=1";
	static char pipe_number[sizeof PROCESS_PIPE_VARIABLE + 8];
	unsigned n = 0;

	for (unsigned i = 0; i < sizeof passed / sizeof *passed; i++) {
		const char *value = getenv(passed[i]);

		if (value == NULL || strlen(value) > 900)
			continue;
		snprintf(texts[i], sizeof texts[i], "%s=%s", passed[i], value);
		environment[n++] = texts[i];
	}
	snprintf(pipe_number, sizeof pipe_number, "%s=%d", PROCESS_PIPE_VARIABLE,
	         PIPE_NUMBER);
	environment[n++] = bind;
	environment[n++] = pipe_number;
	environment[n] = NULL;
}

static int spawn(pid_t *pid, char *const *argv, const struct child_world *world)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	char *environment[VARIABLES_MAX];
	sigset_t none;
	int code;

	make_environment(environment);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", 0, 0);
	posix_spawn_file_actions_adddup2(&files, world->pipe_fd, PIPE_NUMBER);
	posix_spawn_file_actions_addclosefrom_np(&files, PIPE_NUMBER + 1);
	/* a group of its own: Ctrl-C on a terminal is the supervisor's to hand on */
	posix_spawnattr_setflags(&attributes,
	                         POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attributes, &none);
	code = posix_spawn(pid, world->program, &files, &attributes, argv, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return code;
}

void child_start(struct child *c, const struct child_world *world, int64_t now_ms)
{
	static const char *const verbs[] = {"input", "output", "housekeeping"};
	const char *argv[] = {"frame-router", verbs[c->kind], c->name,
	                      "--state",      world->state,   NULL};
	int code;

	if (!c->is_wanted || c->pid != 0 || now_ms < c->start_at_ms)
		return;
	code = spawn(&c->pid, (char *const *)argv, world);
	if (code != 0) {
		c->pid = 0;
		snprintf(c->died, sizeof c->died, "cannot be started: %s",
		         strerror(code));
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
		if (status != 0)
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
