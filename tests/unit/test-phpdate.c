/* SPDX-License-Identifier: MIT */
/* phpdate: what PHP's date() gives, in any zone. */
#include "phpdate.h"

#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "tap.h"

#define BRISBANE INT64_C(1453948151123) /* 2016-01-28 12:29:11.123 +10:00 */

static struct buf out;

static const char *date(const char *format, int64_t ms)
{
	buf_clear(&out);
	phpdate_add(&out, format, ms);
	return buf_string(&out);
}

static void be_in(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void the_known_moment_is_written_as_php_does(void)
{
	static const struct {
		const char *format, *text;
	} known[] = {
		{"c", "2016-01-28T12:29:11+10:00"},
		{"U", "1453948151"},
		{"r", "Thu, 28 Jan 2016 12:29:11 +1000"},
		{"B", "145"},
		{"N", "4"},
		{"z", "27"},
		{"W", "04"},
		{"S", "th"},
		{"L", "1"},
		{"t", "31"},
		{"d D j l w", "28 Thu 28 Thursday 4"},
		{"F M m n", "January Jan 01 1"},
		{"o Y y", "2016 2016 16"},
		{"a A g G h H i s", "pm PM 12 12 12 12 29 11"},
		{"u v", "123000 123"},
		{"I O P p T Z", "0 +1000 +10:00 +10:00 AEST 36000"},
		{"Y-m-d\\TH:i:s", "2016-01-28T12:29:11"},
		{"\\Y\\\\Y\\", "Y\\2016\\"},
		{"x / # \"q\" \xC3\xA4", "x / # \"q\" \xC3\xA4"},
		{"", ""},
	};

	be_in("AEST-10");
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		same(date(known[i].format, BRISBANE), known[i].text, known[i].format);
	setlocale(LC_ALL, "");
	same(date("l F", BRISBANE), "Thursday January", "in every language");
}

static void midnight_and_noon_have_their_hours(void)
{
	be_in("UTC");
	same(date("g G h H a A", 0), "12 0 12 00 am AM", "midnight");
	same(date("g G h H a", 43200000), "12 12 12 12 pm", "noon");
	same(date("g G h H a", 46800000), "1 13 01 13 pm", "one o'clock");
	same(date("p P e T", 0), "Z +00:00 UTC UTC", "UTC is Z for p alone");
	same(date("B", 82800000), "000", "a new day of beats begins at 23:00 UTC");
	same(date("B", 82799000), "999", "and ends a moment before");
}

static void days_have_their_ordinals(void)
{
	static const char *const want =
		"1st 2nd 3rd 4th 10th 11th 12th 13th 20th 21st 22nd 23rd 24th 30th 31st";
	static const int of[] = {1, 2, 3, 4, 10, 11, 12, 13, 20, 21, 22, 23, 24, 30, 31};
	struct buf all = {0};

	be_in("UTC");
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		buf_text(&all, i == 0 ? "" : " ");
		buf_text(&all, date("jS", (of[i] - 1) * INT64_C(86400000)));
	}
	same(buf_string(&all), want, "as a person says them");
	buf_free(&all);
}

static void a_zone_may_be_off_by_half_an_hour_or_west(void)
{
	be_in("IST-5:30");
	same(date("c O Z T", BRISBANE), "2016-01-28T07:59:11+05:30 +0530 19800 IST",
	     "India");
	be_in("NST3:30");
	same(date("c O P Z", BRISBANE), "2016-01-27T22:59:11-03:30 -0330 -03:30 -12600",
	     "Newfoundland: west, and by half an hour");
	be_in("<+0545>-5:45");
	same(date("P", BRISBANE), "+05:45", "Nepal");
	be_in("LMT0:44:30");
	same(date("P", 0), "-00:44", "seconds of an old offset are left out");
}

static void summer_time_begins_and_ends(void)
{
	const int64_t begin = INT64_C(1774746000000); /* 2026-03-29T01:00Z */
	const int64_t end = INT64_C(1792890000000);   /* 2026-10-25T01:00Z */

	be_in("CET-1CEST,M3.5.0,M10.5.0/3");
	same(date("H:i:s I T P", begin - 1000), "01:59:59 0 CET +01:00", "before");
	same(date("H:i:s I T P", begin), "03:00:00 1 CEST +02:00", "after");
	same(date("H:i:s I T P", end - 1000), "02:59:59 1 CEST +02:00", "once");
	same(date("H:i:s I T P", end), "02:00:00 0 CET +01:00", "and again");
	same(date("H:i e", begin), "03:00 CEST", "a rule has no name of its own");
}

static void a_zone_has_its_name(void)
{
	be_in("Australia/Brisbane");
	same(date("e", BRISBANE), "Australia/Brisbane", "as TZ says it");
	be_in(":/usr/share/zoneinfo/Europe/Berlin");
	same(date("e", BRISBANE), "Europe/Berlin", "a file's is in its path");
	be_in("");
	same(date("e", BRISBANE), "UTC", "none is UTC");
	unsetenv("TZ");
	tzset();
	ok(strlen(date("e", BRISBANE)) >= 3, "or what the system's zone is (%s)",
	   buf_string(&out));
}

static void weeks_belong_to_the_year_of_their_thursday(void)
{
	be_in("UTC");
	same(date("o-\\WW-N", INT64_C(1451606400000)), "2015-W53-5", "2016-01-01");
	same(date("o-\\WW-N", INT64_C(1230768000000)), "2009-W01-4", "2009-01-01");
	same(date("o-\\WW-N", INT64_C(1230508800000)), "2009-W01-1", "2008-12-29");
	same(date("o-\\WW-N", INT64_C(1293840000000)), "2010-W52-6", "2011-01-01");
}

static void months_have_their_days(void)
{
	be_in("UTC");
	same(date("t L", INT64_C(951782400000)), "29 1", "February 2000");
	same(date("t L", INT64_C(1487980800000)), "28 0", "February 2017");
	same(date("t L", INT64_C(4107456000000)), "28 0", "February 2100");
}

static void a_wrong_clock_does_no_harm(void)
{
	be_in("UTC");
	same(date("Y", -5), "1970", "a time before 1970 is 1970");
	same(date("c", INT64_MAX), "9999-12-31T23:59:59+00:00",
	     "one behind all years is the last");
	be_in("Nowhere/Land");
	ok(strlen(date("c e T", BRISBANE)) > 20, "a zone that is not there is UTC");
}

static void it_is_known_what_is_a_number(void)
{
	ok(phpdate_is_number("U") && phpdate_is_number("Uv") && phpdate_is_number("Ymd"),
	   "seconds, milliseconds, a date in one number");
	ok(!phpdate_is_number("m") && !phpdate_is_number("H"), "01 is none");
	ok(!phpdate_is_number("c") && !phpdate_is_number("Y-m") && !phpdate_is_number(""),
	   "nor is a text");
}

int main(void)
{
	the_known_moment_is_written_as_php_does();
	midnight_and_noon_have_their_hours();
	days_have_their_ordinals();
	a_zone_may_be_off_by_half_an_hour_or_west();
	summer_time_begins_and_ends();
	a_zone_has_its_name();
	weeks_belong_to_the_year_of_their_thursday();
	months_have_their_days();
	a_wrong_clock_does_no_harm();
	it_is_known_what_is_a_number();
	buf_free(&out);
	return done();
}
