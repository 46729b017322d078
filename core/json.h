/* SPDX-License-Identifier: MIT */
/* JSON in and out.  The one file that speaks to json-c. */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "frame.h"
#include "reason.h"

#define JSON_DEPTH_MAX    32
#define JSON_READINGS_MAX 1000 /* in one frame */

/* Adds a JSON string, quotes and all; invalid UTF-8 becomes U+FFFD. */
void json_add_string(struct buf *out, const char *bytes, size_t len);

/* Whether the text is one JSON number (RFC 8259), whole. */
bool json_is_number(const char *text, size_t len);

/* Builds the readings of a frame, one after the other, in the order they came. */
struct json_readings;
struct json_readings *json_readings_new(void); /* NULL: out of memory */
void json_readings_free(struct json_readings *r);
/* Forgets all readings, to be used for the next frame. */
void json_readings_clear(struct json_readings *r);

/*
 * A reading begins with its tag (one that came before gets _2, _3 ...), has one or more
 * values, and ends; with more than one value, or `is_list`, it is an array.
 */
void json_reading_begin(struct json_readings *r, const char *tag, size_t len, bool is_list);
/* A number keeps its digits if it is a JSON number after a trailing point was dropped; else it is a
 * string. */
void json_reading_number(struct json_readings *r, const char *text, size_t len);
void json_reading_integer(struct json_readings *r, int64_t number);
/* The fewest digits that give the same float32; NaN and infinity become null. */
void json_reading_float(struct json_readings *r, float number);
void json_reading_string(struct json_readings *r, const char *bytes, size_t len);
void json_reading_end(struct json_readings *r);

/* Writes the object into `out` (cleared first).  False when memory ran out, or there were
 * too many. */
bool json_readings_text(struct json_readings *r, struct buf *out);

/*
 * Reads a JSON document (one line, an object; only `readings` is required; uid, id, router,
 * received and source are ignored) into `out`, cleared by the caller: node, serial, sequence, type,
 * measured, clock, duplicate, undecoded, readings.  Numbers keep their digits.  False: why says what
 * is wrong; `out` is then undefined.
 */
bool json_parse_frame(struct frame *out, const char *text, size_t len, struct reason *why);

/* Who makes documents. */
struct json_origin {
	const char *store_id; /* 16 hex digits */
	const char *router;   /* its name; a label only */
};

/* The document of a frame, one line without its end, added to `out`. */
void json_add_document(struct buf *out, const struct frame *f,
                       const struct json_origin *origin);

/* store id - frame id; at most 37 bytes with NUL. */
#define JSON_UID_SIZE 40
void json_uid(char out[JSON_UID_SIZE], const char *store_id, uint64_t id);

/*
 * Calls `each` for every reading of a readings text in its order; `value` is its JSON
 * text.  Stops when `each` returns false.  False when the text is no object.
 */
bool json_each_reading(const char *readings,
                       bool (*each)(void *context, const char *tag, const char *value),
                       void *context);

#endif
