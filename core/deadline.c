/* SPDX-License-Identifier: MIT */
/* A deadline for callbacks that do not return. */
#include "deadline.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

static timer_t timer;
static bool is_armed;
static int64_t armed_at_ms;
static int64_t armed_for_ms;
static const char *volatile callback = "";
static char who[80];

static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

/* Only what is safe in a signal handler: the process may hold any lock. */
static void on_timer(int signal_number)
{
	(void)signal_number;
	say(who);
	say(": error: the plugin's ");
	say(callback);
	say("() has not returned in time: ending this process\n");
	_exit(DEADLINE_EXIT);
}

bool deadline_init(const char *name, struct reason *why)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
	struct sigaction action = {.sa_handler = on_timer};

	snprintf(who, sizeof who, "%s", name);
	if (sigaction(SIGALRM, &action, NULL) != 0 ||
	    timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
		return fail_errno(why, "cannot make a timer");
	return true;
}

static void set(int64_t ms)
{
	struct itimerspec when = {
		.it_value = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000},
	};

	timer_settime(timer, 0, &when, NULL);
}

int64_t deadline_begin(const char *what, int64_t ms)
{
	int64_t now = clock_monotonic_ms();

	callback = what;
	if (is_armed && now - armed_at_ms < 1000 && ms == armed_for_ms)
		return now;
	is_armed = true;
	armed_at_ms = now;
	armed_for_ms = ms;
	set(ms + 1000);
	return now;
}

void deadline_end(void)
{
	if (!is_armed)
		return;
	is_armed = false;
	set(0);
}
