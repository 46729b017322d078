/* SPDX-License-Identifier: MIT */
/* template: wildcards, and that no node can steer a topic or a path. */
#include "template.h"

#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "tap.h"

static struct frame frame = {
	.id = 42,
	.received_ms = INT64_C(1795344030123), /* 2026-11-22T10:40:30.123Z */
	.sequence = 12,
	.type = 134,
	.node = "SCP4",
	.serial = "5C2A1F7E9B3D0846",
};
static struct template_values values = {
	.frame = &frame, .uid = "5f0c31d2a9b4e877-42", .router = "gw-7"};
static struct buf out;
static struct reason why;

/* What the template gives for the values, or the complaint about it. */
static const char *render(enum template_use use, const char *text)
{
	struct template *t;

	buf_clear(&out);
	if (!template_compile(&t, text, use, &why))
		return why.text;
	template_render(t, &values, &out);
	template_free(t);
	return buf_string(&out);
}

static const char *topic(const char *text)
{
	return render(TEMPLATE_TOPIC, text);
}

static const char *line(const char *text)
{
	return render(TEMPLATE_MESSAGE, text);
}

static const char *path(const char *text)
{
	return render(TEMPLATE_PATH, text);
}

static const char *node_topic(const char *node)
{
	snprintf(frame.node, sizeof frame.node, "%s", node);
	return topic("a/#ID_WASP#/b");
}

static const char *node_path(const char *node)
{
	snprintf(frame.node, sizeof frame.node, "%s", node);
	return path("/root/#ID_WASP#/x");
}

static void every_wildcard_has_its_value(void)
{
	same(topic("frames/#MESHLIUM#/#ID_WASP#"), "frames/gw-7/SCP4", "router and node");
	same(topic("#ID#/#ID_SECRET#/#FRAME_TYPE#/#FRAME_NUMBER#/#UID#"),
	     "42/5C2A1F7E9B3D0846/134/12/5f0c31d2a9b4e877-42", "all others of a frame");
	same(topic("#ID_WASP##ID#"), "SCP442", "two in a row");
	values.sensor = "TC";
	values.value = "23.5";
	same(topic("#SENSOR#/#VALUE#"), "TC/23.5", "those of one reading");
	same(topic("#TIMESTAMP#"), "2026-11-22 11:40:30", "when it was received, here");
	same(topic("#TS('Y/m/d')#/#TS(\"H\")#"), "2026/11/22/11",
	     "by PHP's date(), with levels of the operator's own");
	same(topic("#TS('c')#"), "2026-11-22T11:40:30_01:00",
	     "a + of it is no wildcard of MQTT");
	values.sensor = values.value = NULL;
	frame.sequence = frame.type = FRAME_NONE;
	same(topic("#FRAME_TYPE#/#FRAME_NUMBER#/#SENSOR#"), "_/_/_",
	     "what is not known is _, so that a topic keeps its levels");
	frame.sequence = 0;
	same(topic("#FRAME_NUMBER#"), "0", "0 is a sequence");
	same(topic(""), "", "an empty template gives nothing");
	same(topic("$SYS/x"), "$SYS/x", "an operator may send to $SYS");
	same(topic("a//b/"), "a//b/", "and to empty levels");
}

static void a_mistake_is_explained(void)
{
	same(topic("x/#ID_WAPS#"), "unknown wildcard #ID_WAPS#: is #ID_WASP# meant?",
	     "a slip has its right spelling named");
	ok(strstr(topic("#NONSENSE#"), "there are #ID# #ID_WASP#") != NULL,
	   "a word that is far from all has all named");
	ok(strstr(topic("a/#"), "cannot hold a #") != NULL, "a topic filter is no topic");
	ok(strstr(topic("a/#idle#"), "cannot hold a #") != NULL,
	   "wildcards are upper case, a # is nothing else");
	ok(strstr(topic("a/+/b"), "cannot hold a +") != NULL, "nor is one with a +");
	ok(strstr(topic("a\tb"), "control character") != NULL, "no control character");
	ok(strstr(topic("a\xC2\x85"), "control character") != NULL,
	   "no C1 control either");
	ok(strstr(topic("a\xFF"), "no UTF-8") != NULL, "no broken UTF-8");
	same(topic("a/#TS(\"c\""), "#TS(\" is not ended by \")#", "an open format");
	same(topic("a/#TS('c\")#"), "#TS(' is not ended by ')#", "the other quote");
	same(line("#value#"), "unknown wildcard #value#: is #VALUE# meant?", "small");
	same(line("x #Id_Wasp#"), "unknown wildcard #Id_Wasp#: is #ID_WASP# meant?",
	     "mixed");
	same(topic("a/#sensor#"), "unknown wildcard #sensor#: is #SENSOR# meant?",
	     "in a topic too");
	same(line("#ts('c')#"), "unknown wildcard #ts(: is #TS(\"c\")# meant?", "a date");
	same(topic("a/#SENSOR"), "a wildcard without its last #: is #SENSOR# meant?",
	     "not ended");
	same(render(TEMPLATE_URL, "https://h/a#top"),
	     "a # outside a wildcard begins what no server sees: %23 stands for a #",
	     "a fragment");
	same(line("#room# #SENSOR #ab"), "#room# #SENSOR #ab", "other words are text");
	same(line("#TS(\"q\")#"), "#TS(\"q\")# has no letter of a date: #TS(\"c\")#",
	     "a date without a date");
	same(topic("#TS(c)#"), "#TS( has no quote behind it: #TS(\"c\")#", "none");
	ok(strstr(topic("#TS('\xFF')#"), "no UTF-8") != NULL, "a format that is no text");
	ok(strstr(path("%Q"), "unknown time pattern %Q") != NULL, "an unknown pattern");
	ok(strstr(path("a%"), "unknown time pattern %") != NULL, "an open one");
	ok(strstr(path("%c"), "unknown") != NULL && strstr(path("%D"), "unknown") != NULL,
	   "patterns that depend on the language or hold a / are not there");
}

