/* SPDX-License-Identifier: MIT */
/* isotime: moments as text. */
#include "isotime.h"

#include "clock.h"
#include "tap.h"

static bool is_time(const char *text, int64_t want)
{
	int64_t ms = -1;

	return isotime_parse(text, &ms) && ms == want;
}

static void the_forms_in_use_are_read(void)
{
	ok(is_time("1970-01-01T00:00:00Z", 0), "the beginning");
	ok(is_time("2026-11-22T10:40:00.123Z", 1795344000123), "milliseconds");
	ok(is_time("2026-11-22T10:40:00.1Z", 1795344000100), "a tenth of a second");
	ok(is_time("2026-11-22T10:40:00.1239999Z", 1795344000123),
	   "more digits than are kept");
	ok(is_time("2026-11-22T11:40:00+01:00", 1795344000000), "an hour east");
	ok(is_time("2026-11-22T07:10:00-0330", 1795344000000),
	   "three and a half hours west");
	ok(is_time("2024-02-29T00:00:00Z", 1709164800000), "a leap day");
	ok(is_time("9999-12-31T23:59:59.999Z", 253402300799999), "the end");
}

static void what_is_no_time_is_refused(void)
{
	static const char *const bad[] = {"",
	                                  "2026-11-22",
	                                  "2026-11-22T10:40:00",
	                                  "2026-11-22 10:40:00Z",
	                                  "2026-13-22T10:40:00Z",
	                                  "2026-00-22T10:40:00Z",
	                                  "2026-11-00T10:40:00Z",
	                                  "2026-02-29T10:40:00Z",
	                                  "2100-02-29T10:40:00Z",
	                                  "2026-11-22T24:40:00Z",
	                                  "2026-11-22T10:60:00Z",
	                                  "2026-11-22T10:40:60Z",
	                                  "2026-11-22T10:40:00.Z",
	                                  "2026-11-22T10:40:00Zx",
	                                  "2026-11-22T10:40:00+24:00",
	                                  "2026-11-22T10:40:00+1",
	                                  "12026-11-22T10:40:00Z",
	                                  "-026-11-22T10:40:00Z"};
	int64_t ms;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ok(!isotime_parse(bad[i], &ms), "\"%s\" is no time", bad[i]);
}

static void what_clock_writes_is_read_again(void)
{
	bool is_fine = true;

	for (int64_t ms = 0; ms <= 253402300799999; ms += 98765432109) {
		char iso[CLOCK_ISO_SIZE];

		clock_iso(ms, iso);
		is_fine = is_fine && is_time(iso, ms);
	}
	ok(is_fine, "from 1970 to 9999");
}

int main(void)
{
	the_forms_in_use_are_read();
	what_is_no_time_is_refused();
	what_clock_writes_is_read_again();
	return done();
}
