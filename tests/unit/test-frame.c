/* SPDX-License-Identifier: MIT */
/* frame: text from nodes, and names of types. */
#include "frame.h"

#include "tap.h"

static void text_is_made_valid_or_refused(void)
{
	char out[8];

	ok(frame_set_text(out, sizeof out, (const uint8_t *)"1234567", 7),
	   "what fits is kept");
	same(out, "1234567", "whole");
	ok(!frame_set_text(out, sizeof out, (const uint8_t *)"12345678", 8),
	   "what does not is not");
	same(out, "", "at all");
	ok(frame_set_text(out, sizeof out, (const uint8_t *)"a\0\xC3z", 4) == false,
	   "U+FFFD takes three bytes");
	ok(frame_set_text(out, sizeof out, (const uint8_t *)"a\xC3z", 3),
	   "one of them fits");
	same(out, "a\xEF\xBF\xBDz", "in the place of a byte that is no UTF-8");
	ok(frame_set_text(out, sizeof out, (const uint8_t *)"\0", 1), "NUL is replaced");
	same(out, "\xEF\xBF\xBD", "as it would end the text");
}

static void types_have_names(void)
{
	static const char *const names[] = {"information", "timeout",     "event",
	                                    "alarm",       "keep-alive",  "low-battery",
	                                    "information", "information", "information"};
	char own[FRAME_TYPE_NAME_MAX + 1];

	for (int i = 0; i < 9; i++) {
		same(frame_type_name(i, own), names[i], "a binary type has its name");
		same(frame_type_name(i | 128, own), names[i],
		     "the ASCII one has the same");
	}
	same(frame_type_name(155, own), "time-request", "a request for the time");
	same(frame_type_name(9, own), "type-9", "others have a number");
	same(frame_type_name(255, own), "type-127", "without the bit for ASCII");
}

static void names_have_types(void)
{
	char own[FRAME_TYPE_NAME_MAX + 1];
	bool is_fine = true;

	for (int i = 0; i < 128; i++) {
		int number = frame_type_number(frame_type_name(i, own));
		char again[FRAME_TYPE_NAME_MAX + 1];

		is_fine = is_fine && strcmp(frame_type_name(number, again),
		                            frame_type_name(i, own)) == 0;
	}
	ok(is_fine, "every name leads to a type of that name");
	ok(frame_type_number("information") == 6,
	   "information is what today's boards send");
	ok(frame_type_number("type-42") == 42, "a number in a name is it");
	ok(frame_type_number("type-128") == FRAME_NONE &&
	           frame_type_number("") == FRAME_NONE &&
	           frame_type_number("type-042") == FRAME_NONE,
	   "other names are none");
}

static void a_frame_is_used_again(void)
{
	struct frame f = {0};

	buf_text(&f.raw, "x");
	f.id = 7;
	f.sequence = 9;
	strcpy(f.node, "n");
	frame_clear(&f);
	ok(f.id == 0 && f.sequence == FRAME_NONE && f.type == FRAME_NONE &&
	           f.measured_ms == FRAME_NONE && f.node[0] == '\0' && f.raw.len == 0,
	   "nothing is left of the frame before");
	ok(!frame_failed(&f), "and nothing has failed");
	f.readings.failed = true;
	ok(frame_failed(&f), "until memory runs out");
	frame_free(&f);
}

int main(void)
{
	text_is_made_valid_or_refused();
	types_have_names();
	names_have_types();
	a_frame_is_used_again();
	return done();
}
