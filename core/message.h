/* SPDX-License-Identifier: MIT */
/*
 * What an output sends: a frame rendered as payload and topic, with all texts in one
 * block of memory that is used again for the next frame.
 */
#ifndef CORE_MESSAGE_H
#define CORE_MESSAGE_H

#include <frame_output.h>

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "frame.h"
#include "json.h"
#include "template.h"

#define MESSAGE_TEMPLATES_MAX 8

/* How this output's messages are made; the templates are owned by whoever made the plan.
 */
struct message_plan {
	struct json_origin origin;
	struct template *topic;                            /* NULL: none */
	struct template *templates[MESSAGE_TEMPLATES_MAX]; /* further TEMPLATE options */
	const char *names[MESSAGE_TEMPLATES_MAX];          /* their keys */
	unsigned count;
};

/* All zero is an empty message. */
struct message {
	struct buf block;
	int64_t received_ms;
	char uid[JSON_UID_SIZE];
	size_t document_len;
	size_t topic_at; /* offsets in the block; the document is at 0 */
	size_t node_at;
	size_t rendered_at[MESSAGE_TEMPLATES_MAX];
};

void message_free(struct message *m);

/* Renders `f` into `m`.  False: out of memory. */
bool message_render(struct message *m, const struct message_plan *plan,
                    const struct frame *f);

/* What a plugin gets to see; borrowed from `m`. */
void message_show(const struct message *m, uint64_t ticket, unsigned attempt,
                  struct frame_message *out);

/* The rendered text of the plan's template `name`, NULL: there is none of that name. */
const char *message_rendered(const struct message *m, const struct message_plan *plan,
                             const char *name);

#endif
