/* SPDX-License-Identifier: MIT */
/*
 * Frames of Libelium's Waspmote and Plug & Sense: ASCII, and binary in the layouts G0,
 * G1, G2, G2' (v12: 4-byte serial) and G3 (v15: 8-byte serial), which no version field
 * tells apart.  Facts: Libelium's Data Frame Guide 7.6 and 4.1, and frames of its
 * library.
 */
#ifndef CORE_WASPMOTE_H
#define CORE_WASPMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "reason.h"
#include "sensors.h"

#define WASPMOTE_START     "<=>"
#define WASPMOTE_START_LEN 3
#define WASPMOTE_HEAD_LEN  5    /* start, type byte, count byte */
#define WASPMOTE_BYTES_MAX 4096 /* of one frame; what nodes make is below 300 */

/* Bit 7 of the type byte. */
#define WASPMOTE_ASCII 0x80

/*
 * Decodes one frame, `<=>` and all behind it.  Sets node, serial, sequence, type,
 * readings and undecoded of `out` (cleared by the caller) and nothing else.  True with an
 * empty why->text: fine; true with a text: decoded, with a warning (count byte wrong,
 * last # missing, bytes behind the frame, unknown sensor id).  False: no layout fits, why
 * says so, and the bytes belong into quarantine; `out` is then undefined.
 */
bool waspmote_decode(struct frame *out, const uint8_t *bytes, size_t len,
                     const struct sensors *sensors, struct reason *why);

/*
 * The length of the first frame in a stream of bytes, which begins with `<=>`.
 *
 * Binary: by its length byte.  Where that leads to no boundary (CR, LF, NUL, `<=>`, the
 * end), up to the `<=>` inside, for then the frame was cut, or, if the type may be one of
 * the old layouts, whose byte counts fields, up to the next one.  ASCII: up to a `#`
 * before a boundary, but for a lone NUL before a tag, which the vendor's library leaves
 * behind a time with a negative zone.
 *
 * 0: more bytes are needed; never when `is_end`, and never when there are
 * WASPMOTE_BYTES_MAX: what has no end by then is given up as a frame that does not
 * decode.
 */
size_t waspmote_length(const uint8_t *bytes, size_t len, bool is_end);

/* Whether the bytes begin with `<=>`. */
bool waspmote_starts(const uint8_t *bytes, size_t len);

#endif
