/* SPDX-License-Identifier: MIT */
/* log, utf8, reason: what people read. */
#include "log.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
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

/* What `act` writes to stderr, which is a file; `is_journal`: the journal's own. */
static const char *said_by(void (*act)(void), bool is_journal)
{
	static char text[8192];
	FILE *file = tmpfile();
	char stream[60];
	struct stat st;
	size_t len;

	if (file == NULL || fstat(fileno(file), &st) != 0)
		return "";
	snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)st.st_dev,
	         (unsigned long long)st.st_ino + !is_journal);
	if (fork() == 0) {
		setenv("JOURNAL_STREAM", stream, 1);
		dup2(fileno(file), 2);
		clock_replace(fake, fake);
		act();
		_exit(0);
	}
	wait(NULL);
	rewind(file);
	len = fread(text, 1, sizeof text - 1, file);
	text[len] = '\0';
	fclose(file);
	return text;
}

static void speak(void)
{
	log_init("broker", LOG_LEVEL_INFO);
	log_error("it \"broke\"");
	log_warning("a\nb\\");
	log_info("on");
	log_debug("not at this level");
}

static void speak_as_text(void)
{
	log_write_as(LOG_FORMAT_TEXT);
	speak();
}

static void speak_as_json(void)
{
	log_write_as(LOG_FORMAT_JSON);
	speak();
}

static void quote(void)
{
	log_init("frame-router", LOG_LEVEL_INFO);
	log_quote("a.conf:3: error: unknown key");
	log_quote("a.conf:4: warning: it never fills");
}

static void shout_as_json(void)
{
	char text[3000];

	memset(text, '"', sizeof text);
	text[sizeof text - 1] = '\0';
	log_write_as(LOG_FORMAT_JSON);
	log_error("%s", text);
}

#define TEXT_LINES                                                                       \
	"broker: error: it \"broke\"\n"                                                  \
	"broker: warning: a\\x0Ab\\\n"                                                   \
	"broker: on\n"

static void the_journal_learns_the_level(void)
{
	same(said_by(speak, true),
	     "<3>broker: error: it \"broke\"\n"
	     "<4>broker: warning: a\\x0Ab\\\n"
	     "<6>broker: on\n",
	     "of each line that goes to it");
	same(said_by(speak, false), TEXT_LINES,
	     "a file that inherits JOURNAL_STREAM is spared the levels");
	same(said_by(speak_as_text, true), TEXT_LINES, "as it is with log_format = text");
	same(said_by(quote, true),
	     "<3>a.conf:3: error: unknown key\n<4>a.conf:4: warning: it never fills\n",
	     "and those that a check of the configuration gave");
	same(said_by(quote, false),
	     "a.conf:3: error: unknown key\na.conf:4: warning: it never fills\n",
	     "which a person reads as the check wrote them");
}

static void a_line_of_json_is_json(void)
{
	const char *text;
	size_t len;

	now = 1795344000123;
	same(said_by(speak_as_json, false),
	     "{\"time\":\"2026-11-22T10:40:00.123Z\",\"level\":\"error\","
	     "\"unit\":\"broker\",\"text\":\"it \\\"broke\\\"\"}\n"
	     "{\"time\":\"2026-11-22T10:40:00.123Z\",\"level\":\"warning\","
	     "\"unit\":\"broker\",\"text\":\"a\\\\x0Ab\\\\\"}\n"
	     "{\"time\":\"2026-11-22T10:40:00.123Z\",\"level\":\"info\","
	     "\"unit\":\"broker\",\"text\":\"on\"}\n",
	     "with quotes and backslashes escaped, and nothing that could end it");
	text = said_by(speak_as_json, true);
	ok(strncmp(text, "<3>{\"time\"", 10) == 0,
	   "the journal learns the level of those too");
	text = said_by(shout_as_json, false);
	len = strlen(text);
	ok(len > 2000 && strcmp(text + len - 4, "\\\"\"}\n" + 1) == 0,
	   "one that is too long is cut, and still ends as it should");
}

/* Counts the lines that complaints make on stderr. */
static int lines_of(void (*act)(void))
{
	int count = 0;

	for (const char *c = said_by(act, false); *c != '\0'; c++)
		count += *c == '\n';
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
	same(said_by(speak_as_a_plugin, false),
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
	the_journal_learns_the_level();
	a_line_of_json_is_json();
	a_complaint_does_not_fill_the_log();
	a_plugin_speaks_with_the_voice_of_its_unit();
	return done();
}
