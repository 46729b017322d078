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

/*
 * Makes a frame of one line (surrounding white space, CR, LF and NUL padding is dropped;
 * not that of a raw frame's own bytes).  Clears `out` first; sets everything but id,
 * source, received_ms and clock_ok, which are the caller's.  For hex and raw lines
 * out->raw are the frame's bytes, for JSON the line.  Hex that is no frame goes to
 * quarantine as its bytes; text that is neither hex, JSON nor raw goes there as it is; an
 * empty line, one longer than FRAME_TEXT_MAX, and JSON with an error are refused.
 */
enum intake_result intake_line(struct frame *out, const uint8_t *line, size_t len,
                               const struct sensors *sensors, struct reason *why);

/* The same for the bytes of one raw frame, as they are. */
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