static void a_node_cannot_leave_its_level_of_a_topic(void)
{
	same(node_topic("a/+/#"), "a/a____/b", "+ # and / become _");
	same(node_topic("x\r\ny\x7F"), "a/x__y_/b", "control characters too");
	same(node_topic(""), "a/_/b", "an empty name is _");
	same(node_topic("\xC3\xA4\xE2\x82\xAC"), "a/\xC3\xA4\xE2\x82\xAC/b",
	     "letters of any language stay");
	same(node_topic("\xFFz\xC3"), "a/_z_/b", "broken UTF-8 becomes _");
	same(node_topic("\xEF\xBF\xBF|\xC2\x80|\xEF\xB7\x90|\xF0\x9F\xBF\xBE"),
	     "a/_|_|_|_/b", "what a broker would close the connection for becomes _");
	same(node_topic("#ID_SECRET#"), "a/_ID_SECRET_/b", "a value is not looked into");
	same(node_topic("%s%n{x}"), "a/%s%n{x}/b", "nor is it a format");
	snprintf(frame.node, sizeof frame.node, "$SYS");
	same(topic("#ID_WASP#/x"), "_SYS/x", "a node cannot send to $SYS");
	same(topic("a/#ID_WASP#"), "a/$SYS", "where $ means nothing it stays");
	same(topic("$#ID_WASP#"), "$$SYS", "the template's own $ stays");
}

static void a_value_is_cut_between_characters(void)
{
	char node[FRAME_NODE_MAX + 1];
	const char *got;

	memset(node, 'x', sizeof node - 1);
	node[sizeof node - 1] = '\0';
	node[127] = '\xC3';
	values.sensor = "0123456789012345678901234567890123456789012345678901234567890123"
			"012345678901234567890123456789012345678901234567890123456789012"
			"\xC3\xA4";
	got = topic("#SENSOR#");
	ok(strlen(got) == 127, "128 bytes hold 127 and no half character (%zu)",
	   strlen(got));
	values.sensor = NULL;
	snprintf(frame.node, sizeof frame.node, "%s", node);
	ok(strlen(node_topic(node)) == 4 + 128, "128 bytes of a name stay");
}

static void a_topic_cannot_become_too_long(void)
{
	static char text[66000];

	memset(text, 'a', 65535);
	ok(topic(text) == out.data && out.len == 65535, "65,535 bytes are a topic");
	text[65535] = 'a';
	ok(strstr(topic(text), "longer than 65535") != NULL, "one more is refused");
	memset(text + 65408, 0, 200);
	memcpy(text + 65408, "#ID#", 4);
	ok(strstr(topic(text), "longer than 65535") != NULL,
	   "what could become longer is refused before it does");
}

static void a_node_is_one_component_of_a_path(void)
{
	same(node_path("SCP-4_b.2"), "/root/SCP-4_b.2/x", "a harmless name stays");
	same(node_path(".."), "/root/%2E./x", "no way up");
	same(node_path("."), "/root/%2E/x", "no way to the same folder");
	same(node_path(".hidden"), "/root/%2Ehidden/x", "no hidden file");
	same(node_path("../../etc/passwd"), "/root/%2E.%2F..%2Fetc%2Fpasswd/x",
	     "no slash");
	same(node_path("a\\..\\b"), "/root/a%5C..%5Cb/x", "no backslash");
	same(node_path("%2e%2e"), "/root/%252e%252e/x",
	     "no encoding that is undone later");
	same(node_path("a b\n\xC3\xA4"), "/root/a%20b%0A%C3%A4/x", "one name, one file");
	same(node_path(""), "/root/_/x", "an empty name is _");
	same(node_path("$(reboot)`x`;|"), "/root/%24%28reboot%29%60x%60%3B%7C/x",
	     "nothing for a shell");
	values.sensor = "//////////////////////////////////////////////////";
	ok(strlen(path("#SENSOR#")) == 126,
	   "128 bytes hold 42 encoded bytes, none in part");
	values.sensor = NULL;
}

