/* SPDX-License-Identifier: MIT */
/*
 * One connection and the one request that is under way on it: MHD takes the next only
 * when this is answered.
 */
#ifndef HTTP_INPUT_CLIENT_H
#define HTTP_INPUT_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "listen.h"
#include "parts.h"
#include "reply.h"

struct MHD_Connection;

/* What a connection is waited for with; each but two has a deadline. */
enum client_phase {
	CLIENT_HEAD,   /* it is new: the head of its first request */
	CLIENT_BODY,   /* the rest of a request */
	CLIENT_WAITS,  /* for the store: no deadline, for it is not the sender's turn */
	CLIENT_ANSWER, /* to take its answer */
	CLIENT_IDLE,   /* the head of a next request */
	CLIENT_CUT,    /* it was broken off, and MHD has not noticed yet */
	CLIENT_PHASES
};

enum request_state {
	REQUEST_NONE,
	REQUEST_HEAD,     /* its first line was read */
	REQUEST_BODY,     /* its head was looked at */
	REQUEST_WAITING,  /* its frames are on their way */
	REQUEST_ANSWERED, /* its reply is ready */
};

struct request {
	enum request_state state;
	uint8_t *query; /* owned; what stands behind the first `?` */
	size_t query_len, query_size;
	size_t target_len; /* bytes of the whole target in the first line */
	uint8_t *body;     /* owned */
	size_t body_len, body_size;
	bool is_too_large; /* the rest of its body is thrown away */
	bool failed;       /* memory ran out */
	struct parts parts;
	size_t handed;     /* of the parts */
	size_t unanswered; /* of those handed over */
	struct reply reply;
};

struct client {
	int fd; /* MHD's, which closes it; -1: the slot is free */
	uint32_t generation;
	struct MHD_Connection *connection;
	struct listen_address from;
	bool is_verified; /* its certificate was looked at */
	enum client_phase phase;
	int64_t since_ms; /* when the phase began */
	TAILQ_ENTRY(client) by_phase;
	TAILQ_ENTRY(client) queued; /* among the ready, then among the answered */
	struct request request;
};

TAILQ_HEAD(clients, client);

/* The request's first line was read: `target` as it stands there. */
void request_begin(struct request *r, const char *target);

/* Takes a piece of the body; beyond `max` it is thrown away, and said so. */
void request_add(struct request *r, const char *data, size_t len, size_t max);

/* Forgets the request; keeps a little memory for the next. */
void request_end(struct request *r);
void request_free(struct request *r);

#endif
