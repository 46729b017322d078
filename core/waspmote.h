/* SPDX-License-Identifier: MIT */
/*
 * Frames of Libelium's Waspmote and Plug & Sense: ASCII, and binary in the layouts G0, G1, G2, G2'
 * (v12: 4-byte serial) and G3 (v15: 8-byte serial), which no version field tells apart.
 * Facts: Libelium's Data Frame Guide 7.6 and 4.1, and frames of its library.
 */
#ifndef CORE_WASPMOTE_H
#define CORE_WASPMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "reason.h"
#include "sensors.h"

#define WASPMOTE_BYTES_MAX 4096 /* of one frame; what nodes make is below 300 */

/*
 * Decodes one frame, `<=>` and all behind it.  Sets node, serial, sequence, type, readings and
 * undecoded of `out` (cleared by the caller) and nothing else.  True with an empty
 * why->text: fine; true with a text: decoded, with a warning (count byte
 * wrong, last # missing, unknown sensor id).  False: no layout fits, why says so,
 * and the bytes belong into quarantine.
 */
bool waspmote_decode(struct frame *out, const uint8_t *bytes, size_t len,
                     const struct sensors *sensors, struct reason *why);

/*
 * The length of the first frame in a stream of bytes, which begins with `<=>`: binary by
 * its length byte, ASCII up to a `#` before CR, LF, NUL, `<=>` or the end.  0: more
 * bytes are needed (never when `is_end`).  Bytes that are part of no frame (padding, line ends, garbage)
 * are not its business: see stream.h.
 */
size_t waspmote_length(const uint8_t *bytes, size_t len, bool is_end);

#endif
