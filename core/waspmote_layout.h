/* SPDX-License-Identifier: MIT */
/* Finds out how a binary frame is laid out; for waspmote_binary.c. */
#ifndef CORE_WASPMOTE_LAYOUT_H
#define CORE_WASPMOTE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensors.h"

/* See waspmote_layout.c. */
enum layout { G3, G2, G1, G0 };

/* One way to read a frame. */
struct guess {
	enum layout layout; /* G2 stands for G1 as well until a frame is fitted */
	enum sensor_table table;
	unsigned age;   /* of the table: see sensors_get() */
	unsigned types; /* of frame that it is tried for */
};

/* How well it fits. */
enum fit {
	FIT_NONE,
	FIT_LOOSE, /* the fields end where the frame does, but the count byte is wrong */
	FIT_TAIL,  /* they end at an unknown sensor id */
	FIT_EXACT,
};

/* The bytes of a frame, head and all. */
struct binary {
	const uint8_t *at;
	size_t len;
	unsigned type;
	unsigned count; /* the count byte */
	size_t counted; /* where it ends if that counts bytes; 0: that cannot be */
	const struct sensors *sensors;
};

/* A frame by one guess: places are offsets in the frame. */
struct parts {
	struct guess guess;
	enum fit fit;
	bool is_foreign;  /* it fits a table only that its type does not ask for */
	bool is_credible; /* node and serial can be such */
	bool is_odd;      /* a value is one that no sensor gives */
	size_t serial, serial_len;
	size_t node, node_len;
	size_t fields;    /* the sequence is the byte before */
	size_t known_end; /* of the fields that could be read */
	size_t end;       /* of the frame; behind it there may be padding */
};

/* Looks at a frame; `b` borrows its bytes. */
void layout_begin(struct binary *b, const uint8_t *bytes, size_t len,
                  const struct sensors *sensors);

/* The best way to read it; fit is FIT_NONE when there is none. */
struct parts layout_find(const struct binary *b);

/*
 * When there is none: what stands in the way of the likeliest, in the order that they are
 * looked at.  `at` becomes the place of the field that goes beyond the end.
 */
enum layout_fault {
	LAYOUT_CUT_SHORT,
	LAYOUT_NO_HEADER,
	LAYOUT_OVERRUN,
	LAYOUT_UNKNOWN,
};
enum layout_fault layout_diagnose(const struct binary *b, size_t *at);

/* CR, LF and NUL only. */
bool layout_is_padding(const uint8_t *at, size_t len);

/* Whether a v12 board may have a serial with that most significant byte. */
bool layout_is_likely_serial(uint8_t highest);

#endif
