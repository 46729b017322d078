/* SPDX-License-Identifier: MIT */
/* What the files of waspmote share. */
#ifndef CORE_WASPMOTE_PRIVATE_H
#define CORE_WASPMOTE_PRIVATE_H

#include "waspmote.h"

#define NODE_BYTES_MAX 16  /* of a name in a binary frame */
#define NO_FIELDS      '?' /* old libraries' count byte when there are none */

/* As waspmote_decode(), for bytes that begin with `<=>` and have at least
 * WASPMOTE_HEAD_LEN. */
bool waspmote_decode_ascii(struct frame *out, const uint8_t *bytes, size_t len,
                           const struct sensors *sensors, struct reason *why);
bool waspmote_decode_binary(struct frame *out, const uint8_t *bytes, size_t len,
                            const struct sensors *sensors, struct reason *why);

/* Adds a warning to those that are there. */
void waspmote_warn(struct reason *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
