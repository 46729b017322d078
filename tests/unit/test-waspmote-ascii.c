/* SPDX-License-Identifier: MIT */
/* waspmote_ascii: ASCII frames, also those that are not quite right. */
#include "decoding.h"

#define HEAD "<=>\x86\x01#3B2F6F057C1054E6#n#1#"

static void the_header_says_who_and_when(void)
{
	same(decoded("<=>\x86\x02#3B2F6F057C1054E6#node_01#255#BAT:87#TC:19.940#"),
	     "{\"node\":\"node_01\",\"serial\":\"3B2F6F057C1054E6\",\"sequence\":255,"
	     "\"type\":\"information\",\"readings\":{\"BAT\":87,\"TC\":19.940}}",
	     "all of a frame is there, numbers with the digits that were sent");
	same(decoded("<=>\x83\x01#408421154##0#BAT:60#"),
	     "{\"serial\":\"408421154\",\"sequence\":0,\"type\":\"alarm\","
	     "\"readings\":{\"BAT\":60}}",
	     "a node without a name has none in the document");
	same(decoded("<=>\x9B\x30#387264539#node1#0#"),
	     "{\"node\":\"node1\",\"serial\":\"387264539\",\"sequence\":0,"
	     "\"type\":\"time-request\",\"readings\":{}}",
	     "a request for the time is a frame without readings");
	ok(decoding_why.text[0] == '\0', "and its count byte needs no warning");
	same(decoded("<=>\xAA\x01#5574BC#n#7#X:1#"),
	     "{\"node\":\"n\",\"serial\":\"5574BC\",\"sequence\":7,\"type\":\"type-42\","
	     "\"readings\":{\"X\":1}}",
	     "a type that nobody knows has its number, an odd serial stays as it is");
	same(decoded("<=>\x86\x01#3B2F6F057C1054E6#a_name_of_more_than_16_bytes#1#BAT:"
	             "1#"),
	     "{\"node\":\"a_name_of_more_than_16_bytes\",\"serial\":\"3B2F6F057C1054E6\","
	     "\"sequence\":1,\"type\":\"information\",\"readings\":{\"BAT\":1}}",
	     "a name longer than the library allows is kept");
}

static void numbers_keep_their_digits_and_the_rest_is_text(void)
{
	same(readings_of(HEAD
	                 "A:50.#B:-5.#C:0.000#D:1e5#E:-0#F:123456789012345678901234#"),
	     "{\"A\":50,\"B\":-5,\"C\":0.000,\"D\":1e5,\"E\":-0,"
	     "\"F\":123456789012345678901234}",
	     "what is a JSON number, but for a point at its end, stays a number");
	same(readings_of(HEAD "A:+1#B:.5#C:01#D:1,5#E: 1#F:0x10#G:1..#H:.#I:-#J:NAN#K:#"),
	     "{\"A\":\"+1\",\"B\":\".5\",\"C\":\"01\",\"D\":\"1,5\",\"E\":\" 1\","
	     "\"F\":\"0x10\",\"G\":\"1..\",\"H\":\".\",\"I\":\"-\",\"J\":\"NAN\",\"K\":"
	     "\"\"}",
	     "what is none is text as it was sent");
}

static void many_values_are_an_array(void)
{
	same(readings_of(HEAD "ACC:80;-10;987#GPS:31.200;42.100.#X:1;#Y:a;;b#"),
	     "{\"ACC\":[80,-10,987],\"GPS\":[31.200,42.100],\"X\":[1,\"\"],"
	     "\"Y\":[\"a\",\"\",\"b\"]}",
	     "values parted by ; are an array");
	same(readings_of(HEAD "STR:a;b:c d+(e)#UID:123#MAC:12;13#NA:5#RB:007#"),
	     "{\"STR\":\"a;b:c d+(e)\",\"UID\":\"123\",\"MAC\":\"12;13\",\"NA\":\"5\","
	     "\"RB\":\"007\"}",
	     "a tag whose type is text is never an array and never a number");
	same(readings_of(HEAD "DATE:13-1-1#TIME:12-24-16+1#DATE:5#TIME:7#"),
	     "{\"DATE\":\"13-1-1\",\"TIME\":\"12-24-16+1\",\"DATE_2\":\"5\",\"TIME_2\":"
	     "\"7\"}",
	     "date and time are text");
	same(readings_of(HEAD "GMT:-5#TST:1474448415#"),
	     "{\"GMT\":-5,\"TST\":1474448415}", "zone and timestamp are numbers");
}

