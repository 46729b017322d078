/* SPDX-License-Identifier: MIT */
/* template_json: a message in JSON is JSON, whatever a node sent. */
#include <stdlib.h>
#include <time.h>

#include "json_scan.h"
#include "tap.h"
#include "template.h"

static struct frame frame = {
	.id = 42,
	.received_ms = INT64_C(1453948151000),
	.sequence = 12,
	.type = 134,
	.node = "SCP4",
	.serial = "387264539",
};
static struct template_values values = {
	.frame = &frame,
	.uid = "0011-42-TC",
	.router = "gw-7",
};
static struct buf out;
static struct reason why;

static const char *render(const char *text)
{
	struct template *t;

	buf_clear(&out);
	if (!template_compile(&t, text, TEMPLATE_MESSAGE, &why))
		return why.text;
	template_render(t, &values, &out);
	template_free(t);
	return buf_string(&out);
}

static void set_value(const char *tag, const char *plain, const char *json)
{
	values.sensor = tag;
	values.value = plain;
	values.value_json = json;
	values.value_json_len = json == NULL ? 0 : strlen(json);
}

static void the_message_that_everybody_has_works(void)
{
	set_value("STR", "a \"b\" \\ \n\x01", "\"a \\\"b\\\" \\\\ \\n\\u0001\"");
	same(render("{\"id\":\"#ID#\",\"id_wasp\":\"#ID_WASP#\",\"id_secret\":"
	            "\"#ID_SECRET#\",\"sensor\":\"#SENSOR#\",\"value\":\"#VALUE#\","
	            "\"datetime\":\"#TS(\"c\")#\"}"),
	     "{\"id\":\"42\",\"id_wasp\":\"SCP4\",\"id_secret\":\"387264539\",\"sensor\":"
	     "\"STR\",\"value\":\"a \\\"b\\\" \\\\ \\n\\u0001\",\"datetime\":"
	     "\"2016-01-28T12:29:11+10:00\"}",
	     "quotes and backslashes of a node are escaped, those of #TS are not JSON's");
	set_value("TC", "", "null");
	same(render(" [\"#VALUE#\", '#TS('U')#']"),
	     "is no valid JSON at byte 14: a value is expected, not '#TS('U')#']",
	     "single quotes are none of JSON's");
	same(render(" [\"#VALUE#\",\"#TS('U')#\"]"), " [\"\",\"1453948151\"]",
	     "what is missing is empty inside quotes");
}

static void outside_quotes_values_are_json(void)
{
	set_value("ACC", "996;-250", "[996,-250]");
	same(render("{\"i\":#ID#,\"t\":#FRAME_TYPE#,\"n\":#FRAME_NUMBER#,\"v\":#VALUE#}"),
	     "{\"i\":42,\"t\":134,\"n\":12,\"v\":[996,-250]}", "numbers and arrays");
	same(render("[#ID_WASP#,#ID_SECRET#,#SENSOR#,#UID#,#MESHLIUM#]"),
	     "[\"SCP4\",\"387264539\",\"ACC\",\"0011-42-TC\",\"gw-7\"]",
	     "texts get their quotes, also a serial of digits");
	same(render("[#TIMESTAMP#,#TS(\"U\")#,#TS(\"m\")#,#TS(\"Ymd\")#]"),
	     "[\"2016-01-28 12:29:11\",1453948151,\"01\",20160128]",
	     "a time is a text, or a number where it is always one");
	set_value(NULL, NULL, NULL);
	frame.sequence = frame.type = FRAME_NONE;
	frame.serial[0] = '\0';
	same(render("[#FRAME_NUMBER#,#FRAME_TYPE#,#ID_SECRET#,#VALUE#]"),
	     "[null,null,null,null]", "what is missing is null");
	frame.received_ms = 0;
	same(render("[#TS(\"Uv\")#]"), "[\"0000\"]",
	     "what happens not to be a number is a text");
	frame.received_ms = INT64_C(1453948151000);
}

