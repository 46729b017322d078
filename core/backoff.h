/* SPDX-License-Identifier: MIT */
/* How long to wait after a failure: longer each time, with jitter, up to a maximum. */
#ifndef CORE_BACKOFF_H
#define CORE_BACKOFF_H

#include <stdint.h>

struct backoff {
	uint32_t min_ms;
	uint32_t max_ms;
	unsigned failures; /* in a row */
	uint64_t random;   /* state of the jitter; any value */
};

void backoff_init(struct backoff *b, uint32_t min_ms, uint32_t max_ms);

/* One more failure: the wait before the next try, ms.  Between half and all of
 * min * 2^(failures-1), never more than max. */
uint32_t backoff_next(struct backoff *b);

/* It worked: the next failure waits min again. */
void backoff_reset(struct backoff *b);

#endif
