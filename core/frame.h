/* SPDX-License-Identifier: MIT */
/* A frame: what a node sent, with its decoded readings; in memory. */
#ifndef CORE_FRAME_H
#define CORE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define FRAME_NODE_MAX      128 /* bytes of a node's name */
#define FRAME_SERIAL_MAX    64
#define FRAME_SOURCE_MAX    64
#define FRAME_TEXT_MAX      65536 /* bytes of one line of input, and of readings */
#define FRAME_NONE          (-1)  /* sequence, type, measured_ms: not known */
#define FRAME_TYPE_NAME_MAX 15
#define FRAME_REPLACEMENT   "\xEF\xBF\xBD" /* U+FFFD, for what is no UTF-8 */

struct frame {
	uint64_t id;         /* in the store; 0 before it is stored */
	int64_t received_ms; /* wall clock, ms since 1970 UTC */
	int64_t measured_ms; /* the node's own time, or FRAME_NONE */
	bool clock_ok;       /* received_ms can be true */
	bool duplicate;      /* the same bytes came a moment before */
	int sequence;        /* 0 to 255 from nodes, or FRAME_NONE */
	int type;            /* the wire byte, 0 to 255, or FRAME_NONE */
	char source[FRAME_SOURCE_MAX + 1];
	char node[FRAME_NODE_MAX + 1];     /* "": none; valid UTF-8 */
	char serial[FRAME_SERIAL_MAX + 1]; /* as the node prints it; "": none */
	struct buf readings;  /* a JSON object as text, valid UTF-8, one line */
	struct buf undecoded; /* the rest of a binary frame, from an unknown id on */
	struct buf raw;       /* as received */
};

/* All zero, then these; a frame is used again and again without new memory. */
void frame_clear(struct frame *f); /* back to nothing known; keeps memory */
void frame_free(struct frame *f);

/* Whether memory ran out in one of its buffers. */
bool frame_failed(const struct frame *f);

/*
 * Sets node or serial (`size` is that of the array): a byte that is no valid UTF-8
 * becomes U+FFFD, NUL too, the rest is kept.  False when it does not fit: `out` is "".
 */
bool frame_set_text(char *out, size_t size, const uint8_t *bytes, size_t len);

/*
 * The name of the low 7 bits of a type byte ("information", "keep-alive",
 * others "type-42"); borrowed or in `out`.
 */
const char *frame_type_name(int type, char out[FRAME_TYPE_NAME_MAX + 1]);

/*
 * The wire number for a name that frame_type_name() gives, or FRAME_NONE.  "information",
 * which four numbers share, is 6, the one of today's boards.
 */
int frame_type_number(const char *name);

#endif
