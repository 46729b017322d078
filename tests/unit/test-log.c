/* SPDX-License-Identifier: MIT */
/* log, utf8, reason: what people read. */
#include "log.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* What that writes on stderr. */
static const char *said_by(void (*act)(void))
{
	static char text[4096];
	size_t len = 0;
	int fds[2];
	ssize_t got;

	if (pipe(fds) != 0)
		return "";
	if (fork() == 0) {
		unsetenv("JOURNAL_STREAM");
		dup2(fds[1], 2);
		clock_replace(fake, NULL);
		act();
		_exit(0);
	}
	close(fds[1]);
	while ((got = read(fds[0], text + len, sizeof text - 1 - len)) > 0)
		len += (size_t)got;
	text[len] = '\0';
	close(fds[0]);
	wait(NULL);
	return text;
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
	int count = 0;

	for (const char *at = said_by(complain_for_two_hours); *at != '\0'; at++)
		count += *at == '\n';
	ok(count >= 4 && count <= 8, "7,200 failures in two hours are %d lines", count);
}

static void speak_as_a_plugin(void)
{
	log_init("broker", LOG_LEVEL_DEBUG);
	log_from_plugin(0, NULL, "cannot\ngo on");
	log_from_plugin(1, NULL, "odd");
	log_from_plugin(2, "archive", "%s is fine");
	log_from_plugin(77, NULL, "no such level");
}

static void a_plugin_speaks_with_the_voice_of_its_unit(void)
{
	same(said_by(speak_as_a_plugin),
	     "broker: error: cannot\\x0Ago on\n"
	     "broker: warning: odd\n"
	     "broker: archive: %s is fine\n"
	     "broker: no such level\n",
	     "its levels are ours, its text is data, an unknown level hurts nobody");
}

int main(void)
{
	nothing_from_outside_forges_a_line();
	utf8_is_told_from_what_looks_like_it();
	a_reason_says_what_failed_and_why();
	a_complaint_does_not_fill_the_log();
	a_plugin_speaks_with_the_voice_of_its_unit();
	return done();
}
