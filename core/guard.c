/* SPDX-License-Identifier: MIT */
/* A child for foreign code.  Knows how it ended, not what it was for. */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

struct answer {
	bool is_fine;
	struct reason why;
};

__attribute__((noreturn)) static void
run_child(int fd, bool (*work)(void *context, struct reason *why), void *context)
{
	const struct rlimit none = {0, 0};
	struct answer answer = {.is_fine = false};

	setrlimit(RLIMIT_CORE, &none); /* its crash is told, not kept */
	dup2(STDERR_FILENO, STDOUT_FILENO);
	answer.is_fine = work(context, &answer.why);
	if (write(fd, &answer, sizeof answer) != (ssize_t)sizeof answer)
		_exit(1);
	_exit(0); /* nothing that this process has buffered is written twice */
}

/* Reads the answer; false when the child ended or `deadline_ms` came first. */
static bool read_answer(int fd, int64_t deadline_ms, struct answer *answer)
{
	char *to = (char *)answer;
	size_t rest = sizeof *answer;

	while (rest > 0) {
		struct pollfd readable = {.fd = fd, .events = POLLIN};
		int64_t wait_ms = deadline_ms - clock_monotonic_ms();
		ssize_t got;

		if (wait_ms <= 0)
			return false;
		if (poll(&readable, 1, (int)wait_ms) <= 0)
			continue;
		got = read(fd, to, rest);
		if (got <= 0)
			return false;
		to += got;
		rest -= (size_t)got;
	}
	return true;
}

/* Waits for the end of a child; false when `deadline_ms` came first. */
static bool wait_end(pid_t child, int64_t deadline_ms)
{
	int64_t wait_ms = deadline_ms - clock_monotonic_ms();
	struct pollfd end = {.fd = pidfd_open(child, 0), .events = POLLIN};
	bool has_ended = wait_ms > 0 && end.fd >= 0 && poll(&end, 1, (int)wait_ms) == 1;

	if (end.fd >= 0)
		close(end.fd);
	return has_ended;
}

static enum guard_result explain(int status, bool was_late, unsigned seconds,
                                 struct reason *why)
{
	if (was_late)
		fail(why, "had not returned after %u s", seconds);
	else if (WIFSIGNALED(status))
		fail(why, "died of signal %d (%s)", WTERMSIG(status),
		     strsignal(WTERMSIG(status)));
	else
		fail(why, "ended the process (exit code %d)", WEXITSTATUS(status));
	return GUARD_LOST;
}

static enum guard_result watch(pid_t child, int fd, unsigned seconds, struct reason *why)
{
	int64_t deadline_ms = clock_monotonic_ms() + (int64_t)seconds * 1000;
	struct answer answer;
	bool is_answered = read_answer(fd, deadline_ms, &answer);
	bool was_late = !is_answered && !wait_end(child, deadline_ms);
	int status = 0;

	/* one that has ended keeps its status; one that has answered may have threads
	 * that never end */
	kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!is_answered)
		return explain(status, was_late, seconds, why);
	if (why != NULL)
		*why = answer.why;
	return answer.is_fine ? GUARD_YES : GUARD_NO;
}

enum guard_result guard_run(bool (*work)(void *context, struct reason *why),
                            void *context, unsigned seconds, struct reason *why)
{
	enum guard_result result = GUARD_LOST;
	int fds[2];
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) != 0) {
		fail_errno(why, "could not be tried: no pipe");
		return GUARD_LOST;
	}
	child = fork();
	if (child == 0)
		run_child(fds[1], work, context);
	close(fds[1]);
	if (child < 0)
		fail_errno(why, "could not be tried: no process");
	else
		result = watch(child, fds[0], seconds, why);
	close(fds[0]);
	return result;
}
