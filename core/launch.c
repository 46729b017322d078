/* SPDX-License-Identifier: MIT */
/* posix_spawn() of this program, with what a child may have and nothing else. */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process.h"

#define PIPE_NUMBER   3 /* of the pipe's descriptor in the child */
#define KEPT_NUMBER   4
#define VARIABLES_MAX 16

extern char **environ;

bool launch_open(struct launcher *s, const char *program, struct reason *why)
{
	char number[8];

	s->program = program;
	if (pipe2(s->pipe, O_CLOEXEC) != 0)
		return fail_errno(why, "cannot make a pipe");
	/* for those that get our own environment; we are no child ourselves */
	snprintf(number, sizeof number, "%d", PIPE_NUMBER);
	if (setenv(PROCESS_PIPE_VARIABLE, number, 1) == 0)
		return true;
	launch_close(s);
	return fail(why, "out of memory");
}

void launch_close(struct launcher *s)
{
	close(s->pipe[0]);
	close(s->pipe[1]);
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
		PROCESS_PIPE_VARIABLE,
	};
	static char texts[sizeof passed / sizeof *passed][1024];
	static char bind[] = "LD_BIND_NOW=1";
	unsigned n = 0;

	for (unsigned i = 0; i < sizeof passed / sizeof *passed; i++) {
		const char *value = getenv(passed[i]);

		if (value == NULL || strlen(value) > 900)
			continue;
		snprintf(texts[i], sizeof texts[i], "%s=%s", passed[i], value);
		environment[n++] = texts[i];
	}
	environment[n++] = bind;
	environment[n] = NULL;
}

static void add_files(posix_spawn_file_actions_t *files, const struct launcher *s,
                      const struct launch *what, int kept)
{
	int past = PIPE_NUMBER + 1;

	posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (what->out_fd >= 0)
		posix_spawn_file_actions_adddup2(files, what->out_fd, STDOUT_FILENO);
	if (what->err_fd >= 0)
		posix_spawn_file_actions_adddup2(files, what->err_fd, STDERR_FILENO);
	posix_spawn_file_actions_adddup2(files, s->pipe[0], PIPE_NUMBER);
	if (kept >= 0) {
		posix_spawn_file_actions_adddup2(files, kept, KEPT_NUMBER);
		past = KEPT_NUMBER + 1;
	}
	posix_spawn_file_actions_addclosefrom_np(files, past);
}

bool launch_start(pid_t *pid, const struct launcher *s, const struct launch *what,
                  struct reason *why)
{
	char *clean[VARIABLES_MAX];
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	short flags = POSIX_SPAWN_SETSIGMASK;
	sigset_t none;
	int code, kept = -1;

	/* out of the way of the pipe, which becomes number 3 before it */
	if (what->kept_fd >= 0)
		kept = fcntl(what->kept_fd, F_DUPFD_CLOEXEC, KEPT_NUMBER + 1);
	if (what->kept_fd >= 0 && kept < 0)
		return fail_errno(why, "cannot hand a lock on");
	make_environment(clean);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	add_files(&files, s, what, kept);
	/* a group of its own: Ctrl-C on a terminal is the supervisor's to hand on */
	if (what->is_unit)
		flags |= POSIX_SPAWN_SETPGROUP;
	posix_spawnattr_setflags(&attributes, flags);
	posix_spawnattr_setsigmask(&attributes, &none);
	code = posix_spawn(pid, s->program, &files, &attributes,
	                   (char *const *)what->argv, what->is_unit ? clean : environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	if (kept >= 0)
		close(kept);
	if (code == 0)
		return true;
	errno = code;
	return fail_errno(why, "cannot be started");
}
