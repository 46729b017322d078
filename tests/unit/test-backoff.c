/* SPDX-License-Identifier: MIT */
/* backoff: the waits between tries. */
#include "backoff.h"

#include "tap.h"

int main(void)
{
	struct backoff b;
	bool is_bounded = true, varies = false;
	uint32_t first;

	backoff_init(&b, 500, 60000);
	for (unsigned i = 0; i < 100; i++) {
		uint64_t whole = i < 7 ? UINT64_C(500) << i : 60000;
		uint32_t wait = backoff_next(&b);

		if (whole > 60000)
			whole = 60000;
		is_bounded &= wait <= whole && wait >= whole / 2;
	}
	ok(is_bounded,
	   "waits double from 500 ms to 60 s, each between half and all of it");
	backoff_reset(&b);
	first = backoff_next(&b);
	ok(first <= 500 && first >= 250, "after a success the first wait is short again");
	for (unsigned i = 0; i < 20; i++) {
		backoff_reset(&b);
		varies |= backoff_next(&b) != first;
	}
	ok(varies, "waits vary, so that gateways do not come back in step");
	backoff_init(&b, 0, 0);
	ok(backoff_next(&b) == 1, "a wait of nothing would spin: it is 1 ms");
	return done();
}
