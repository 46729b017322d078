/* SPDX-License-Identifier: MIT */
/* json: documents made and read. */
#include "json.h"

#include "tap.h"

/* --- documents --------------------------------------------------------------- */

static struct frame frame;
static struct reason why;

/* What a document becomes: its own document, or the reason. */
static const char *read_again(const char *text)
{
	static struct buf out;

	buf_clear(&out);
	frame_clear(&frame);
	why.text[0] = '\0';
	if (json_parse_frame(&frame, text, strlen(text), &why))
		json_add_document(&out, &frame, NULL);
	else
		buf_text(&out, why.text);
	return buf_string(&out);
}

static void a_document_has_its_keys_in_order(void)
{
	static const struct json_origin origin = {"5f0c31d2a9b4e877", "gw-\"7\""};
	struct buf out = {0};
	char uid[JSON_UID_SIZE];

	frame_clear(&frame);
	json_add_document(&out, &frame, &origin);
	same(buf_string(&out),
	     "{\"uid\":\"5f0c31d2a9b4e877-0\",\"id\":0,\"router\":\"gw-\\\"7\\\"\","
	     "\"received\":\"1970-01-01T00:00:00.000Z\",\"clock\":\"unset\",\"source\":"
	     "\"\","
	     "\"readings\":{}}",
	     "what is not known is left out");
	frame.id = 42;
	frame.received_ms = 1795344000123;
	frame.measured_ms = 1500000000000;
	frame.clock_ok = true;
	frame.duplicate = true;
	frame.sequence = 12;
	frame.type = 134;
	strcpy(frame.node, "SCP4");
	strcpy(frame.serial, "5C2A1F7E9B3D0846");
	strcpy(frame.source, "nodes");
	buf_text(&frame.readings, "{\"TC\":23.5}");
	buf_add(&frame.undecoded, "\xF9\x01", 2);
	buf_clear(&out);
	json_add_document(&out, &frame, &origin);
	same(buf_string(&out),
	     "{\"uid\":\"5f0c31d2a9b4e877-42\",\"id\":42,\"router\":\"gw-\\\"7\\\"\","
	     "\"node\":\"SCP4\",\"serial\":\"5C2A1F7E9B3D0846\",\"sequence\":12,"
	     "\"type\":\"information\",\"received\":\"2026-11-22T10:40:00.123Z\","
	     "\"measured\":\"2017-07-14T02:40:00.000Z\",\"duplicate\":true,"
	     "\"undecoded\":\"F901\",\"source\":\"nodes\",\"readings\":{\"TC\":23.5}}",
	     "what is known stands in its place");
	buf_clear(&out);
	json_add_document(&out, &frame, NULL);
	same(buf_string(&out),
	     "{\"node\":\"SCP4\",\"serial\":\"5C2A1F7E9B3D0846\",\"sequence\":12,"
	     "\"type\":\"information\",\"measured\":\"2017-07-14T02:40:00.000Z\","
	     "\"duplicate\":true,\"undecoded\":\"F901\",\"readings\":{\"TC\":23.5}}",
	     "without a router, nothing of it");
	json_uid(uid, "5f0c31d2a9b4e877", UINT64_MAX);
	same(uid, "5f0c31d2a9b4e877-18446744073709551615", "the greatest id has room");
	buf_free(&out);
}