static void the_type_of_a_tag_is_that_of_the_frames_table(void)
{
	same(readings_of("<=>\x86\x01#3B2F6F057C1054E6#n#1#HDOP:1.5#"), "{\"HDOP\":1.5}",
	     "HDOP of a v15 board is a number");
	same(readings_of("<=>\x80\x01#408421154#n#1#HDOP:1.5#"), "{\"HDOP\":\"1.5\"}",
	     "HDOP of a v12 board is text");
	same(readings_of("<=>\x82\x01#3B2F6F057C1054E6#n#1#HDOP:1.5#"), "{\"HDOP\":1.5}",
	     "an event with a long serial comes from a v15 board");
	same(readings_of("<=>\x87\x01#3B2F6F057C1054E6#n#1#ST:1#"), "{\"ST\":\"1\"}",
	     "ST of Smart Agriculture Xtreme is text");
	same(readings_of("<=>\x80\x01#408421154#n#1#ST:1#"), "{\"ST\":1}",
	     "ST of a v12 board is a number");
	same(readings_of("<=>\x86\x01#3B2F6F057C1054E6#n#1#GPS_LOC:1#"),
	     "{\"GPS_LOC\":\"1\"}", "a tag of another table keeps that table's type");
}

static void a_tag_that_comes_again_is_numbered(void)
{
	same(readings_of(HEAD "TC:1#TC:2#TC_2:3#TC:4#TC_2:5#"),
	     "{\"TC\":1,\"TC_2\":2,\"TC_2_2\":3,\"TC_3\":4,\"TC_2_3\":5}",
	     "no value hides another");
}

static void what_a_node_says_cannot_break_the_line(void)
{
	same(readings_of(HEAD "STR:say \"a\\b\"\x01\x1b[2J/\x7f#"),
	     "{\"STR\":\"say \\\"a\\\\b\\\"\\u0001\\u001b[2J/\x7f\"}",
	     "quotes, backslashes and control characters are escaped");
	same(readings_of(HEAD "STR:\xC3\xA9\xC3(\xF0\x9F\x8C\xA7\xED\xA0\x80\xFF#"),
	     "{\"STR\":\"\xC3\xA9\xEF\xBF\xBD(\xF0\x9F\x8C\xA7"
	     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"}",
	     "what is no UTF-8 becomes U+FFFD, the rest is kept");
	same(decoded("<=>\x86\x01#3B2F6F057C1054E6#\xFFn\"\r\nX#1#BAT:1#"),
	     "{\"node\":\"\xEF\xBF\xBDn\\\"\\r\\nX\",\"serial\":\"3B2F6F057C1054E6\","
	     "\"sequence\":1,\"type\":\"information\",\"readings\":{\"BAT\":1}}",
	     "in names too");
	same(readings_of(HEAD "A\"B:1#"), "{\"A\\\"B\":1}", "and in tags");
}

static void stray_bytes_before_a_tag_are_dropped(void)
{
	static const char nul[] = HEAD "TIME:1-2-3-5#\0STR:x:y#";
	static const char last[] = HEAD "TIME:1-2-3-5#x";

	decoded_line(nul, sizeof nul - 1);
	same(buf_string(&decoding_frame.readings),
	     "{\"TIME\":\"1-2-3-5\",\"STR\":\"x:y\"}",
	     "NUL behind a time with a negative zone");
	same(readings_of(HEAD "TIME:1-2-3-5#3BAT:7#"), "{\"TIME\":\"1-2-3-5\",\"BAT\":7}",
	     "any byte there, when the rest is a tag");
	same(readings_of(HEAD "TIME:1-2-3-5##BAT:7#"), "{\"TIME\":\"1-2-3-5\",\"BAT\":7}",
	     "a # there");
	same(readings_of(HEAD "TIME:1-2-3-5#:BAT:7#"), "{\"TIME\":\"1-2-3-5\",\"BAT\":7}",
	     "a colon there");
	same(readings_of(HEAD "TIME:1-2-3+5#XBAT:7#"),
	     "{\"TIME\":\"1-2-3+5\",\"XBAT\":7}", "but no letter behind another time");
	same(readings_of(last), "{\"TIME\":\"1-2-3-5\"}", "one at the end is no field");
	same(readings_of(HEAD "\xC3\xA9t\xC3\xA9:1#"), "{\"\xC3\xA9t\xC3\xA9\":1}",
	     "a tag that begins with a letter of another alphabet is whole");
}

