/* SPDX-License-Identifier: MIT */
/*
 * All connections together: waits for them, hands their frames to the router, and brings
 * the answers back.  Speaks no HTTP: that is web.c's.
 */
#ifndef HTTP_INPUT_SERVER_H
#define HTTP_INPUT_SERVER_H

#include <frame_input.h>

#include "client.h"
#include "tls.h"
#include "why.h"

/* Something that may be wrong with every request: one line a minute tells it. */
struct grumble {
	int64_t next_ms;
	unsigned held_back;
};

struct MHD_Daemon;

struct server {
	void *router;
	const struct frame_input_services *services;
	int64_t patience_ms[CLIENT_PHASES]; /* how long a phase may last; 0: for ever */
	size_t max_body, max_per_address;
	bool has_token;
	const char *token; /* of the option; NULL: its file cannot be read now */
	int64_t token_ms;  /* when it was read */
	struct tls tls;
	int listen_fd, epoll;
	struct MHD_Daemon *daemon;
	char said[160];            /* MHD's last words */
	struct client *client;     /* owned; slots */
	struct client **free_slot; /* owned; a stack */
	size_t client_max, free_count;
	struct client *entering;             /* it is being given to MHD */
	struct clients phase[CLIENT_PHASES]; /* every connection, by its phase, the
	                                        longest in it first */
	struct clients ready;    /* those whose request is whole, and not handed over */
	struct clients answered; /* those whose request is answered since flush() */
	size_t room;             /* lines that may still be handed over in this poll */
	bool has_handed;         /* one was handed over in this poll */
	bool is_paused;          /* nobody is let in */
	int64_t resume_ms;       /* ... until this moment, or until somebody leaves */
	struct grumble full, crowd, refusal, slow;
};

/* Opens it, with its options set; false: why, and server_close() is still to be called.
 */
bool server_open(struct server *s, const char *listen, struct why *why);
void server_close(struct server *s);

/* The callbacks poll, answer and flush of struct frame_input. */
void server_poll(struct server *s, int64_t deadline_ms);
void server_answer(struct server *s, uint64_t token, enum frame_answer answer,
                   uint64_t id, const char *text);
void server_flush(struct server *s);

/* A request is whole and has parts: they will be handed over. */
void server_take(struct server *s, struct client *c);

int64_t server_now_ms(const struct server *s);

/* Logs a warning, at most one a minute. */
void server_grumble(struct server *s, struct grumble *g, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