static void a_document_that_was_made_is_read(void)
{
	same(read_again("{\"uid\":\"x-1\",\"id\":1,\"router\":\"gw\",\"node\":\"SCP4\","
	                "\"serial\":\"5C2A1F7E9B3D0846\",\"sequence\":12,\"type\":\"keep-"
	                "alive\","
	                "\"received\":\"2026-11-22T10:40:00.123Z\","
	                "\"measured\":\"2017-07-14T02:40:00.000Z\",\"clock\":\"unset\","
	                "\"duplicate\":true,\"undecoded\":\"f901\",\"source\":\"nodes\","
	                "\"readings\":{\"TC\":23.5}}"),
	     "{\"node\":\"SCP4\",\"serial\":\"5C2A1F7E9B3D0846\",\"sequence\":12,"
	     "\"type\":\"keep-alive\",\"measured\":\"2017-07-14T02:40:00.000Z\","
	     "\"duplicate\":true,\"undecoded\":\"F901\",\"readings\":{\"TC\":23.5}}",
	     "with all that the frame says itself");
	ok(frame.type == 4 && why.text[0] == '\0', "and no warning");
	same(read_again("{\"readings\":{}}"), "{\"readings\":{}}",
	     "only readings are needed");
	same(read_again(
		     " { \"type\" : 134 , \"readings\" : { \"A\" : [ 1 , { } ] } }\t\n"),
	     "{\"type\":\"information\",\"readings\":{\"A\":[1,{}]}}",
	     "the type may be a number, white space may be anywhere");
	same(read_again("{\"node\":null,\"serial\":408421154,\"readings\":{\"A\":null}}"),
	     "{\"serial\":\"408421154\",\"readings\":{\"A\":null}}",
	     "null is nothing, a serial may look like a number");
	same(read_again("{\"\\u006eode\":\"\\u00e9\\ud83c\\udf27\",\"readings\":{}}"),
	     "{\"node\":\"\xC3\xA9\xF0\x9F\x8C\xA7\",\"readings\":{}}",
	     "escapes are understood");
	same(read_again("{\"color\":\"red\",\"readings\":{}}"), "{\"readings\":{}}",
	     "a member that no frame has is left out");
	same(why.text, "\"color\" is no member of a frame and was left out", "and named");
}

static void readings_keep_what_was_sent(void)
{
	same(read_again("{\"readings\":{\"A\":19.940,\"B\":-0,\"C\":1e999,\"D\":"
	                "18446744073709551616,"
	                "\"E\":-9223372036854775809,\"F\":0.1,\"G\":1E5,\"H\":1e-400}}"),
	     "{\"readings\":{\"A\":19.940,\"B\":-0,\"C\":1e999,\"D\":"
	     "18446744073709551616,"
	     "\"E\":-9223372036854775809,\"F\":0.1,\"G\":1E5,\"H\":1e-400}}",
	     "every digit of every number");
	same(read_again("{\"readings\":{\"T\":1,\"T\":2,\"\\u0054\":3,\"\":4,\"__proto__"
	                "\":5}}"),
	     "{\"readings\":{\"T\":1,\"T_2\":2,\"T_3\":3,\"\":4,\"__proto__\":5}}",
	     "every value of a tag that comes again");
	same(read_again("{\"readings\":{\"a\":\"\\/\\u0000\\ud83d\\ude00 "
	                "\xC3\xA9\",\"b\":[true,"
	                "false,null,\"x\",{\"k\":[]}]}}"),
	     "{\"readings\":{\"a\":\"\\/\\u0000\\ud83d\\ude00 \xC3\xA9\",\"b\":[true,"
	     "false,null,\"x\",{\"k\":[]}]}}",
	     "text, lists and nested objects");
}

