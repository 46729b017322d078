/* SPDX-License-Identifier: MIT */
/* log, clock, utf8, reason: what people read. */
#include "log.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <time.h>

#include "clock.h"
#include "reason.h"
#include "tap.h"
#include "utf8.h"

static void nothing_from_outside_forges_a_line(void)
{
	char out[100];

	same(log_escape(out, sizeof out, "a\nERROR forged"), "a\\x0AERROR forged",
	     "a newline in a value begins no line");
	same(log_escape(out, sizeof out, "\033[2J\x7f"), "\\x1B[2J\\x7F",
	     "a terminal is not spoken to");
	same(log_escape(out, sizeof out, "\xc3\x28\xff \xc2\x9b"),
	     "\\xC3(\\xFF \\xC2\\x9B",
	     "what is no UTF-8, or a control character in it, is escaped");
	same(log_escape(out, sizeof out,
	                "22 \xc2\xb0"
	                "C \xe2\x82\xac"),
	     "22 \xc2\xb0"
	     "C \xe2\x82\xac",
	     "good UTF-8 stays");
	same(log_escape(out, 4, "abcdef"), "abc", "a long text is cut");
	same(log_escape(out, 4, "\n\n"), "", "and not within an escape");
}

static void utf8_is_told_from_what_looks_like_it(void)
{
	static const struct {
		const char *bytes;
		bool is_valid;
	} cases[] = {
		{"plain", true},
		{"\xc3\xa4", true},
		{"\xf0\x9f\x98\x80", true},
		{"\xc3\x28", false},
		{"\xc0\xaf", false},
		{"\xed\xa0\x80", false},
		{"\xf5\x80\x80\x80", false},
		{"\xff", false},
		{"\xe2\x82", false},
		{"\xf4\x90\x80\x80", false},
		{"\xe0\x9f\xbf", false},
		{"\xef\xbf\xbf", true},
	};

	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
		ok(utf8_is_valid((const uint8_t *)cases[i].bytes,
		                 strlen(cases[i].bytes)) == cases[i].is_valid,
		   "text %u is %s", i, cases[i].is_valid ? "valid" : "invalid");
}

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

static void a_date_is_that_of_the_calendar(void)
{
	bool is_fine = true;

	/* the calendar comes again after 400 years */
	for (int64_t day = 0; day < 146098 + 365 && is_fine; day++) {
		time_t noon = (time_t)(day * 86400 + 43200);
		char want[CLOCK_ISO_SIZE + 8], out[CLOCK_ISO_SIZE];
		struct tm tm;

		gmtime_r(&noon, &tm);
		strftime(want, sizeof want, "%Y-%m-%dT%H:%M:%S.007Z", &tm);
		clock_iso((int64_t)noon * 1000 + 7, out);
		is_fine = strcmp(out, want) == 0;
	}
	ok(is_fine, "no day of 400 years has a wrong date");
}

static void a_reason_says_what_failed_and_why(void)
{
	struct reason why = {""};

	ok(!fail(&why, "no frame %d", 7) && strcmp(why.text, "no frame 7") == 0,
	   "fail() answers false and keeps the words");
	errno = ENOENT;
	fail_errno(&why, "cannot open %s", "x");
	same(why.text, "cannot open x: No such file or directory", "errno becomes words");
	fail_context(&why, "frames");
	same(why.text, "frames: cannot open x: No such file or directory",
	     "context goes before");
	ok(!fail(NULL, "x"), "nobody has to listen");
}

static int64_t now;

static int64_t fake(void)
{
	return now;
}

/* Counts the lines that complaints make on stderr. */
static int lines_of(void (*act)(void))
{
	char text[4096];
	int fds[2], count = 0;
	ssize_t got;

	if (pipe(fds) != 0)
		return -1;
	if (fork() == 0) {
		dup2(fds[1], 2);
		clock_replace(fake, NULL);
		act();
		_exit(0);
	}
	close(fds[1]);
	while ((got = read(fds[0], text, sizeof text)) > 0)
		for (ssize_t i = 0; i < got; i++)
			count += text[i] == '\n';
	close(fds[0]);
	wait(NULL);
	return count;
}

static void complain_for_two_hours(void)
{
	struct complaint c = {0};

	for (now = 1; now < 7200000; now += 1000)
		complain(&c, LOG_LEVEL_ERROR, "the broker is away");
	complaint_release(&c, "the broker is back");
	complaint_release(&c, "said once only");
}

static void a_complaint_does_not_fill_the_log(void)
{
	int count = lines_of(complain_for_two_hours);

	ok(count >= 4 && count <= 8, "7,200 failures in two hours are %d lines", count);
}

int main(void)
{
	nothing_from_outside_forges_a_line();
	utf8_is_told_from_what_looks_like_it();
	a_moment_is_written_as_iso_8601();
	a_date_is_that_of_the_calendar();
	a_reason_says_what_failed_and_why();
	a_complaint_does_not_fill_the_log();
	return done();
}
