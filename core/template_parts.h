/* SPDX-License-Identifier: MIT */
/* What a template is compiled into; between template.c and template_render.c alone. */
#ifndef CORE_TEMPLATE_PARTS_H
#define CORE_TEMPLATE_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "template.h"

#define TEMPLATE_PARTS_MAX 200

enum part_kind {
	PART_TEXT,
	PART_TIME,
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
	size_t from; /* PART_TEXT, PART_TIME: its place in `texts` */
	size_t len;
};

struct template
{
	enum template_use use;
	struct buf texts; /* literal text, and the letter of a pattern */
	unsigned count;
	struct part parts[TEMPLATE_PARTS_MAX];
};

/*
 * Whether a valid character of `len` bytes is one that neither a line nor a topic may
 * hold: a control, or what Unicode says is no character (a broker may close the
 * connection for those).
 */
bool template_is_unfit(const uint8_t *c, size_t len);

#endif
