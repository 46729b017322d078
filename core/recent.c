/* SPDX-License-Identifier: MIT */
/* Repetitions, by a hash of the whole frame: fragments share their sequence number. */
#include "recent.h"

/* FNV-1a, 64 bits */
static uint64_t hash_of(const uint8_t *bytes, size_t len)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return hash == 0 ? 1 : hash;
}

bool recent_seen(struct recent *r, const uint8_t *bytes, size_t len, int64_t now_ms)
{
	uint64_t hash = hash_of(bytes, len);
	size_t at = (size_t)(hash ^ hash >> 32) % RECENT_SLOTS;
	bool is_seen =
		r->slots[at].hash == hash && now_ms - r->slots[at].at_ms <= RECENT_MS;

	r->slots[at].hash = hash;
	r->slots[at].at_ms = now_ms;
	return is_seen;
}
