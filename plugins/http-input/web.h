/* SPDX-License-Identifier: MIT */
/* HTTP, by libmicrohttpd: without threads of its own, driven by server.c. */
#ifndef HTTP_INPUT_WEB_H
#define HTTP_INPUT_WEB_H

#include "server.h"

/* Starts it; nothing is listened on: connections are given to it. */
bool web_start(struct server *s, struct why *why);

/* Ends it, and with it all connections; none may wait for the store. */
void web_stop(struct server *s);

/* The descriptor that is readable when web_run() has something to do. */
int web_fd(const struct server *s);

/* Whether web_run() has something to do at once. */
bool web_is_busy(const struct server *s);

/* Reads and writes what can be read and written. */
void web_run(struct server *s);

/* Gives a connection over, which MHD closes from now on, also when it fails. */
void web_add(struct server *s, struct client *c);

/* The reply of a waiting request is whole: it goes out with the next web_run(). */
void web_resume(struct client *c);

#endif
