/* SPDX-License-Identifier: MIT */
/*
 * The socket STATE/control: one request a connection, a line of words; the answer is text
 * up to the end of the connection.  Only root and the user that the router runs as are
 * heard.
 */
#ifndef CORE_CONTROL_H
#define CORE_CONTROL_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "reason.h"

#define CONTROL_CLIENTS 64  /* at once; more of them wait until they are let in */
#define CONTROL_LINE    256 /* a verb and a name */
#define CONTROL_FDS     (CONTROL_CLIENTS + 1)

struct control_client {
	int fd; /* -1: free */
	int64_t until_ms;
	char line[CONTROL_LINE];
	unsigned len;
	bool is_asking; /* the line is whole */
	uint64_t ticket;
	struct buf reply;
	bool is_answered;
};

/*
 * What a request brings about.  Called first when it came, with *ticket 0, then again and
 * again until it returns true, so that "stop" may be answered when the process has ended.
 * Whatever it leaves in *ticket, it finds there the next time; 0 becomes 1.
 */
typedef bool control_request(void *context, const char *line, uint64_t *ticket,
                             struct buf *reply);

struct control {
	int fd;
	char path[108];
	struct control_client clients[CONTROL_CLIENTS];
};

bool control_open(struct control *c, const char *path, struct reason *why);
void control_close(struct control *c);

/* Descriptors to wait on; returns how many. */
unsigned control_poll_fds(const struct control *c, struct pollfd fds[CONTROL_FDS]);

/* Takes, asks, answers; call after each poll(). */
void control_serve(struct control *c, control_request *request, void *context);

enum control_answer {
	CONTROL_ANSWERED,
	CONTROL_NOBODY, /* no router runs there */
	CONTROL_SILENT, /* one may: we are not heard, or there was no answer in time */
};

/* The other side: sends a line and reads the whole answer, which has so much time. */
enum control_answer control_ask(const char *path, const char *line, int64_t timeout_ms,
                                struct buf *reply, struct reason *why);

/* Time for a question that is answered at once, by a busy machine. */
#define CONTROL_SOON_MS 20000

#endif
