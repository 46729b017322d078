/* SPDX-License-Identifier: MIT */
/*
 * What an output sends: a frame, or one of its readings, rendered as payload and topic,
 * with all texts in one block of memory that is used again for the next.
 */
#ifndef CORE_MESSAGE_H
#define CORE_MESSAGE_H

#include <frame_output.h>

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "frame.h"
#include "json.h"
#include "reading.h"
#include "senml.h"
#include "template.h"

#define MESSAGE_TEMPLATES_MAX 8
#define MESSAGE_TAG_MAX       100 /* bytes of a tag in a uid; a longer one is numbered */

enum message_format { MESSAGE_JSON, MESSAGE_SENML, MESSAGE_TEMPLATE };

/* How this output's messages are made; what it points to is owned by whoever made it. */
struct message_plan {
	struct json_origin origin;
	enum message_format format;
	bool is_per_reading;
	const struct senml_units *units;                   /* of MESSAGE_SENML */
	struct template *payload;                          /* of MESSAGE_TEMPLATE */
	struct template *topic;                            /* NULL: none */
	struct template *templates[MESSAGE_TEMPLATES_MAX]; /* further TEMPLATE options */
	const char *names[MESSAGE_TEMPLATES_MAX];          /* their keys */
	unsigned count;
};

/* All zero is an empty message. */
struct message {
	struct buf block;
	const struct message *whole; /* that of the frame's first reading, which holds the
	                                document; NULL: this one does */
	int64_t received_ms;
	size_t document_len;
	size_t payload_at; /* offsets in the block; a document is at 0 */
	size_t payload_len;
	size_t uid_at;
	size_t tag_at; /* of the reading; 0: the message is a whole frame */
	size_t topic_at;
	size_t node_at;
	size_t rendered_at[MESSAGE_TEMPLATES_MAX];
	bool is_unfit; /* the frame cannot be taken apart: nothing to submit */
};

void message_free(struct message *m);

/* One reading of a frame. */
struct message_part {
	struct reading reading;
	const struct message *whole; /* the message of the frame's first reading; NULL:
	                                this is the first */
};

enum message_result {
	MESSAGE_MADE,
	MESSAGE_EMPTY, /* there is nothing to send: a SenML pack without a record */
	MESSAGE_UNFIT, /* a SenML pack that cannot be made of these readings */
	MESSAGE_FAILED /* out of memory */
};

/*
 * Renders `f`, or a part of it (NULL: all of it), into `m`.  `part->whole` has to stay
 * as it is while `m` is in use.
 */
enum message_result message_render(struct message *m, const struct message_plan *plan,
                                   const struct frame *f,
                                   const struct message_part *part);

/* What a plugin gets to see; borrowed from `m`. */
void message_show(const struct message *m, uint64_t ticket, unsigned attempt,
                  struct frame_message *out);

/* The reading's tag, NULL: the message is a whole frame. */
const char *message_tag(const struct message *m);

/* The rendered text of the plan's template `name`, NULL: there is none of that name. */
const char *message_rendered(const struct message *m, const struct message_plan *plan,
                             const char *name);

#endif
