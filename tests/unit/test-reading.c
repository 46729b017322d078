/* SPDX-License-Identifier: MIT */
/* reading: a frame taken apart, and values as plain text. */
#include "reading.h"

#include "tap.h"

static struct reading_list list;
static struct reason why;

static const char *plain(const char *value)
{
	static struct buf out;

	buf_clear(&out);
	json_add_plain(&out, value, strlen(value));
	return buf_string(&out);
}

static void readings_come_one_by_one(void)
{
	ok(reading_list_fill(&list, "{\"TC\":19.940,\"STR\":\"a\\\"b\",\"TC\":[1,2]}",
	                     &why) &&
	           list.count == 3,
	   "three readings");
	same(reading_get(&list, 0).tag, "TC", "in their order");
	same(reading_get(&list, 0).plain, "19.940", "a number keeps its digits");
	same(reading_get(&list, 1).value, "\"a\\\"b\"", "a string as JSON");
	same(reading_get(&list, 1).plain, "a\"b", "and as plain text");
	ok(reading_get(&list, 1).value_len == 6 && reading_get(&list, 1).number == 1,
	   "with its length and number");
	ok(!reading_get(&list, 0).is_again && reading_get(&list, 2).is_again,
	   "a tag that comes again is told");
	ok(reading_list_fill(&list, "{}", &why) && list.count == 0, "there may be none");
}

static void what_cannot_be_taken_apart_is_told(void)
{
	struct buf many = {0};

	ok(!reading_list_fill(&list, "{\"a\":1,\"b\":\"\\ud800\"}", &why),
	   "half a character");
	same(why.text, "its readings cannot be taken apart", "says so");
	for (int i = 0; i <= JSON_READINGS_MAX; i++)
		buf_format(&many, "%c\"%d\":1", i == 0 ? '{' : ',', i);
	buf_char(&many, '}');
	ok(!reading_list_fill(&list, many.data, &why), "too many");
	same(why.text, "it has more than 1000 readings", "says how many would do");
	buf_free(&many);
}

static void values_become_plain_text(void)
{
	same(plain("23.50"), "23.50", "a number");
	same(plain("true"), "true", "true");
	same(plain("null"), "", "null is nothing");
	same(plain("\"\""), "", "nor is an empty string");
	same(plain("\"a\\\"b\\\\c\\/d\\n\\t\""), "a\"b\\c/d\n\t", "escapes");
	same(plain("\"\\u00e4\\u20ac\\ud83d\\ude00\""),
	     "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", "characters of any length");
	same(plain("\"x\\u0000y\""), "x\xEF\xBF\xBDy", "NUL does not end it");
	same(plain("[996,-250,\"a;\\\"b]\",null,[1,2],{\"k\":\",\"}]"),
	     "996;-250;a;\"b];;[1,2];{\"k\":\",\"}", "an array is joined");
	same(plain("[]"), "", "an empty one is nothing");
	same(plain("[1]"), "1", "one value stands alone");
	same(plain("{\"a\":[1]}"), "{\"a\":[1]}", "an object stays what it is");
}

int main(void)
{
	readings_come_one_by_one();
	what_cannot_be_taken_apart_is_told();
	values_become_plain_text();
	reading_list_free(&list);
	return done();
}