static void what_is_no_json_is_refused_with_the_place(void)
{
	same(read_again(""), "JSON ends too early: an object expected", "nothing");
	same(read_again("[]"),
	     "JSON has a fault at byte 0: an object expected, not \"[]\"", "a list");
	same(read_again("{\"readings\":{\"A\":1}"),
	     "JSON ends too early: a comma or } expected", "an object without its end");
	same(read_again("{\"readings\":{\"A\":1}} x"),
	     "JSON has a fault at byte 21: the end expected, not \"x\"",
	     "something behind it");
	same(read_again("{\"readings\":{}}{\"readings\":{}}"),
	     "JSON has a fault at byte 15: the end expected, not \"{\"readings\"",
	     "two documents");
	same(read_again("{'readings':{}}"),
	     "JSON has a fault at byte 1: a string expected, not \"'readings'\"",
	     "single quotes");
	same(read_again("{\"readings\":{\"A\":1,}}"),
	     "JSON has a fault at byte 19: a string expected, not \"}}\"",
	     "a comma too many");
	same(read_again("{\"readings\":{\"A\":NaN}}"),
	     "JSON has a fault at byte 17: a value expected, not \"NaN}}\"", "NaN");
	same(read_again("{\"readings\":{\"A\":01}}"),
	     "JSON has a fault at byte 18: a comma or } expected, not \"1}}\"",
	     "a leading zero");
	same(read_again("{\"readings\":{\"A\":1.}}"),
	     "JSON has a fault at byte 18: a comma or } expected, not \".}}\"",
	     "no digit");
	same(read_again("{\"readings\":{/*x*/}}"),
	     "JSON has a fault at byte 13: a string expected, not \"/*x*/}}\"",
	     "a comment");
	same(read_again("{\"readings\":{\"A\":\"\xC3(\"}}"),
	     "JSON has a fault at byte 18: UTF-8 expected, not \"?(\"}}\"", "no UTF-8");
	same(read_again("{\"readings\":{\"A\":\"\n\"}}"),
	     "JSON has a fault at byte 18: an escape for a control character expected, "
	     "not "
	     "\"?\"}}\"",
	     "a bare line's end");
	same(read_again("{\"readings\":{\"A\":\"\\ud800\"}}"),
	     "JSON has a fault at byte 24: the second half of a surrogate pair expected, "
	     "not "
	     "\"\"}}\"",
	     "half a character");
	same(read_again("{\"readings\":{\"A\":\"\\udc00\"}}"),
	     "JSON has a fault at byte 19: the first half of a surrogate pair expected, "
	     "not "
	     "\"udc00\"}}\"",
	     "the other half");
	same(read_again("{\"readings\":{\"A\":\"\\x\"}}"),
	     "JSON has a fault at byte 19: an escape expected, not \"x\"}}\"",
	     "no escape");
	same(read_again("{\"readings\":{\"A\":\"\\u00g0\"}}"),
	     "JSON has a fault at byte 19: \\u and four hexadecimal digits expected, not "
	     "\"u00g0\"}}\"",
	     "no digits");
	same(read_again("{\"readings\":{\"A\":tru}}"),
	     "JSON has a fault at byte 17: a value expected, not \"tru}}\"",
	     "half a word");
}

static void what_is_no_frame_is_refused(void)
{
	same(read_again("{}"), "JSON without readings", "no readings");
	same(read_again("{\"readings\":[]}"),
	     "JSON has a fault at byte 12: an object expected, not \"[]}\"",
	     "readings in a list");
	same(read_again("{\"readings\":{},\"readings\":{}}"), "readings stands twice",
	     "twice");
	same(read_again("{\"node\":\"a\",\"node\":\"b\",\"readings\":{}}"),
	     "node stands twice", "two names");
	same(read_again("{\"node\":[],\"readings\":{}}"), "node: is no text",
	     "a name in a list");
	same(read_again("{\"serial\":99999999999999999999,\"readings\":{}}"),
	     "serial: is no text", "a serial that is too great to be a number");
	same(read_again("{\"sequence\":256,\"readings\":{}}"),
	     "sequence: is no whole number from 0 to 255", "a sequence of 256");
	same(read_again("{\"sequence\":-1,\"readings\":{}}"),
	     "sequence: is no whole number from 0 to 255", "a sequence of -1");
	same(read_again("{\"sequence\":1.0,\"readings\":{}}"),
	     "sequence: is no whole number from 0 to 255", "a sequence of 1.0");
	same(read_again("{\"sequence\":\"1\",\"readings\":{}}"),
	     "sequence: is no whole number from 0 to 255", "a sequence in quotes");
	same(read_again("{\"type\":\"Information\",\"readings\":{}}"),
	     "type: is neither a name like \"information\" nor 0 to 255", "another name");
	same(read_again("{\"measured\":1500000000,\"readings\":{}}"),
	     "measured: is no time like \"2026-11-22T10:40:00.123Z\"",
	     "seconds for a time");
	same(read_again("{\"duplicate\":1,\"readings\":{}}"),
	     "duplicate: is neither true nor false", "1 for true");
	same(read_again("{\"undecoded\":\"F\",\"readings\":{}}"),
	     "undecoded: is no hexadecimal text", "half a byte");
}

