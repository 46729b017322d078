/* SPDX-License-Identifier: MIT */
/* senml: packs as RFC 8428 wants them. */
#include "senml.h"

#include <stdlib.h>

#include "tap.h"

static struct frame f;
static struct senml_units *units;
static struct buf out;

static const char *pack(const char *readings)
{
	buf_clear(&f.readings);
	buf_text(&f.readings, readings);
	buf_clear(&out);
	switch (senml_add(&out, &f, "gw-7", units, NULL)) {
	case SENML_MADE:
		return buf_string(&out);
	case SENML_EMPTY:
		return "none";
	default:
		return "unfit";
	}
}

static void begin(const char *node, int64_t received_ms)
{
	frame_clear(&f);
	f.received_ms = received_ms;
	f.measured_ms = FRAME_NONE;
	snprintf(f.node, sizeof f.node, "%s", node);
}

static void a_frame_is_a_pack(void)
{
	begin("SCP4", INT64_C(1795344000120));
	same(pack("{\"TC\":19.940,\"HUM\":45,\"STR\":\"a \\\"b\\\"\",\"ON\":true}"),
	     "[{\"bn\":\"gw-7/SCP4/"
	     "\",\"bt\":1795344000.12,\"n\":\"TC\",\"u\":\"Cel\",\"v\":"
	     "19.940},{\"n\":\"HUM\",\"u\":\"%RH\",\"v\":45},{\"n\":\"STR\",\"vs\":\"a "
	     "\\\"b\\\"\"},{\"n\":\"ON\",\"vb\":true}]",
	     "numbers with their digits, texts, and a truth");
	f.received_ms = INT64_C(1795344000000);
	f.measured_ms = INT64_C(1795343000007);
	ok(strstr(pack("{\"X\":1}"), "\"bt\":1795343000.007,") != NULL,
	   "the node's own time goes first");
	f.measured_ms = FRAME_NONE;
	ok(strstr(pack("{\"X\":1}"), "\"bt\":1795344000,") != NULL, "whole seconds");
	f.received_ms = 5000;
	same(pack("{\"X\":1}"), "[{\"bn\":\"gw-7/SCP4/\",\"n\":\"X\",\"v\":1}]",
	     "the time of a clock that was not set would mean seconds from now");
}

static void every_record_has_a_value(void)
{
	begin("SCP4", 0);
	same(pack("{\"ACC\":[996,null,-100],\"NAN\":null,\"GPS\":[41.1,2.5]}"),
	     "[{\"bn\":\"gw-7/SCP4/"
	     "\",\"n\":\"ACC.1\",\"v\":996},{\"n\":\"ACC.3\",\"v\":-100},"
	     "{\"n\":\"GPS.1\",\"u\":\"lat\",\"v\":41.1},{\"n\":\"GPS.2\",\"u\":\"lon\","
	     "\"v\":"
	     "2.5}]",
	     "a list is one record a value, and null is none");
	same(pack("{\"O\":{\"a\":[1,\"b\"]},\"L\":[[1,2],\"x\"]}"),
	     "[{\"bn\":\"gw-7/SCP4/"
	     "\",\"n\":\"O\",\"vs\":\"{\\\"a\\\":[1,\\\"b\\\"]}\"},{\"n\":"
	     "\"L.1\",\"vs\":\"[1,2]\"},{\"n\":\"L.2\",\"vs\":\"x\"}]",
	     "what is deeper is text");
	same(pack("{}"), "none", "nothing is no pack");
	same(pack("{\"X\":null,\"Y\":[],\"Z\":[null]}"), "none",
	     "nor is nothing but null");
	ok(out.len == 0, "and leaves nothing behind");
}

static void half_a_frame_is_no_pack(void)
{
	begin("SCP4", 0);
	same(pack("{\"A\":1,\"H\":\"\\ud800\",\"B\":2}"), "unfit",
	     "what cannot be taken apart is told, not cut off");
	same(pack("{\"H\":\"\\ud800\"}"), "unfit",
	     "nor taken for a frame without a record");
	ok(out.len == 0, "and leaves nothing behind");
}

static void names_hold_what_senml_allows(void)
{
	begin("a b/\xC3\xA4\"", 0);
	same(pack("{\"T C\":1,\"\":2}"),
	     "[{\"bn\":\"gw-7/a_b____/\",\"n\":\"T_C\",\"v\":1},{\"n\":\"_\",\"v\":2}]",
	     "all else becomes _");
	begin("", 0);
	same(pack("{\"X\":1}"), "[{\"bn\":\"gw-7/_/\",\"n\":\"X\",\"v\":1}]", "no name");
	snprintf(f.serial, sizeof f.serial, "5C2A");
	same(pack("{\"X\":1}"), "[{\"bn\":\"gw-7/5C2A/\",\"n\":\"X\",\"v\":1}]",
	     "a serial names a node, too");
	buf_clear(&out);
	senml_add(&out, &f, "_x", units, NULL);
	ok(strstr(buf_string(&out), "\"bn\":\"0_x/5C2A/\"") != NULL,
	   "a name begins with a letter or digit");
}

static const char *unit(const char *tag)
{
	const char *text = senml_unit(units, tag);

	return text == NULL ? "none" : text;
}

static void units_are_those_of_the_tables(void)
{
	same(unit("TC"), "Cel", "degrees");
	same(unit("TC_2"), "Cel", "also of the second sensor in a frame");
	same(unit("BAT"), "%EL", "a battery's percent");
	same(unit("LUX"), "lx", "light");
	same(unit("US"), "none", "a tag whose tables do not agree has none");
	same(unit("CO"), "none", "nor has one whose unit SenML does not know");
	same(unit("NOT_THERE"), "none", "nor one that is not there");
	same(unit("_2"), "none", "nor a number alone");
	ok(senml_unit(NULL, "TC") == NULL, "without tables nothing has");
}

int main(void)
{
	const char *source = getenv("top_srcdir");
	struct sensors *sensors = NULL;
	struct reason why = {""};
	char path[4096];

	snprintf(path, sizeof path, "%s/core/sensors", source == NULL ? "." : source);
	ok(sensors_load(&sensors, path, NULL, &why) &&
	           senml_units_make(&units, sensors, &why),
	   "the tables are read %s", why.text);
	sensors_free(sensors);
	a_frame_is_a_pack();
	every_record_has_a_value();
	half_a_frame_is_no_pack();
	names_hold_what_senml_allows();
	units_are_those_of_the_tables();
	senml_units_free(units);
	frame_free(&f);
	buf_free(&out);
	return done();
}
