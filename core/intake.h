/* SPDX-License-Identifier: MIT */
/*
 * What came in, made a frame: a line of hexadecimal digits, of JSON, or a raw frame.
 * The same for every way in.
 */
#ifndef CORE_INTAKE_H
#define CORE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "reason.h"
#include "sensors.h"

enum intake_result {
	INTAKE_FRAME,      /* decoded; why->text may hold a warning */
	INTAKE_QUARANTINE, /* no frame: out->raw holds the bytes, why the reason */
	INTAKE_REFUSED,    /* not worth keeping (empty, too long, bad JSON): why says */
};

/*
 * The length of the first complete line, its end included; 0: more bytes are
 * needed.  A line ends at LF.  A raw frame, recognised by `<=>` at the line's beginning
 * (after white space), may hold LF as its type or count byte, and a binary one anywhere
 * within the length that its count byte tells, if a line's end stands behind it.
 */
size_t intake_line_length(const uint8_t *data, size_t len);

#define INTAKE_PIECES_MAX 1000 /* of one line; the last takes all that is left */

/* A line that is being taken apart. */
struct intake {
	const uint8_t *at; /* what has not been taken yet; borrowed, or in `bytes` */
	size_t left;       /* of it; 0: all is taken */
	bool is_raw;       /* they are bytes of raw frames */
	unsigned pieces;   /* taken */
	uint8_t bytes[FRAME_TEXT_MAX / 2]; /* of hex */
};

/*
 * Begins a line, which must stay until its end (surrounding white space, CR, LF and NUL
 * padding is dropped; not that of a raw frame's own bytes).
 */
void intake_begin(struct intake *in, const uint8_t *line, size_t len);

/*
 * Makes a frame of the line, or of its next part: hex digits and raw lines may hold
 * several frames, one behind the other or with padding between.  To be called once, and
 * again while in->left is not 0.  Clears `out` first; sets everything but id, source,
 * received_ms and clock_ok, which are the caller's.  For hex and raw lines out->raw are
 * the frame's bytes, for JSON the line.  Hex that is no frame, and bytes between frames,
 * go to quarantine as bytes; text that is neither hex, JSON nor raw goes there as it is;
 * an empty line, one longer than FRAME_TEXT_MAX, and JSON with an error are refused.
 */
enum intake_result intake_next(struct intake *in, struct frame *out,
                               const struct sensors *sensors, struct reason *why);

/* Makes a frame of the bytes of one raw frame, as they are. */
enum intake_result intake_raw(struct frame *out, const uint8_t *bytes, size_t len,
                              const struct sensors *sensors, struct reason *why);

/*
 * A raw byte stream (a serial line's dump): finds the first frame in it.  Returns how
 * many bytes are done with; `*frame` and `*frame_len` are its place in `data`, or
 * frame_len 0 when those bytes hold none; `*garbage` counts bytes that were neither frame
 * nor padding (white space, NUL), and is added to.  0: more bytes are needed.
 */
size_t intake_stream(const uint8_t *data, size_t len, bool is_end, const uint8_t **frame,
                     size_t *frame_len, size_t *garbage);

/*
 * How many bytes of a frame that intake_stream() found, but that did not decode, are to
 * be given up: those before the next `<=>` inside, where the stream goes on, else all.
 */
size_t intake_resume(const uint8_t *frame, size_t frame_len);

#endif
