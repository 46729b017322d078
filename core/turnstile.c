/* SPDX-License-Identifier: MIT */
/* Two flocks make a queue.  Knows nothing of what is done inside. */
#include "turnstile.h"

#include <errno.h>
#include <sys/file.h>
#include <unistd.h>

#include "statedir.h"

static bool lock(int fd, int how)
{
	int result;

	do
		result = flock(fd, how);
	while (result != 0 && errno == EINTR);
	return result == 0;
}

bool turnstile_open(struct turnstile *t, const char *state, struct reason *why)
{
	t->gate_fd = -1;
	t->next_fd = statedir_open(state, "next", why);
	if (t->next_fd < 0)
		return false;
	t->gate_fd = statedir_open(state, "gate", why);
	if (t->gate_fd >= 0)
		return true;
	turnstile_close(t);
	return false;
}

void turnstile_close(struct turnstile *t)
{
	if (t->next_fd >= 0)
		close(t->next_fd);
	if (t->gate_fd >= 0)
		close(t->gate_fd);
	t->next_fd = t->gate_fd = -1;
}

bool turnstile_enter(struct turnstile *t, struct reason *why)
{
	bool is_inside;

	if (!lock(t->next_fd, LOCK_EX))
		return fail_errno(why, "cannot lock the store's turnstile");
	is_inside = lock(t->gate_fd, LOCK_EX);
	if (!is_inside)
		fail_errno(why, "cannot lock the store's turnstile");
	lock(t->next_fd, LOCK_UN);
	return is_inside;
}

bool turnstile_try(struct turnstile *t)
{
	bool is_inside;

	if (!lock(t->next_fd, LOCK_EX | LOCK_NB))
		return false;
	is_inside = lock(t->gate_fd, LOCK_EX | LOCK_NB);
	lock(t->next_fd, LOCK_UN);
	return is_inside;
}

void turnstile_leave(struct turnstile *t)
{
	lock(t->gate_fd, LOCK_UN);
}
