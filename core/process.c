/* SPDX-License-Identifier: MIT */
/* What every child of the supervisor has in common. */
#include "process.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "exits.h"
#include "statedir.h"

#define LOCK_WAIT_MS 20000
#define LOCK_STEP_MS 20

bool process_watch(struct process *p, int fd, struct reason *why)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	if (epoll_ctl(p->wait_fd, EPOLL_CTL_ADD, fd, &event) != 0)
		return fail_errno(why, "cannot wait on a descriptor");
	return true;
}

/* The pipe that the supervisor holds open; its end means that it is gone.  -1: none. */
static int pipe_number(void)
{
	const char *text = getenv(PROCESS_PIPE_VARIABLE);

	return text == NULL ? -1 : atoi(text);
}

static bool find_pipe(struct process *p, struct reason *why)
{
	p->pipe_fd = pipe_number();
	if (p->pipe_fd < 0)
		return true;
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
		return fail_errno(why,
		                  "cannot ask for a signal at the supervisor's death");
	return process_watch(p, p->pipe_fd, why);
}

bool process_init(struct process *p, struct reason *why)
{
	sigset_t signals;

	*p = (struct process){.wait_fd = -1, .signal_fd = -1, .pipe_fd = -1};
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like others */
	p->wait_fd = epoll_create1(EPOLL_CLOEXEC);
	p->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (p->wait_fd < 0 || p->signal_fd < 0)
		return fail_errno(why, "cannot make a descriptor to wait on");
	return process_watch(p, p->signal_fd, why) && find_pipe(p, why);
}

void process_end_with_parent(void)
{
	struct pollfd pipe = {.fd = pipe_number(), .events = POLLIN};

	if (pipe.fd < 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* it may have gone before we asked */
	if (poll(&pipe, 1, 0) > 0)
		_exit(EXIT_FAILED);
}

void process_close(struct process *p)
{
	if (p->signal_fd >= 0)
		close(p->signal_fd);
	if (p->wait_fd >= 0)
		close(p->wait_fd);
}

static void see_signal(struct process *p)
{
	int64_t now = clock_monotonic_ms();
	struct signalfd_siginfo info;

	while (read(p->signal_fd, &info, sizeof info) == sizeof info) {
		if (p->is_stopping)
			p->is_urgent |=
				!p->is_orphan && now > p->asked_ms + PROCESS_TWICE_MS;
		else
			p->asked_ms = now;
		p->is_stopping = true;
	}
}

static void see_pipe(struct process *p)
{
	char byte;

	if (read(p->pipe_fd, &byte, 1) == 0) {
		epoll_ctl(p->wait_fd, EPOLL_CTL_DEL, p->pipe_fd, NULL);
		p->is_orphan = true;
		p->is_stopping = true;
	}
}

void process_wait(struct process *p, int64_t ms)
{
	struct epoll_event events[8];
	int count = epoll_wait(p->wait_fd, events, 8, ms > 1000000 ? 1000000 : (int)ms);

	for (int i = 0; i < count; i++) {
		if (events[i].data.fd == p->signal_fd)
			see_signal(p);
		else if (events[i].data.fd == p->pipe_fd)
			see_pipe(p);
	}
}

void process_pause(struct process *p, int64_t ms)
{
	struct pollfd fds[] = {
		{.fd = p->signal_fd, .events = POLLIN},
		{.fd = p->pipe_fd, .events = POLLIN}, /* -1 is ignored */
	};

	if (poll(fds, 2, (int)ms) > 0)
		process_wait(p, 0);
}

bool process_lock(const char *path, struct reason *why)
{
	int64_t deadline = clock_monotonic_ms() + LOCK_WAIT_MS;
	struct timespec step = {.tv_nsec = LOCK_STEP_MS * 1000000};
	pid_t holder = 0;
	int fd;

	while (!statedir_lock(&fd, path, &holder, why)) {
		if (holder == 0 || clock_monotonic_ms() > deadline)
			return false;
		nanosleep(&step, NULL);
	}
	return true;
}
