/* SPDX-License-Identifier: MIT */
/* A sender, for tests of the input "http-input"; every wait has a deadline of 20 s. */
#ifndef TESTS_INTEGRATION_HTTP_PEER_H
#define TESTS_INTEGRATION_HTTP_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input_host.h"

struct http_peer {
	int fd;
	size_t len;        /* bytes that were read and not looked at */
	char data[300000]; /* they, with a NUL behind */
	char answer[300000];
};

/* The plugin, not opened; the one that listens on a free port of 127.0.0.1, opened. */
struct input_host *http_load(void);
struct input_host *http_start(void);
/* Opens it, or bails out. */
void http_open(struct input_host *h);

/* A connection to its port; bails out when there is none. */
struct http_peer *http_dial(struct input_host *h);
/* The same from one address of this machine to another; NULL: it cannot. */
struct http_peer *http_dial_from(const char *address, int port);
void http_free(struct http_peer *p);

bool http_send(struct http_peer *p, const void *data, size_t len);
bool http_say(struct http_peer *p, const char *text);
/* Sends `METHOD TARGET HTTP/1.1` with a Host, these headers (each with CR LF) and body.
 */
void http_ask(struct http_peer *p, const char *first, const char *headers,
              const char *body);
void http_get(struct http_peer *p, const char *target);
void http_half_close(struct http_peer *p);

/*
 * The next answer as "STATUS BODY", the body's last line end left out, or "(end)",
 * "(nothing)", "(torn)"; borrowed.
 */
const char *http_answer(struct http_peer *p);
/* The answer to a HEAD: it has a length, but no body. */
const char *http_answer_head(struct http_peer *p);
/* All of that answer's bytes, but for its Date. */
const char *http_whole(struct http_peer *p);

/* Sends, and gives the answer. */
const char *http_asked(struct http_peer *p, const char *first, const char *headers,
                       const char *body);
const char *http_got(struct http_peer *p, const char *target);
/* The same on a connection of its own. */
const char *http_once(struct input_host *h, const char *first, const char *headers,
                      const char *body);

/* The text of a line that was handed over; borrowed. */
const char *http_line(struct input_host *h, unsigned number);

#endif