static void time_patterns_are_those_of_utc(void)
{
	setenv("TZ", "Pacific/Kiritimati", 1);
	same(path("/d/%Y-%m-%d/%H%M%S.jsonl"), "/d/2026-11-22/104030.jsonl",
	     "the gateway's zone does not matter");
	same(path("%F %j"), "2026-11-22 326", "dates");
	same(path("%G-W%V-%u"), "2026-W47-7", "weeks");
	same(path("100%%"), "100%", "%% is a percent sign");
	same(path("a#b#C#"),
	     "unknown wildcard #C#: there are #ID# #ID_WASP# #ID_SECRET# #FRAME_TYPE# "
	     "#FRAME_NUMBER# #SENSOR# #VALUE# #TIMESTAMP# #TS(\"c\")# #MESHLIUM# "
	     "#UID#",
	     "an upper-case word between # is a wildcard in a path too");
	same(path("/d/#TS('Y/m ..')#"), "/d/2026%2F11%20..",
	     "a format stays in one component");
	same(path("a#b"), "a#b", "any other # stays in a path");
	frame.received_ms = -5;
	same(path("%Y"), "1970", "a time before 1970 is 1970");
	frame.received_ms = INT64_MAX;
	same(path("%Y"), "9999", "one behind all years is the last");
	frame.received_ms = INT64_C(1795344030123);
	same(topic("%Y"), "%Y", "a topic has no patterns");
}

static void a_line_has_no_line_end(void)
{
	snprintf(frame.node, sizeof frame.node, "a\r\nX-Evil: 1/+#");
	same(render(TEMPLATE_TEXT, "node #ID_WASP# #"), "node a__X-Evil: 1/+# #",
	     "CR and LF become _, all else stays");
}

static void a_url_keeps_its_shape(void)
{
	const char *url = "https://h/in/#ID_WASP#?n=#ID_WASP#";

	snprintf(frame.node, sizeof frame.node, "..");
	same(render(TEMPLATE_URL, url), "https://h/in/_.?n=_.",
	     "no node climbs in a URL, whatever its server decodes");
	snprintf(frame.node, sizeof frame.node, "a/b?c#d&e f\"");
	same(render(TEMPLATE_URL, "h/#ID_WASP#"), "h/a%2Fb%3Fc%23d%26e%20f%22",
	     "what a URL is made of is encoded");
}

/* A message that is no JSON. */
static void a_line_of_text_is_sent_as_it_is(void)
{
	char longest[5000];

	setenv("TZ", "CET-1", 1);
	tzset();
	values.sensor = "STR";
	values.value = "a|b\t\"c\"\n\xC3\xA4";
	same(line("#SENSOR#|#VALUE#|#TIMESTAMP#"),
	     "STR|a|b_\"c\"_\xC3\xA4|2026-11-22 11:40:30",
	     "Meshlium's own default, and no line end in a value");
	same(line("#VALUE#\t100% + # $"), "a|b_\"c\"_\xC3\xA4\t100% + # $",
	     "a tab of the template stays, and so does all else");
	same(line("#TS(\"\\T\\S(\\\")\\#Y\")#"), "TS(\")#2026",
	     "a format may hold what nearly ends it");
	values.value = "";
	same(line("v=#VALUE#;"), "v=;", "an empty value is empty");
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	values.value = longest;
	ok(strlen(line("#VALUE##VALUE#")) == 2 * (sizeof longest - 1),
	   "a long value arrives whole");
	values.sensor = values.value = NULL;
}

static void it_is_known_what_a_template_is_for(void)
{
	struct frame_option url_option = {.name = "url", .flags = FRAME_OPTION_IS_URL};
	struct frame_option path_option = {.name = "path", .flags = FRAME_OPTION_IS_PATH};
	struct frame_option topic_option = {.name = "topic"};
	struct frame_option message_option = {.name = "message"};
	struct frame_option other = {.name = "client_id"};
	struct template *t;

	ok(template_use_of(&path_option) == TEMPLATE_PATH, "an IS_PATH is a path");
	ok(template_use_of(&url_option) == TEMPLATE_URL, "an IS_URL is a URL");
	ok(template_use_of(&topic_option) == TEMPLATE_TOPIC, "topic is a topic");
	ok(template_use_of(&message_option) == TEMPLATE_MESSAGE, "message is a payload");
	ok(template_use_of(&other) == TEMPLATE_TEXT, "others are a line");
	ok(template_compile(&t, "a/#SENSOR#", TEMPLATE_TOPIC, &why) &&
	           template_is_per_reading(t),
	   "#SENSOR# stands for one reading");
	template_free(t);
	ok(template_compile(&t, "a/#ID#", TEMPLATE_TOPIC, &why) &&
	           !template_is_per_reading(t),
	   "#ID# does not");
	template_free(t);
}

int main(void)
{
	setenv("TZ", "CET-1", 1);
	every_wildcard_has_its_value();
	a_mistake_is_explained();
	a_node_cannot_leave_its_level_of_a_topic();
	a_value_is_cut_between_characters();
	a_topic_cannot_become_too_long();
	a_node_is_one_component_of_a_path();
	time_patterns_are_those_of_utc();
	a_line_has_no_line_end();
	a_url_keeps_its_shape();
	a_line_of_text_is_sent_as_it_is();
	it_is_known_what_a_template_is_for();
	buf_free(&out);
	return done();
}
