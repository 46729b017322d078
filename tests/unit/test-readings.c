/* SPDX-License-Identifier: MIT */
/* readings: which texts may be spliced into a document. */
#include "readings.h"

#include <stdio.h>

#include "tap.h"

static enum readings_state check(const char *text)
{
	return readings_check(text, strlen(text));
}

static void good_ones_are_taken_as_they_are(void)
{
	static const char *const texts[] = {
		"{}",
		"{\"TC\":23.5}",
		"{\"TC\": -0.5e+10, \"A\": [1, [2, {}], \"x\"], \"B\": true, \"C\": "
		"null, \"D\": false}",
		"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"}",
		"{\"a\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\x7F\"}",
		"{\"a\":0,\"b\":-0,\"c\":10,\"d\":1E5,\"e\":1e-400,\"f\":"
		"123456789012345678901234567890}",
	};

	for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
		ok(check(texts[i]) == READINGS_GOOD, "good: %s", texts[i]);
}

static void bad_ones_are_not_taken(void)
{
	static const char *const texts[] = {
		"",
		" ",
		"[]",
		"1",
		"\"a\"",
		"null",
		"{",
		"}",
		"{}}",
		"{}{}",
		"{} x",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1,}",
		"{,}",
		"{a:1}",
		"{'a':1}",
		"{\"a\":+1}",
		"{\"a\":01}",
		"{\"a\":.5}",
		"{\"a\":5.}",
		"{\"a\":1e}",
		"{\"a\":-}",
		"{\"a\":NaN}",
		"{\"a\":tru}",

		"{\"a\":\"\\x\"}",
		"{\"a\":\"\\u12\"}",
		"{\"a\":\"\\u12G4\"}",
		"{\"a\":\"",
		"{\"a\":\"\\",
		"{\"a\":[1}",
		"{\"a\":{]}",
		"{\"a\":1 \"b\":2}",
		"{\"a\" 1}",
		"{1:2}",
		"{\"a\":\"\x1F\"}",
		"\xEF\xBB\xBF{}",
	};

	for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
		ok(check(texts[i]) == READINGS_BAD, "bad: %s", texts[i]);
	ok(check("{\"a\":\"\n\"}") == READINGS_BAD, "a line end in a string is bad");
	ok(readings_check("{\"a\":1\0}", 8) == READINGS_BAD, "a NUL is no JSON");
}

static void every_cut_of_a_good_one_is_bad(void)
{
	const char *text = "{\"a\":[1.5e3,\"\\u00e9\xC3\xA9\",{\"b\":true}],\"c\":null}";
	int taken = 0;

	for (size_t len = 0; len < strlen(text); len++)
		taken += readings_check(text, len) != READINGS_BAD;
	ok(taken == 0, "a text that ends too early is never taken");
}

static void depth_is_bounded(void)
{
	char text[300];
	size_t at;

	for (int depth = 31; depth <= 33; depth++) {
		at = (size_t)sprintf(text, "{\"a\":");
		for (int i = 1; i < depth; i++)
			text[at++] = '[';
		for (int i = 1; i < depth; i++)
			text[at++] = ']';
		text[at++] = '}';
		ok((readings_check(text, at) == READINGS_GOOD) == (depth <= 32),
		   "depth %d", depth);
	}
}

static void mendable_ones_become_good(void)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{" {\"a\":1}\n", "{\"a\":1}"},
		{"{\r\n\t\"a\" : 1\n}", "{   \"a\" : 1 }"},
		{"{\"a\":\"\xC3(\xFF\"}", "{\"a\":\"\xEF\xBF\xBD(\xEF\xBF\xBD\"}"},
		{"{\"\xED\xA0\x80\":1}", "{\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\":1}"},
	};
	struct buf out = {0};

	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		ok(check(cases[i].from) == READINGS_MENDABLE, "can be mended: case %u",
		   i);
		readings_mend(&out, cases[i].from, strlen(cases[i].from));
		same(buf_string(&out), cases[i].to, "into this");
		ok(readings_check(out.data, out.len) == READINGS_GOOD, "which is good");
	}
	buf_free(&out);
}

int main(void)
{
	good_ones_are_taken_as_they_are();
	bad_ones_are_not_taken();
	every_cut_of_a_good_one_is_bad();
	depth_is_bounded();
	mendable_ones_become_good();
	return done();
}