static void what_is_wrong_but_readable_is_a_warning(void)
{
	same(readings_of("<=>\x86\x09#3B2F6F057C1054E6#n#1#A:1#B:2#"),
	     "{\"A\":1,\"B\":2}", "a wrong count byte costs no reading");
	same(decoding_why.text, "the count byte says 9 fields, there are 2",
	     "but is said");
	same(readings_of(HEAD "BAT:71"), "{\"BAT\":71}", "a missing last # costs none");
	same(decoding_why.text, "the last # is missing", "but is said");
	same(readings_of("<=>\x86\x3F#3B2F6F057C1054E6#n#1#"), "{}",
	     "no fields are a frame");
	same(decoding_why.text, "", "for which old libraries count ?");
	same(readings_of("<=>\x86\x01#3B2F6F057C1054E6#n#1"), "{}", "even without the #");
	same(decoding_why.text,
	     "the last # is missing; the count byte says 1 fields, there are 0",
	     "with both warnings");
}

static void what_cannot_be_read_is_kept_with_the_reason(void)
{
	same(decoded("<=>\x86\x01"), "kept: no # behind the count byte", "only a head");
	same(decoded("<=>\x86\x01X"), "kept: no # behind the count byte", "no #");
	same(decoded("<=>\x86\x01#3B2F"), "kept: the frame ends within its header",
	     "cut within the serial");
	same(decoded("<=>\x86\x01#3B2F#no"), "kept: the frame ends within its header",
	     "cut within the name");
	same(decoded("<=>\x86\x01#3B2F#n#256#A:1#"),
	     "kept: the sequence \"256\" is no number from 0 to 255",
	     "a sequence of 256");
	same(decoded("<=>\x86\x01#3B2F#n##A:1#"),
	     "kept: the sequence \"\" is no number from 0 to 255", "no sequence");
	same(decoded("<=>\x86\x01#3B2F#n#\x1b]0;x#A:1#"),
	     "kept: the sequence \"?]0;x\" is no number from 0 to 255",
	     "a reason holds nothing that a terminal obeys");
	same(decoded(HEAD "BAT#TC:1#"), "kept: field 1, \"BAT\", has no value",
	     "no colon");
	same(decoded(HEAD "BAT:1#TC"), "kept: field 2, \"TC\", has no value",
	     "cut in a tag");
}

static void limits_hold(void)
{
	struct buf line = {0};

	buf_text(&line, "<=>\x86\x01#3B2F#");
	for (int i = 0; i < 129; i++)
		buf_char(&line, 'n');
	buf_text(&line, "#1#A:1#");
	same(decoded(buf_string(&line)), "kept: the node's name has more than 128 bytes",
	     "a name that is too long is said to be so");
	buf_clear(&line);
	buf_text(&line, HEAD);
	while (line.len < 4094)
		buf_text(&line, "a:#");
	same(decoded(buf_string(&line)), "kept: more than 1000 readings",
	     "as are too many readings");
	while (line.len < 4097)
		buf_char(&line, '#');
	same(decoded(buf_string(&line)), "kept: 4097 bytes are more than a frame has",
	     "and too many bytes");
	buf_free(&line);
}

int main(void)
{
	if (!decoding_begin())
		return done();
	the_header_says_who_and_when();
	numbers_keep_their_digits_and_the_rest_is_text();
	many_values_are_an_array();
	the_type_of_a_tag_is_that_of_the_frames_table();
	a_tag_that_comes_again_is_numbered();
	what_a_node_says_cannot_break_the_line();
	stray_bytes_before_a_tag_are_dropped();
	what_is_wrong_but_readable_is_a_warning();
	what_cannot_be_read_is_kept_with_the_reason();
	limits_hold();
	decoding_end();
	return done();
}
