/* SPDX-License-Identifier: MIT */
/* One number for some bytes.  Knows nothing of what they are. */
#include "checksum.h"

uint64_t checksum(const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	uint64_t sum = UINT64_C(0xCBF29CE484222325);

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ at[i]) * UINT64_C(0x100000001B3);
	return sum == 0 ? 1 : sum;
}
