/* SPDX-License-Identifier: MIT */
/* The fields of a binary frame: [sensor id][values] in a row; for waspmote_layout.c. */
#ifndef CORE_WASPMOTE_FIELDS_H
#define CORE_WASPMOTE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensors.h"

/* The frame whose fields they are, and the table to read them by. */
struct fields {
	const uint8_t *frame;
	const struct sensors *sensors;
	enum sensor_table table;
	unsigned age;
};

enum walk_end {
	WALK_EXACT,   /* at the end */
	WALK_UNKNOWN, /* at an id that the table does not hold */
	WALK_OVERRUN, /* at a field that goes beyond the end */
};

struct walk {
	enum walk_end end;
	unsigned count; /* fields that could be read */
	size_t at;      /* where it ended, an offset in the frame */
	bool is_odd;    /* a value is one that no sensor gives */
};

/* Goes from one offset in the frame to another. */
struct walk fields_walk(const struct fields *f, size_t from, size_t end);

/* Whether bytes are UTF-8 without control characters. */
bool fields_is_text(const uint8_t *bytes, size_t len);

#endif