static void what_would_be_no_json_is_refused(void)
{
	same(render("{\"a\":#ID#,}"),
	     "is no valid JSON at byte 11: a string is expected, not }",
	     "a comma too many");
	same(render("{\"a\":\"#ID#}"), "is no valid JSON: it ends where \" is expected",
	     "an open string");
	same(render("{\"a\" #ID#}"),
	     "is no valid JSON at byte 6: a colon is expected, not #ID#}",
	     "the place is that in the template");
	same(render("{#SENSOR#:#VALUE#}"),
	     "is no valid JSON at byte 2: a string is expected, not #SENSOR#:#VALUE#}",
	     "a key needs quotes");
	ok(strstr(render("[1#ID#]"), "at byte 3") != NULL, "half a number");
	ok(strstr(render("[#ID#1]"), "no valid") != NULL, "nor on the other side");
	ok(strstr(render("[#ID##ID#]"), "no valid") != NULL,
	   "two numbers without a comma");
	ok(strstr(render("[-#ID#]"), "no valid") != NULL, "a sign");
	ok(strstr(render("[\"\\#ID#\"]"), "no valid") != NULL,
	   "an escape that a value ends");
	ok(strstr(render("[\"\\u00#ID#\"]"), "no valid") != NULL, "also of a character");
	ok(strstr(render("[] x"), "the end is expected") != NULL, "something behind");
	ok(strstr(render("{\"a\tb\":1}"), "control") != NULL, "a tab inside a string");
	ok(strstr(render("{#ID_WAPS#}"), "#ID_WASP# meant") != NULL,
	   "a slip is told before all else");
	same(render("{\t\"#SENSOR#\" : \"\\\\#ID#\" }"), "{\t\"\" : \"\\\\42\" }",
	     "blanks and escapes of the template stay");
	same(render("{“id”:#ID#}"),
	     "is no valid JSON at byte 2: a string is expected, not “id”:#ID#}",
	     "a word processor's quotation marks can be seen");
	same(render("{ÄÖÜÄÖÜÄÖÜÄÖÜ"),
	     "is no valid JSON at byte 2: a string is expected, not ÄÖÜÄÖÜÄÖÜÄ...",
	     "and no letter is cut through");
	same(render("x{#VALUE#"), "x{", "what does not begin so is no JSON");
}

/* Every text that a node could send, at every place where one can stand. */
static void no_value_breaks_it(void)
{
	static const char *const templates[] = {
		"{\"a\":\"#ID_WASP#\",\"b\":#ID_WASP#,\"c\":[\"x#SENSOR#y\\\\\",#SENSOR#]"
		"}",
		"[\"#VALUE#\",{\"#SENSOR#\":\"#TS(\"Y\\\\\")#\"},#TS('\"Y')#,\"\\u0041#"
		"VALUE#\"]",
	};
	bool is_valid = true;
	char text[4];

	for (unsigned i = 0; i < 2 * 65536; i++) {
		struct json_scan s;

		text[0] = (char)(1 + i % 255);
		text[1] = (char)(i / 255 % 256);
		text[2] = (char)(i % 7 == 0 ? '\\' : '"');
		text[3] = '\0';
		snprintf(frame.node, sizeof frame.node, "%s", text);
		set_value(text, text, "7");
		render(templates[i % 2]);
		json_scan_begin(&s, buf_string(&out), out.len, NULL);
		is_valid &= json_scan_value(&s, NULL) && json_scan_end(&s);
	}
	ok(is_valid, "any three bytes, also such as are no UTF-8");
}

int main(void)
{
	setenv("TZ", "AEST-10", 1);
	tzset();
	the_message_that_everybody_has_works();
	outside_quotes_values_are_json();
	what_would_be_no_json_is_refused();
	no_value_breaks_it();
	buf_free(&out);
	return done();
}
