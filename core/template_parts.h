/* SPDX-License-Identifier: MIT */
/* What a template is compiled into; between the files template*.c alone. */
#ifndef CORE_TEMPLATE_PARTS_H
#define CORE_TEMPLATE_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "template.h"

#define TEMPLATE_PARTS_MAX 200
#define TEMPLATE_TIMESTAMP "Y-m-d H:i:s"

enum part_kind {
	PART_TEXT,
	PART_TIME, /* a strftime pattern, in UTC */
	PART_DATE, /* a format of phpdate.h */
	PART_ID,
	PART_NODE,
	PART_SERIAL,
	PART_TYPE,
	PART_SEQUENCE,
	PART_ROUTER,
	PART_UID,
	PART_SENSOR,
	PART_VALUE,
};

struct part {
	enum part_kind kind;
	bool is_quoted; /* in JSON: inside a string */
	bool is_number; /* PART_DATE in JSON, outside: its text is meant as a number */
	size_t from;    /* PART_TEXT, PART_TIME, PART_DATE: its place in `texts` */
	size_t len;
};

struct template
{
	enum template_use use;
	bool is_json;
	/* literal text, the letter of a pattern, and formats, which end with NUL */
	struct buf texts;
	unsigned count;
	struct part parts[TEMPLATE_PARTS_MAX];
};

/*
 * Whether a valid character of `len` bytes is one that neither a line nor a topic may
 * hold: a control, or what Unicode says is no character (a broker may close the
 * connection for those).
 */
bool template_is_unfit(const uint8_t *c, size_t len);

/*
 * template_json.c: follows the text of a JSON template while it is compiled, and keeps it
 * with every wildcard masked: by x inside a string, else by null.  No text can be part of
 * either, so where the mask is JSON the template is, whatever its values are.
 */
struct template_json {
	struct buf mask; /* byte for byte as long as the text */
	bool is_inside;  /* a string */
	bool is_escaped; /* behind a backslash */
};

bool template_json_is_meant(const char *text);
void template_json_literal(struct template_json *j, const char *c, size_t len);
void template_json_wildcard(struct template_json *j, size_t len);
bool template_json_check(const struct template_json *j, const char *text,
                         struct reason *why);

/* Adds a value; `text` is its plain text. */
void template_json_add(const struct part *p, const struct template_values *values,
                       const char *text, struct buf *out);

#endif
