/* SPDX-License-Identifier: MIT */
/*
 * What a service manager is told: the protocol of sd_notify(3), datagrams to the socket
 * that NOTIFY_SOCKET names.  Without a manager every call does nothing, and makes no
 * system call.  One thread.
 */
#ifndef CORE_NOTIFY_H
#define CORE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "reason.h"

struct notify {
	int fd; /* -1: no manager */
	struct sockaddr_un to;
	socklen_t to_len;
	int64_t alive_ms; /* how often it wants to hear that we live; 0: never */
	int64_t next_ms;  /* monotonic, of the next such message */
	char status[256]; /* what was said last */
};

/*
 * Finds the manager in the environment and takes NOTIFY_SOCKET, WATCHDOG_USEC and
 * WATCHDOG_PID out of it: they are not for our children.  False: there is one that
 * cannot be spoken to; all calls then do nothing.
 */
bool notify_open(struct notify *n, struct reason *why);
void notify_close(struct notify *n);

void notify_ready(struct notify *n); /* all runs; also the end of a reload */
void notify_reloading(struct notify *n);
void notify_stopping(struct notify *n);

/* One line for people; the same line again is not sent. */
void notify_status(struct notify *n, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What goes on, start, reload or stop, may take `ms` more, whatever the unit allows. */
void notify_extend(struct notify *n, int64_t ms);

/* When notify_alive() has something to say; INT64_MAX: never. */
int64_t notify_next(const struct notify *n);

/* Says that we live when it is time to: twice in the interval that the manager allows. */
void notify_alive(struct notify *n, int64_t now_ms);

/* Waits until `fd` is readable or has ended, and keeps the manager patient meanwhile. */
void notify_wait(struct notify *n, int fd);

#endif
