/* SPDX-License-Identifier: MIT */
/* clock: how a moment is written. */
#include "clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tap.h"

#define DAY_MS  INT64_C(86400000)
#define LAST_MS INT64_C(253402300799999) /* of the year 9999 */

static void a_moment_is_written_as_iso_8601(void)
{
	char out[CLOCK_ISO_SIZE];

	clock_iso(1795344000123, out);
	same(out, "2026-11-22T10:40:00.123Z", "milliseconds and all, in UTC");
	clock_iso(-5, out);
	same(out, "1970-01-01T00:00:00.000Z", "a time before 1970 is none");
	clock_iso(INT64_MAX, out);
	same(out, "9999-12-31T23:59:59.999Z", "and none is after 9999");
	ok(!clock_is_plausible(0) && !clock_is_plausible(INT64_MAX) &&
	           clock_is_plausible(1795344000123),
	   "a machine without a battery is found out");
}

/* The same by the C library. */
static void write_slowly(int64_t wall_ms, char out[CLOCK_ISO_SIZE])
{
	int64_t ms = wall_ms < 0 ? 0 : wall_ms > LAST_MS ? LAST_MS : wall_ms;
	time_t seconds = (time_t)(ms / 1000);
	char text[80];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	         tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	         tm.tm_sec, (int)(ms % 1000));
	memcpy(out, text, CLOCK_ISO_SIZE);
}

static bool is_right(int64_t wall_ms)
{
	char want[CLOCK_ISO_SIZE], got[CLOCK_ISO_SIZE];

	write_slowly(wall_ms, want);
	clock_iso(wall_ms, got);
	if (memcmp(want, got, sizeof got) == 0)
		return true;
	printf("# %lld is %s, not %s\n", (long long)wall_ms, want, got);
	return false;
}

/* 63 random bits, or fewer: all sizes alike often. */
static int64_t find_random(void)
{
	uint64_t bits =
		(uint64_t)random() << 62 ^ (uint64_t)random() << 31 ^ (uint64_t)random();

	return (int64_t)(bits >> (random() % 63 + 1));
}

static void every_day_is_the_one_of_the_calendar(void)
{
	unsigned wrong = 0;

	for (int64_t ms = 0; ms <= LAST_MS && wrong < 10; ms += DAY_MS)
		wrong += !is_right(ms) || !is_right(ms + DAY_MS - 1);
	ok(wrong == 0, "the first and last moment of each day until the year 9999");
	srandom(1);
	for (int i = 0; i < 1000000 && wrong < 10; i++) {
		int64_t ms = find_random();

		wrong += !is_right(ms) || !is_right(-ms);
	}
	ok(wrong == 0 && is_right(INT64_MIN) && is_right(INT64_MAX),
	   "and a million moments before and after");
}

int main(void)
{
	a_moment_is_written_as_iso_8601();
	every_day_is_the_one_of_the_calendar();
	return done();
}
