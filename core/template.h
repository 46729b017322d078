/* SPDX-License-Identifier: MIT */
/*
 * Text with Meshlium's wildcards (#ID_WASP# and the like), compiled once and rendered per
 * message.  What a node sent never adds `+ # / NUL` or a control character to a topic,
 * nor `..` or `/` to a path; an empty value there becomes `_`.
 */
#ifndef CORE_TEMPLATE_H
#define CORE_TEMPLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "frame.h"
#include "reason.h"

enum template_use {
	TEMPLATE_TOPIC, /* an MQTT topic */
	TEMPLATE_PATH,  /* a path; `%` begins a strftime pattern of `received`, in UTC */
};

struct template;

/* What a message offers to a template. */
struct template_values {
	const struct frame *frame;
	const char *uid;
	const char *router; /* #MESHLIUM# */
	const char *sensor; /* the reading's tag, NULL: the message is a whole frame */
	const char *value;  /* the reading's value as text, NULL as above */
};

/* False: an unknown wildcard (with the nearest), a bad pattern, or out of memory. */
bool template_compile(struct template **out, const char *text, enum template_use use,
                      struct reason *why);
void template_free(struct template *t); /* NULL is fine */

/* Whether it names #SENSOR# or #VALUE#: one message per reading. */
bool template_is_per_reading(const struct template *t);

/* Adds the rendered text to `out`. */
void template_render(const struct template *t, const struct template_values *values,
                     struct buf *out);

#endif
