/* SPDX-License-Identifier: MIT */
/* poll() with a deadline. */
#include "deadline.h"

#include <errno.h>
#include <limits.h>
#include <time.h>

int64_t deadline_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int deadline_poll(struct pollfd *fds, nfds_t count, int64_t deadline_ms)
{
	int64_t left_ms;
	int ready;

	do {
		left_ms = deadline_ms == INT64_MAX ? -1 : deadline_ms - deadline_now();
		if (deadline_ms != INT64_MAX && left_ms < 0)
			left_ms = 0;
		if (left_ms > INT_MAX)
			left_ms = INT_MAX;
		ready = poll(fds, count, (int)left_ms);
	} while (ready < 0 && errno == EINTR);
	return ready;
}
