/* SPDX-License-Identifier: MIT */
/*
 * JSON in and out.  What comes out is always one line of valid JSON (RFC 8259) and UTF-8,
 * whatever a node sent.
 */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "frame.h"
#include "reason.h"

#define JSON_DEPTH_MAX    32   /* objects and arrays inside each other */
#define JSON_READINGS_MAX 1000 /* in one frame */

/* Adds a JSON string, quotes and all; a byte that is no valid UTF-8 becomes U+FFFD. */
void json_add_string(struct buf *out, const char *bytes, size_t len);

/* The same without the quotes: for the inside of a string. */
void json_add_escaped(struct buf *out, const char *bytes, size_t len);

/*
 * Adds a JSON value (valid, without white space) as plain text: a string without its
 * escapes (U+0000 becomes U+FFFD), null as nothing, an array's elements joined by `;`,
 * all else as it is.
 */
void json_add_plain(struct buf *out, const char *value, size_t len);

/* The length of the element of such an array that begins at `at`. */
size_t json_element_length(const char *at, const char *end);

/* Whether the text is one JSON number (RFC 8259), whole. */
bool json_is_number(const char *text, size_t len);

/*
 * Writes the readings of a frame into a buffer, one after the other, in the order they
 * came.  The members are the writer's own.
 */
struct json_readings {
	struct buf *out;
	unsigned count;
	unsigned values;  /* of the reading at hand */
	bool is_list;     /* it is an array */
	bool is_too_many; /* readings */
	struct json_tag {
		uint32_t at;   /* in out: behind the quote */
		uint32_t len;  /* as written, escapes and all */
		uint32_t last; /* number given to another of this tag */
	} tag[JSON_READINGS_MAX];
};

/* Begins; `out` is cleared and holds the readings text after json_readings_end(). */
void json_readings_begin(struct json_readings *r, struct buf *out);

/* False when memory ran out, or there were more than JSON_READINGS_MAX. */
bool json_readings_end(struct json_readings *r);

/*
 * A reading begins with its tag (one that came before gets _2, _3 ...), has one
 * value, or any number of them if `is_list` (an array), and ends.
 */
void json_reading_begin(struct json_readings *r, const char *tag, size_t len,
                        bool is_list);
/* Keeps its digits if it is a JSON number after a trailing point was dropped ("50." is
 * 50); else it is a string. */
void json_reading_number(struct json_readings *r, const char *text, size_t len);
void json_reading_integer(struct json_readings *r, int64_t number);
/* The fewest digits that give the same float32; NaN and infinity become null. */
void json_reading_float(struct json_readings *r, float number);
void json_reading_string(struct json_readings *r, const char *bytes, size_t len);
void json_reading_end(struct json_readings *r);

/*
 * Makes readings text of a JSON object that somebody else wrote: checked strictly,
 * without white space between, numbers with the digits they have, tags that come again
 * numbered.  False: why says what is wrong, `out` is undefined.
 */
bool json_clean_readings(struct buf *out, const char *text, size_t len,
                         struct reason *why);

/*
 * Reads a JSON document (an object; only `readings` is required; uid, id, router,
 * received, clock and source are ignored) into `out`, cleared by the caller: node,
 * serial, sequence, type (a name or a number), measured, duplicate, undecoded, readings.
 * Strict: RFC 8259, UTF-8, at most JSON_DEPTH_MAX deep, no member twice.  True with a
 * text in `why`: a member that is not known was left out.  False: why says what is wrong;
 * `out` is then undefined.
 */
bool json_parse_frame(struct frame *out, const char *text, size_t len,
                      struct reason *why);

/* Who makes documents. */
struct json_origin {
	const char *store_id; /* 16 hex digits */
	const char *router;   /* its name; a label only */
};

/*
 * The document of a frame, one line without its end, added to `out`.  Without an origin
 * (NULL) it says only what the frame itself says: no uid, id, router, received, clock and
 * source.
 */
void json_add_document(struct buf *out, const struct frame *f,
                       const struct json_origin *origin);

/* The same of one reading alone (its JSON text), under a uid of its own. */
struct json_part {
	const char *uid;
	const char *tag;
	const char *value;
	size_t value_len;
};
void json_add_part(struct buf *out, const struct frame *f,
                   const struct json_origin *origin, const struct json_part *part);

/* store id - frame id; at most 37 bytes with NUL. */
#define JSON_UID_SIZE 40
void json_uid(char out[JSON_UID_SIZE], const char *store_id, uint64_t id);

/*
 * Calls `each` for every reading of a readings text in its order; `tag` is plain text,
 * `value` is the reading's JSON text.  Stops when `each` returns false.  False when the
 * text is no object; what came before the fault has been handed out by then.
 */
bool json_each_reading(const char *readings,
                       bool (*each)(void *context, const char *tag, const char *value),
                       void *context);

#endif
