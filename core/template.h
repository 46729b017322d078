/* SPDX-License-Identifier: MIT */
/*
 * Text with Meshlium's wildcards (#ID_WASP# and the like), compiled once and rendered per
 * message.  What a node sent never adds `+ # / NUL` or a control character to a topic,
 * nor `..` or `/` to a path or URL; an empty value becomes `_` there.
 *
 *   #ID#            the frame's id in the store
 *   #ID_WASP#       the node's name
 *   #ID_SECRET#     its serial
 *   #FRAME_TYPE#    the type byte, as a number
 *   #FRAME_NUMBER#  the node's sequence
 *   #MESHLIUM#      the router's name
 *   #UID#           the message's uid
 *   #TIMESTAMP#     when the frame was received: YYYY-MM-DD HH:MM:SS in the gateway's
 * zone #TS("c")#       the same by a format of PHP's date() (phpdate.h); `'` will do as
 * well #SENSOR# #VALUE#  one reading's tag and value; an array is joined by `;`
 *
 * A message's template that begins with { or [ is JSON.  There a wildcard inside quotes
 * is escaped; outside quotes it becomes a JSON value: numbers and arrays stay what they
 * are, texts get their quotes, what is not known is null.
 */
#ifndef CORE_TEMPLATE_H
#define CORE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <frame_output.h>

#include "buf.h"
#include "frame.h"
#include "reason.h"

/* A value in a topic, path or URL is cut to so many bytes; one in a message is whole. */
#define TEMPLATE_VALUE_MAX 128
#define TEMPLATE_RESULT_MAX                                                              \
	65535 /* of a topic; longer ones are refused when compiled                       \
	       */

enum template_use {
	TEMPLATE_TEXT,  /* one line: no control characters */
	TEMPLATE_TOPIC, /* an MQTT topic: begins with `$` only if the template does */
	TEMPLATE_URL,   /* a URL: values are percent-encoded */
	TEMPLATE_PATH,  /* a path; `%` begins a strftime pattern of `received`, in UTC */
	TEMPLATE_MESSAGE, /* a payload: JSON, or a line that may hold tabs of its own */
};

/* What an option of type TEMPLATE is for. */
enum template_use template_use_of(const struct frame_option *option);

struct template;

/* What a message offers to a template.  NULL is an empty value. */
struct template_values {
	const struct frame *frame;
	const char *uid;
	const char *router; /* #MESHLIUM# */
	const char *sensor; /* the reading's tag, NULL: the message is a whole frame */
	const char *value;  /* the reading's value as plain text, NULL as above */
	const char *value_json; /* and as JSON */
	size_t value_json_len;
};

/*
 * False: an unknown wildcard (with the nearest), a bad pattern, JSON that would not be
 * valid (with the place), or out of memory.
 */
bool template_compile(struct template **out, const char *text, enum template_use use,
                      struct reason *why);
void template_free(struct template *t); /* NULL is fine */

/* What a text hardly means to hold as it stands: a wildcard but for its last #.  That
 * wildcard, or NULL. */
const char *template_unclosed(const char *text);

/* Whether it names #SENSOR# or #VALUE#: one message per reading. */
bool template_is_per_reading(const struct template *t);

/* Adds the rendered text to `out`. */
void template_render(const struct template *t, const struct template_values *values,
                     struct buf *out);

#endif
