/* SPDX-License-Identifier: MIT */
/*
 * What goes to the server at once: the messages, the body that they make, and the key by
 * which the server knows it again.  Knows no connection.
 */
#ifndef PLUGINS_HTTP_REQUEST_H
#define PLUGINS_HTTP_REQUEST_H

#include <frame_output.h>

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

enum request_form {
	REQUEST_ONE,   /* the message as it is */
	REQUEST_ARRAY, /* a JSON array */
	REQUEST_LINES, /* each message a line */
};

struct request_item {
	uint64_t id;
	size_t at, len; /* the payload in the body */
	size_t uid_at;  /* in uids */
};

struct request {
	struct request *next;
	enum request_form form;
	bool is_part;     /* of one that was refused */
	int64_t since_ms; /* when it was sealed; halves have that of the whole */
	char *url;
	struct text body; /* whole after request_seal() */
	struct text uids; /* each ends with a NUL */
	struct request_item *items;
	unsigned count, size;
};

/* NULL: out of memory. */
struct request *request_new(const char *url, enum request_form form);
void request_free(struct request *r); /* NULL is fine */

/* Copies the message.  False: out of memory, and nothing was added. */
bool request_add(struct request *r, const struct frame_message *m);

/* Ends the body; once, after the last message.  False: out of memory. */
bool request_seal(struct request *r, int64_t now_ms);

/*
 * Two sealed requests with the halves of `r`, which has two messages at least and stays
 * as it is.  False: out of memory, and there are none.
 */
bool request_split(const struct request *r, struct request **left,
                   struct request **right);

/*
 * Adds the key: the uid of a single message, else the first uid, the number of messages
 * and a hash over all of their uids.  The same messages have the same key at any time.
 */
void request_add_key(const struct request *r, struct text *out);

#endif
