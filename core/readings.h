/* SPDX-License-Identifier: MIT */
/*
 * Whether a text may be spliced into a document as its readings.  What our inputs stored
 * always may; a foreign program, or a flipped bit, can have written anything.
 */
#ifndef CORE_READINGS_H
#define CORE_READINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

enum readings_state {
	READINGS_GOOD,     /* one JSON object on one line, valid UTF-8, at most 32 deep */
	READINGS_MENDABLE, /* one but for line ends, spaces around it, or invalid UTF-8 */
	READINGS_BAD,
};

enum readings_state readings_check(const char *text, size_t len);

/* Writes a mendable text into `out` (cleared first) so that it is good. */
void readings_mend(struct buf *out, const char *text, size_t len);

#endif
