/* SPDX-License-Identifier: MIT */
/*
 * Whether the same bytes came a moment before: nodes repeat a frame whose acknowledgement
 * was lost on the air.  Remembers a bounded number, by hash; one thread.
 */
#ifndef CORE_RECENT_H
#define CORE_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECENT_SLOTS 8192
#define RECENT_MS    600000 /* what is older is no repetition, but chance */

struct recent {
	struct {
		uint64_t hash;
		int64_t at_ms;
	} slots[RECENT_SLOTS];
};

/* All zero is an empty memory.  Remembers the bytes, too.  `now_ms` is any clock that
 * does not jump. */
bool recent_seen(struct recent *r, const uint8_t *bytes, size_t len, int64_t now_ms);

#endif
