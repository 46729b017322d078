/* SPDX-License-Identifier: MIT */
/* recent: a repeated frame is told from a new one. */
#include "recent.h"

#include "tap.h"

static struct recent memory;

static bool seen(const char *text, int64_t now_ms)
{
	return recent_seen(&memory, (const uint8_t *)text, strlen(text), now_ms);
}

int main(void)
{
	bool was_wrong = false;
	char text[32];

	ok(!seen("<=>a", 1000), "a frame that comes for the first time is new");
	ok(!seen("<=>b", 1000), "so is another one");
	ok(seen("<=>a", 1500), "the same bytes a moment later are a repetition");
	ok(seen("<=>a", 1500 + RECENT_MS), "also ten minutes after the last of them");
	ok(!seen("<=>a", 1501 + 2 * RECENT_MS), "but not later: that is chance");
	for (int i = 0; i < 100000; i++) {
		snprintf(text, sizeof text, "<=>frame %d", i);
		was_wrong |= seen(text, 2000);
	}
	ok(!was_wrong, "of 100,000 different frames none is taken for another");
	return done();
}
