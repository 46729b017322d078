/* SPDX-License-Identifier: MIT */
/*
 * A strict scanner of JSON text (RFC 8259), for json.c: it keeps what a tree would lose,
 * the digits of numbers and the order of members.  Refuses invalid UTF-8, bare control
 * characters, half surrogate pairs, and what is deeper than JSON_DEPTH_MAX.
 */
#ifndef CORE_JSON_SCAN_H
#define CORE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "reason.h"

struct json_scan {
	const char *begin;
	const char *at;
	const char *end;
	unsigned depth;
	struct reason *why;   /* filled at the first fault; may be NULL */
	const char *expected; /* what should have been at `at`, after a fault */
};

/* The inside of a JSON string, borrowed from the text that is scanned. */
struct json_raw {
	const char *text; /* escapes as they are */
	size_t len;
	bool has_escapes;
};

void json_scan_begin(struct json_scan *s, const char *text, size_t len,
                     struct reason *why);

/* Only white space is left. */
bool json_scan_end(struct json_scan *s);

/* The next character that is no white space; NUL at the end. */
char json_scan_peek(struct json_scan *s);

/* An object; `member` is called with the key, and must scan the value. */
typedef bool json_scan_member(void *context, struct json_scan *s,
                              const struct json_raw *key);
bool json_scan_object(struct json_scan *s, json_scan_member *member, void *context);

/* Any value; without white space it is added to `copy`, which may be NULL. */
bool json_scan_value(struct json_scan *s, struct buf *copy);

/* How many bytes at the front of the text are a JSON number; 0: none. */
size_t json_scan_number(const char *text, size_t len);

#endif
