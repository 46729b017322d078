/* SPDX-License-Identifier: MIT */
/*
 * An open output from inside: client.c is its life and what the router calls,
 * client_send.c puts requests on their way, client_settle.c says what became of them.
 */
#ifndef PLUGINS_HTTP_CLIENT_PRIVATE_H
#define PLUGINS_HTTP_CLIENT_PRIVATE_H

#include <curl/curl.h>

#include "answer.h"
#include "client.h"
#include "request.h"

/* One request under way. */
struct flight {
	CURL *easy;
	struct request *request; /* NULL: free */
	struct answer answer;
	struct text key;        /* "Idempotency-Key: ..." */
	struct curl_slist line; /* the key's, in front of the headers of all */
};

struct client {
	struct options options;
	void *router;
	const struct frame_services *services;
	CURLM *multi;
	struct curl_slist *headers; /* of every request */
	struct flight *flights;
	unsigned under_way;
	unsigned most;              /* messages in a request: what the server bears */
	struct request *collecting; /* since the last flush, the newest first */
	struct request *queue;      /* to be sent, in order */
	char lost[ANSWER_WORDS];    /* not "": why it must be opened anew */
	bool has_told;              /* the router, of that */
};

/* client_send.c: begins what may be under way. */
void client_begin(struct client *c);
/* Moves bytes, and settles what has ended; false: nothing has. */
bool client_perform(struct client *c);

/* client_settle.c: what the answer makes of the messages of `r`, which it takes over. */
void client_judge(struct client *c, struct request *r, const struct answer_meaning *m);
/* To be tried again; takes `r` over. */
void client_give_back(struct client *c, struct request *r, const char *words);
void client_give_queue_back(struct client *c, const char *words);
/* Requests of so many messages were too much for the server, or too slow. */
void client_lower(struct client *c, unsigned count);
/* Tells the router that the link is down, when nothing is pending any more: whoever is in
 * flight then would be blamed for it. */
void client_tell_lost(struct client *c);

#endif
