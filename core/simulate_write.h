/* SPDX-License-Identifier: MIT */
/* What a simulated node sends, and how it is written; for simulate.c. */
#ifndef CORE_SIMULATE_WRITE_H
#define CORE_SIMULATE_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

#define SENDING_FIELDS_MAX 8
#define SENDING_VALUES_MAX 3

enum field_kind {
	FIELD_BAT,
	FIELD_TC,
	FIELD_HUM,
	FIELD_PRES,
	FIELD_GPS,
	FIELD_ACC,
	FIELD_STR
};

struct field {
	enum field_kind kind;
	unsigned count;                     /* values */
	int32_t values[SENDING_VALUES_MAX]; /* in units of the last decimal that is sent
	                                     */
	const char *text;                   /* of a FIELD_STR */
};

/* One frame to be. */
struct sending {
	const char *name;      /* of the node */
	const uint8_t *serial; /* 8 bytes */
	uint8_t sequence;
	uint8_t type; /* without the bit for ASCII */
	unsigned count;
	struct field fields[SENDING_FIELDS_MAX];
};

/* Each adds the frame, or its JSON document, to `out`, without an end of line. */
void sending_add_binary(struct buf *out, const struct sending *f);
void sending_add_ascii(struct buf *out, const struct sending *f);
void sending_add_json(struct buf *out, const struct sending *f);

#endif
