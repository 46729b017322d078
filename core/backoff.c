/* SPDX-License-Identifier: MIT */
/* Waiting longer after each failure, so that a far side that comes back is not run over.
 */
#include "backoff.h"

#include <unistd.h>

#include "clock.h"

void backoff_init(struct backoff *b, uint32_t min_ms, uint32_t max_ms)
{
	b->min_ms = min_ms == 0 ? 1 : min_ms;
	b->max_ms = max_ms < b->min_ms ? b->min_ms : max_ms;
	b->failures = 0;
	b->random = (uint64_t)clock_wall_ms() * 2654435761u + (uint64_t)getpid();
}

static uint32_t random_below(struct backoff *b, uint32_t limit)
{
	/* splitmix64: enough to keep many gateways from coming back in step */
	uint64_t z = b->random += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)((z ^ z >> 31) % limit);
}

uint32_t backoff_next(struct backoff *b)
{
	uint64_t whole = (uint64_t)b->min_ms << (b->failures < 31 ? b->failures : 31);
	uint32_t wait = whole > b->max_ms ? b->max_ms : (uint32_t)whole;

	b->failures++;
	return wait - random_below(b, wait / 2 + 1);
}

void backoff_reset(struct backoff *b)
{
	b->failures = 0;
}
