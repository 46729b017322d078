/* SPDX-License-Identifier: MIT */
/* json_write: strings, numbers and readings as they are written. */
#include "json.h"

#include <json-c/json.h>

#include <math.h>

#include "tap.h"

static const char *string_of(const char *bytes, size_t len)
{
	static struct buf b;

	buf_clear(&b);
	json_add_string(&b, bytes, len);
	return buf_string(&b);
}

static void strings_are_valid_whatever_they_hold(void)
{
	same(string_of("plain", 5), "\"plain\"", "plain text stays as it is");
	same(string_of("", 0), "\"\"", "no text is an empty string");
	same(string_of("\"\\/\b\f\n\r\t\x01\x1f\0", 11),
	     "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u0000\"",
	     "quotes, backslashes and control characters are escaped");
	same(string_of("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8C\xA7\xEF\xBF\xBF", 12),
	     "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8C\xA7\xEF\xBF\xBF\"", "UTF-8 is kept");
	same(string_of("\xC3(", 2), "\"\xEF\xBF\xBD(\"",
	     "half a character becomes U+FFFD");
	same(string_of("a\xC0\xAF\xED\xA0\x80\xF5", 7),
	     "\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
	     "\"",
	     "overlong forms and surrogates too");
}

static void numbers_are_those_of_json(void)
{
	static const char *const good[] = {
		"0",    "-0",     "1",     "-12",
		"0.5",  "19.940", "1e5",   "1E-5",
		"1e+5", "-0.0e0", "1e999", "123456789012345678901234567890"};
	static const char *const bad[] = {"",     "-",        "+1",   ".5",  "1.",  "01",
	                                  "-01",  "1,5",      " 1",   "1 ",  "0x1", "1e",
	                                  "1e+",  "1.e1",     "NaN",  "inf", "--1", "1-",
	                                  "1..2", "\xD9\xA1", "1e5.0"};
	bool is_fine = true;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		is_fine = is_fine && json_is_number(good[i], strlen(good[i]));
	ok(is_fine, "every form of a number is one");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		is_fine = is_fine && !json_is_number(bad[i], strlen(bad[i]));
	ok(is_fine, "nothing else is");
}

/* --- readings against json-c ------------------------------------------------- */

static void the_writer_gives_the_bytes_that_json_c_gives(void)
{
	static const char text[] = "a \"b\" \\ /\n\x01\x7f\xC3\xA9";
	struct json_object *o = json_object_new_object();
	struct json_object *list = json_object_new_array();
	struct json_readings r;
	struct buf out = {0};

	json_object_object_add(o, "BAT", json_object_new_int64(87));
	json_object_object_add(o, "TC", json_object_new_double_s(19.94, "19.940"));
	json_object_object_add(o, "HUM", json_object_new_double_s(0, "28.5"));
	json_object_array_add(list, json_object_new_int64(-250));
	json_object_array_add(list, json_object_new_int64(INT64_MIN));
	json_object_array_add(list, NULL);
	json_object_array_add(list, json_object_new_string(text));
	json_object_object_add(o, "ACC", list);
	json_object_object_add(o, "A\"B", json_object_new_string(text));
	json_object_object_add(o, "none", json_object_new_array());

	json_readings_begin(&r, &out);
	json_reading_begin(&r, "BAT", 3, false);
	json_reading_integer(&r, 87);
	json_reading_end(&r);
	json_reading_begin(&r, "TC", 2, false);
	json_reading_number(&r, "19.940", 6);
	json_reading_end(&r);
	json_reading_begin(&r, "HUM", 3, false);
	json_reading_float(&r, 28.5F);
	json_reading_end(&r);
	json_reading_begin(&r, "ACC", 3, true);
	json_reading_integer(&r, -250);
	json_reading_integer(&r, INT64_MIN);
	json_reading_float(&r, NAN);
	json_reading_string(&r, text, strlen(text));
	json_reading_end(&r);
	json_reading_begin(&r, "A\"B", 3, false);
	json_reading_string(&r, text, strlen(text));
	json_reading_end(&r);
	json_reading_begin(&r, "none", 4, true);
	json_reading_end(&r);
	ok(json_readings_end(&r), "readings of every kind are written");
	same(buf_string(&out),
	     json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
	                                               JSON_C_TO_STRING_NOSLASHESCAPE),
	     "with the bytes that json-c gives for them");
	json_object_put(o);
	buf_free(&out);
}

static void a_thousand_readings_are_kept_and_no_more(void)
{
	struct json_readings r;
	struct buf out = {0};

	for (int wanted = JSON_READINGS_MAX; wanted <= JSON_READINGS_MAX + 1; wanted++) {
		json_readings_begin(&r, &out);
		for (int i = 0; i < wanted; i++) {
			json_reading_begin(&r, "TC", 2, false);
			json_reading_integer(&r, i);
			json_reading_end(&r);
		}
		ok(json_readings_end(&r) == (wanted == JSON_READINGS_MAX),
		   "%d readings %s", wanted,
		   wanted == JSON_READINGS_MAX ? "are kept" : "are refused");
		ok(wanted > JSON_READINGS_MAX ||
		           strstr(out.data, "\"TC_1000\":999}") != NULL,
		   "each under a name of its own");
	}
	buf_free(&out);
}

int main(void)
{
	strings_are_valid_whatever_they_hold();
	numbers_are_those_of_json();
	the_writer_gives_the_bytes_that_json_c_gives();
	a_thousand_readings_are_kept_and_no_more();
	return done();
}
