/* SPDX-License-Identifier: MIT */
/* Datagrams to a service manager.  Knows its protocol, not what there is to tell. */
#include "notify.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "clock.h"

#define EXTEND_MS 60000

static void tell(struct notify *n, const char *text)
{
	ssize_t sent;

	if (n->fd < 0)
		return;
	do
		sent = sendto(n->fd, text, strlen(text), MSG_NOSIGNAL,
		              (struct sockaddr *)&n->to, n->to_len);
	while (sent < 0 && errno == EINTR);
}

/* A path, or behind an `@` the name of a socket that has none. */
static bool read_address(struct notify *n, const char *name)
{
	size_t len = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || len < 2 || len >= sizeof n->to.sun_path)
		return false;
	n->to.sun_family = AF_UNIX;
	memcpy(n->to.sun_path, name, len + 1);
	if (name[0] == '@')
		n->to.sun_path[0] = '\0';
	n->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len +
	                        (name[0] == '/'));
	return true;
}

/* The watchdog is ours unless it names another process. */
static int64_t read_watchdog(void)
{
	const char *interval = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	int64_t us;

	if (interval == NULL || (pid != NULL && atoll(pid) != getpid()))
		return 0;
	us = atoll(interval);
	if (us <= 0)
		return 0;
	return us / 2000 > 0 ? us / 2000 : 1;
}

bool notify_open(struct notify *n, struct reason *why)
{
	/* a manager that does not read must not hold us up for long */
	static const struct timeval patience = {.tv_sec = 2};
	const char *name = getenv("NOTIFY_SOCKET");
	bool is_fine = true;

	*n = (struct notify){.fd = -1};
	if (name != NULL && !read_address(n, name)) {
		is_fine = fail(why, "NOTIFY_SOCKET=%.100s is no socket's address", name);
	} else if (name != NULL) {
		n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (n->fd < 0)
			is_fine = fail_errno(why, "no socket to the service manager");
		else
			setsockopt(n->fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
			           sizeof patience);
	}
	if (n->fd >= 0)
		n->alive_ms = read_watchdog();
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return is_fine;
}

void notify_close(struct notify *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
	n->alive_ms = 0;
}

void notify_ready(struct notify *n)
{
	tell(n, "READY=1");
}

void notify_reloading(struct notify *n)
{
	char text[64];

	/* rounded up: before the moment of the request it would not count */
	snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld",
	         (long long)(clock_monotonic_ms() + 1) * 1000);
	tell(n, text);
}

void notify_stopping(struct notify *n)
{
	tell(n, "STOPPING=1");
}

void notify_status(struct notify *n, const char *format, ...)
{
	char text[sizeof n->status];
	char message[sizeof text + sizeof "STATUS="];
	va_list args;

	if (n->fd < 0)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ')
			*c = ' '; /* a line of its own would be a message of its own */
	if (strcmp(text, n->status) == 0)
		return;
	memcpy(n->status, text, sizeof text);
	snprintf(message, sizeof message, "STATUS=%s", text);
	tell(n, message);
}

void notify_extend(struct notify *n, int64_t ms)
{
	char text[64];

	snprintf(text, sizeof text, "EXTEND_TIMEOUT_USEC=%lld", (long long)ms * 1000);
	tell(n, text);
}

int64_t notify_next(const struct notify *n)
{
	return n->alive_ms == 0 ? INT64_MAX : n->next_ms;
}

void notify_alive(struct notify *n, int64_t now_ms)
{
	if (now_ms < notify_next(n))
		return;
	n->next_ms = now_ms + n->alive_ms;
	tell(n, "WATCHDOG=1");
}

void notify_wait(struct notify *n, int fd)
{
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	int64_t step_ms = n->alive_ms > 0 && n->alive_ms < EXTEND_MS / 3 ? n->alive_ms
	                                                                 : EXTEND_MS / 3;
	int got;

	if (n->fd < 0)
		return;
	while ((got = poll(&readable, 1, (int)step_ms)) == 0 ||
	       (got < 0 && errno == EINTR)) {
		notify_extend(n, EXTEND_MS);
		notify_alive(n, clock_monotonic_ms());
	}
}