static const char *nested(size_t depth)
{
	static struct buf text;

	buf_clear(&text);
	buf_text(&text, "{\"readings\":{\"A\":");
	for (size_t i = 2; i < depth; i++)
		buf_char(&text, '[');
	for (size_t i = 2; i < depth; i++)
		buf_char(&text, ']');
	buf_text(&text, "}}");
	return buf_string(&text);
}

static void depth_and_count_are_limited(void)
{
	struct buf text = {0};

	ok(strchr(read_again(nested(JSON_DEPTH_MAX)), '{') != NULL, "32 levels are read");
	same(read_again(nested(JSON_DEPTH_MAX + 1)), "JSON is more than 32 deep",
	     "33 are not");
	buf_text(&text, "{\"readings\":{\"A\":");
	for (int i = 0; i < 31; i++)
		buf_text(&text, "{\"A\":");
	same(read_again(buf_string(&text)), "JSON is more than 32 deep",
	     "objects count as lists do");
	buf_clear(&text);
	same(read_again(nested(1000000)), "JSON is more than 32 deep", "nor a million");
	buf_text(&text, "{\"readings\":{\"A\":1");
	for (int i = 0; i < 10000; i++)
		buf_format(&text, ",\"k%d\":1", i);
	buf_text(&text, "}}");
	same(read_again(buf_string(&text)), "more than 1000 readings",
	     "nor 10,000 readings");
	buf_clear(&text);
	buf_text(&text, "{\"node\":\"");
	for (int i = 0; i < 129; i++)
		buf_char(&text, 'n');
	buf_text(&text, "\",\"readings\":{}}");
	same(read_again(buf_string(&text)), "node: has more than 128 bytes",
	     "nor a long name");
	buf_free(&text);
}

/* --- reading by reading ------------------------------------------------------ */

struct seen {
	struct buf text;
	int left;
};

static bool see(void *context, const char *tag, const char *value)
{
	struct seen *seen = context;

	buf_format(&seen->text, "<%s|%s>", tag, value);
	return --seen->left != 0;
}

static void readings_are_handed_out_in_their_order(void)
{
	struct seen seen = {.left = -1};

	ok(json_each_reading("{\"B\":19.940,\"A\":[1,\"x\"],\"q\\\"\\u0041\":\"t\\\"\"}",
	                     see, &seen),
	   "an object of readings is one");
	same(buf_string(&seen.text), "<B|19.940><A|[1,\"x\"]><q\"A|\"t\\\"\">",
	     "tags as text, values as JSON");
	buf_clear(&seen.text);
	seen.left = 1;
	ok(json_each_reading("{\"B\":1,\"A\":2}", see, &seen), "stopping is no fault");
	same(buf_string(&seen.text), "<B|1>", "and stops");
	ok(json_each_reading("{}", see, &seen), "no readings are fine");
	ok(!json_each_reading("[1]", see, &seen), "a list is none");
	ok(!json_each_reading("{\"A\":}", see, &seen), "nor is a broken object");
	ok(!json_each_reading("", see, &seen), "nor is nothing");
	buf_free(&seen.text);
}

static void readings_of_another_program_are_made_one_line(void)
{
	static const char text[] = "{\n  \"TC\" : 19.940,\n  \"TC\" : [ 1, 2 ]\n}\n";
	struct buf out = {0};

	ok(json_clean_readings(&out, text, strlen(text), &why),
	   "readings with white space");
	same(buf_string(&out), "{\"TC\":19.940,\"TC_2\":[1,2]}", "lose it, and no value");
	ok(!json_clean_readings(&out, "{} x", 4, &why),
	   "what is more than an object is none");
	buf_free(&out);
}

int main(void)
{
	a_document_has_its_keys_in_order();
	a_document_that_was_made_is_read();
	readings_keep_what_was_sent();
	what_is_no_json_is_refused_with_the_place();
	what_is_no_frame_is_refused();
	depth_and_count_are_limited();
	readings_are_handed_out_in_their_order();
	readings_of_another_program_are_made_one_line();
	frame_free(&frame);
	return done();
}
