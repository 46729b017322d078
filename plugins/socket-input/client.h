/* SPDX-License-Identifier: MIT */
/*
 * One connection: bytes come in and become lines, answers go out in the lines' order.
 * Knows its socket; knows neither the router nor the other connections.
 */
#ifndef SOCKET_INPUT_CLIENT_H
#define SOCKET_INPUT_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "bytes.h"

#define CLIENT_LINE_MAX 65536                /* bytes of a line, without its end */
#define CLIENT_IN_MAX   ((size_t)128 * 1024) /* bytes that wait to be taken as lines */
#define CLIENT_OUT_MAX  ((size_t)256 * 1024) /* of unread answers: it is not read then */

struct client {
	int fd;              /* -1: the slot is free */
	uint32_t generation; /* of the slot: answers for its former client are told apart
	                      */
	struct bytes in, out;
	size_t searched;     /* bytes at the front of `in` that end no line */
	unsigned unanswered; /* lines handed over */
	bool is_ended;       /* nothing more will come */
	bool is_broken;      /* ... and not by an orderly end */
	bool is_mute;        /* it takes no answers any more */
	bool is_blocked;     /* it has to read its answers first */
	bool is_skipping;    /* within a line that was too long */
	bool is_refusing;    /* owes "line too long" once the lines before are answered */
	bool is_queued;      /* in the queue of those that have lines */
	bool is_answered;    /* in the queue of those to send to */
	uint32_t events;     /* what epoll watches for it */
	int64_t active_ms;   /* when it last gave a line or took an answer */
	TAILQ_ENTRY(client) by_activity;
	TAILQ_ENTRY(client) queued;
	TAILQ_ENTRY(client) answered;
};

enum client_line {
	CLIENT_NO_LINE,  /* more bytes are needed, or it has to wait */
	CLIENT_LINE,     /* here is one */
	CLIENT_TOO_LONG, /* here would be one: answer that, its bytes are gone */
};

/* The rule of where a line ends, as in struct frame_input_services. */
typedef size_t client_line_length(const uint8_t *data, size_t len);

/* The length of a line without the LF or CR LF that it may end with. */
size_t client_without_end(const uint8_t *line, size_t len);

/* Takes the socket over; the slot is all zero or was closed. */
void client_open(struct client *c, int fd, int64_t now_ms);

/* Closes the socket and leaves the slot to the next. */
void client_close(struct client *c);

/* Reads once what is there; `scratch` is of CLIENT_IN_MAX bytes.  False: nothing came. */
bool client_read(struct client *c, uint8_t *scratch);

/* The next line, without its end; valid until the next call with this client. */
enum client_line client_next(struct client *c, client_line_length *line_length,
                             const uint8_t **line, size_t *len);

/* Adds to what is to be sent. */
void client_say(struct client *c, const void *text, size_t len);

/* Sends what the socket takes; true: some of it. */
bool client_send(struct client *c);

/* What to watch its socket for, as epoll events. */
uint32_t client_events(const struct client *c);

/* Whether all is said and done. */
bool client_is_done(const struct client *c);

#endif
