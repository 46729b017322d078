/* SPDX-License-Identifier: MIT */
/*
 * All connections together: waits for them, hands their lines to the router in turns, and
 * brings the answers back.
 */
#ifndef SOCKET_INPUT_SERVER_H
#define SOCKET_INPUT_SERVER_H

#include <frame_input.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client.h"
#include "datagram.h"
#include "listen.h"

/* A listening socket; of UDP with the datagram that is being taken apart. */
struct source {
	struct listen listen;
	struct datagram *datagram; /* owned; NULL: not UDP */
	bool is_readable;          /* UDP: there may be more */
	uint32_t told_drops;       /* datagrams whose loss has been logged */
	int64_t told_ms;
};

TAILQ_HEAD(clients, client);

struct server {
	void *router;
	const struct frame_input_services *services;
	int64_t idle_ms; /* connections silent for so long are closed; 0: never */
	int epoll;
	struct source *source; /* owned */
	size_t source_count;
	struct client *client; /* owned; slots */
	uint32_t *free_slot;   /* owned; a stack */
	size_t client_max, free_count;
	struct clients by_activity; /* every connection, the longest silent one first */
	struct clients queued;      /* those that may have lines */
	struct clients answered;    /* those that have something new to be sent */
	size_t room;                /* lines that may still be handed over in this poll */
	bool has_handed;            /* one was handed over in this poll */
	bool is_datagrams_turn;
	bool is_paused;    /* nobody is let in */
	int64_t resume_ms; /* ... until this moment, or until somebody leaves */
	int64_t told_pause_ms;
	uint8_t scratch[CLIENT_IN_MAX];
};

/* What an epoll event belongs to: the kind above, the index below. */
#define EVENT_WAKE   ((uint64_t)0 << 32)
#define EVENT_SOURCE ((uint64_t)1 << 32)
#define EVENT_CLIENT ((uint64_t)2 << 32)

/* Opens each value of the option `listen`. */
bool server_open(struct server *s, const struct listen_access *access, struct why *why);

/* Closes everything that server_open() opened, also after it failed. */
void server_close(struct server *s);

/* The callbacks poll, answer and flush of struct frame_input. */
void server_poll(struct server *s, int64_t deadline_ms);
void server_answer(struct server *s, uint64_t token, enum frame_answer answer,
                   uint64_t id, const char *text);
void server_flush(struct server *s);

/* For gate.c: epoll_ctl() of `fd`, and the slot of a connection. */
bool server_watch(struct server *s, int how, int fd, uint32_t events, uint64_t what);
uint32_t server_slot(const struct server *s, const struct client *c);

#endif
