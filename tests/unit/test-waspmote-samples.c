/* SPDX-License-Identifier: MIT */
/*
 * Frames with known values, from public material and from the vendor's own library
 * (tests/data/frames): every one must decode to them.
 */
#include "intake.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <unistd.h>

#include "json.h"
#include "tap.h"

static struct sensors *standard;
static char folder[4096];

static const char *text_of(struct json_object *o, const char *key)
{
	struct json_object *member = json_object_object_get(o, key);

	return member == NULL ? "" : json_object_get_string(member);
}

/* --- one value --------------------------------------------------------------- */

/* What an ASCII frame's text must become. */
static bool is_ascii_value(const char *got, const char *sent)
{
	struct json_object *string;
	size_t len = strlen(sent);
	bool is_same;

	if (len > 0 && sent[len - 1] == '.')
		len--;
	if (json_is_number(sent, len))
		return strlen(got) == len && memcmp(got, sent, len) == 0;
	string = json_tokener_parse(got);
	is_same = json_object_is_type(string, json_type_string) &&
	          strcmp(json_object_get_string(string), sent) == 0;
	json_object_put(string);
	return is_same;
}

static bool is_binary_value(const char *got, struct json_object *want)
{
	const char *text = json_object_get_string(want);

	if (json_object_is_type(want, json_type_int))
		return strcmp(got, text) == 0;
	if (json_object_is_type(want, json_type_double))
		return strtof(got, NULL) == strtof(text, NULL) &&
		       strlen(got) <= strlen(text);
	if (strcmp(text, "NaN") == 0 || strstr(text, "Infinity") != NULL)
		return strcmp(got, "null") == 0;
	return is_ascii_value(got, text);
}

static bool is_value(const char *got, struct json_object *want, bool is_ascii)
{
	return is_ascii ? is_ascii_value(got, json_object_get_string(want))
	                : is_binary_value(got, want);
}

/* --- all readings of a frame ------------------------------------------------- */

struct comparison {
	struct json_object *fields; /* wanted: [{tag, values}] */
	size_t at;
	bool is_ascii;
	bool is_fine;
};

/* The name that the n-th field must have: its tag, numbered if it came before. */
static void name_of(char out[64], struct json_object *fields, size_t n)
{
	const char *tag = text_of(json_object_array_get_idx(fields, n), "tag");
	int before = 0;

	for (size_t i = 0; i < n; i++)
		before += strcmp(text_of(json_object_array_get_idx(fields, i), "tag"),
		                 tag) == 0;
	snprintf(out, 64, before == 0 ? "%s" : "%s_%d", tag, before + 1);
}

static bool is_list_of(const char *got, struct json_object *values, bool is_ascii)
{
	struct json_object *list = json_tokener_parse(got);
	size_t count = json_object_array_length(values);
	bool is_fine = json_object_is_type(list, json_type_array) &&
	               json_object_array_length(list) == count;

	for (size_t i = 0; is_fine && i < count; i++)
		is_fine = is_value(
			json_object_to_json_string_ext(json_object_array_get_idx(list, i),
		                                       JSON_C_TO_STRING_NOSLASHESCAPE),
			json_object_array_get_idx(values, i), is_ascii);
	json_object_put(list);
	return is_fine;
}

static bool compare_reading(void *context, const char *tag, const char *value)
{
	struct comparison *c = context;
	struct json_object *field, *values;
	char name[64];

	c->is_fine = false;
	if (c->at >= json_object_array_length(c->fields))
		return false;
	name_of(name, c->fields, c->at);
	field = json_object_array_get_idx(c->fields, c->at++);
	values = json_object_object_get(field, "values");
	c->is_fine = strcmp(tag, name) == 0;
	if (json_object_array_length(values) == 1)
		c->is_fine = c->is_fine &&
		             is_value(value, json_object_array_get_idx(values, 0),
		                      c->is_ascii);
	else
		c->is_fine = c->is_fine && is_list_of(value, values, c->is_ascii);
	return c->is_fine;
}

static bool is_decoded(const struct frame *f, struct json_object *want)
{
	struct comparison c = {json_object_object_get(want, "fields"), 0,
	                       (f->type & 0x80) != 0, true};

	return f->type == atoi(text_of(want, "type")) &&
	       f->sequence == atoi(text_of(want, "seq")) &&
	       strcmp(f->node, text_of(want, "id")) == 0 &&
	       strcmp(f->serial, text_of(want, "serial")) == 0 &&
	       json_each_reading(buf_string(&f->readings), compare_reading, &c) &&
	       c.is_fine && c.at == json_object_array_length(c.fields);
}

/* --- one sample
 * ------------------------------------------------------------------------- */

/* The sample's own sensors, as an operator would add them. */
static struct sensors *own_sensors(struct json_object *sample)
{
	struct json_object *custom = json_object_object_get(sample, "custom_sensors");
	char path[] = "/tmp/frame-router-test-XXXXXX/v15-own.csv";
	const char *extra[] = {path, NULL};
	struct sensors *own = NULL;
	struct reason why;
	FILE *file;

	if (custom == NULL)
		return NULL;
	*strrchr(path, '/') = '\0';
	if (mkdtemp(path) == NULL)
		return NULL;
	path[strlen(path)] = '/';
	file = fopen(path, "w");
	fprintf(file, "id,tag,fields,types\n");
	json_object_object_foreach(custom, id, sensor)
		fprintf(file, "%s,%s,%s,%s\n", id, text_of(sensor, "tag"),
	                text_of(sensor, "fields"), text_of(sensor, "type"));
	fclose(file);
	ok(sensors_load(&own, folder, extra, &why), "an operator's own sensors are read");
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
	return own;
}

/* Decodes the sample's hex. */
static enum intake_result take(struct json_object *sample, struct frame *f,
                               struct reason *why)
{
	const char *hex = text_of(sample, "hex");
	struct sensors *own = own_sensors(sample);
	static struct intake line;
	enum intake_result result;

	intake_begin(&line, (const uint8_t *)hex, strlen(hex));
	result = intake_next(&line, f, own == NULL ? standard : own, why);
	/* a sample is one frame */
	if (line.left > 0)
		result = INTAKE_REFUSED;

	sensors_free(own);
	return result;
}

static bool must_decode(struct json_object *sample)
{
	struct json_object *want = json_object_object_get(sample, "decoded");
	struct frame f = {0};
	struct reason why;
	bool is_fine = take(sample, &f, &why) == INTAKE_FRAME && is_decoded(&f, want);

	if (!is_fine)
		printf("# %s: %s %d \"%s\" %d %s\n", why.text, f.serial, f.type, f.node,
		       f.sequence, buf_string(&f.readings));
	frame_free(&f);
	return is_fine;
}

static void all_samples_decode(const char *path, const char *text)
{
	unsigned right = 0, all = 0;
	char *line = NULL;
	size_t size = 0;
	FILE *file = fopen(path, "r");

	while (file != NULL && getline(&line, &size, file) > 0) {
		struct json_object *sample = json_tokener_parse(line);

		all++;
		if (must_decode(sample))
			right++;
		else
			printf("# %s line %u: %s\n", path, all, text_of(sample, "hex"));
		json_object_put(sample);
	}
	ok(all > 0 && right == all, "%s: %u of %u frames", text, right, all);
	free(line);
	if (file != NULL)
		fclose(file);
}

/* --- cases, each with what is expected --------------------------------------- */

static bool must_be_kept(struct json_object *sample, const char *reason)
{
	struct frame f = {0};
	struct reason why;
	bool is_fine = take(sample, &f, &why) == INTAKE_QUARANTINE &&
	               strstr(why.text, reason) != NULL &&
	               f.raw.len == strlen(text_of(sample, "hex")) / 2;

	if (!is_fine)
		printf("# %s\n", why.text);
	frame_free(&f);
	return is_fine;
}

static bool must_be_warned(struct json_object *sample, const char *document)
{
	struct frame f = {0};
	struct reason why;
	struct buf got = {0};
	bool is_fine = take(sample, &f, &why) == INTAKE_FRAME && why.text[0] != '\0';

	json_add_document(&got, &f, NULL);
	is_fine = is_fine && strcmp(buf_string(&got), document) == 0;
	if (!is_fine)
		printf("# %s: %s\n", why.text, buf_string(&got));
	buf_free(&got);
	frame_free(&f);
	return is_fine;
}

static bool is_next_frame(struct json_object *frames, size_t n, const uint8_t *frame,
                          size_t len)
{
	struct json_object *want = json_object_array_get_idx(frames, n);
	struct buf got = {0};
	bool is_same;

	buf_hex(&got, frame, len);
	is_same = want != NULL &&
	          strcmp(buf_string(&got), json_object_get_string(want)) == 0;
	buf_free(&got);
	return is_same;
}

static bool must_hold_frames(struct json_object *sample)
{
	struct json_object *frames = json_object_object_get(sample, "frames");
	uint8_t bytes[4096];
	const char *hex = text_of(sample, "hex");
	long left = hex_decode(bytes, hex, strlen(hex));
	const uint8_t *at = bytes;
	size_t found = 0, garbage = 0;

	while (left > 0) {
		const uint8_t *frame;
		size_t len;
		size_t used =
			intake_stream(at, (size_t)left, true, &frame, &len, &garbage);

		at += used;
		left -= (long)used;
		if (len > 0 && !is_next_frame(frames, found++, frame, len))
			return false;
	}
	return found == json_object_array_length(frames) && garbage == 0;
}

static bool is_case_right(struct json_object *sample)
{
	const char *name = text_of(sample, "name");
	const char *expect = text_of(sample, "expect");
	const char *kind = text_of(sample, "kind");

	if (strcmp(kind, "xbee") == 0)
		return true; /* a serial packet, not a line of input */
	if (strcmp(kind, "stream") == 0)
		return must_hold_frames(sample);
	if (strcmp(kind, "encrypted") == 0)
		return must_be_kept(sample, "encrypted") &&
		       must_be_kept(sample, "(type ");
	if (strcmp(name, "neg_unknown_sensor_id") == 0)
		return must_be_warned(
			sample,
			"{\"node\":\"n\",\"serial\":\"3B2F6F057C1054E6\",\"sequence\":1,"
			"\"type\":\"information\",\"undecoded\":\"F90102\","
			"\"readings\":{\"BAT\":80}}");
	if (strcmp(name, "neg_ascii_no_final_hash") == 0)
		return must_be_warned(
			sample,
			"{\"node\":\"n\",\"serial\":\"3B2F6F057C1054E6\",\"sequence\":1,"
			"\"type\":\"information\",\"readings\":{\"BAT\":71}}");
	if (strncmp(expect, "reject", 6) == 0)
		return must_be_kept(sample, "");
	return strncmp(expect, "ok", 2) == 0 && must_decode(sample);
}

static void every_case_does_what_is_expected(const char *path)
{
	char *line = NULL;
	size_t size = 0;
	FILE *file = fopen(path, "r");

	while (file != NULL && getline(&line, &size, file) > 0) {
		struct json_object *sample = json_tokener_parse(line);

		ok(is_case_right(sample), "%s: %s", text_of(sample, "name"),
		   text_of(sample, "expect"));
		json_object_put(sample);
	}
	free(line);
	if (file != NULL)
		fclose(file);
}

int main(void)
{
	const char *top = getenv("top_srcdir");
	char path[4200];
	struct reason why;

	top = top == NULL ? "." : top;
	snprintf(folder, sizeof folder, "%s/core/sensors", top);
	if (!ok(sensors_load(&standard, folder, NULL, &why),
	        "the standard tables are read"))
		return done();
	snprintf(path, sizeof path, "%s/tests/data/frames/vendor.jsonl", top);
	all_samples_decode(
		path, "what the vendor's library makes decodes to what it was given");
	snprintf(path, sizeof path, "%s/tests/data/frames/real.jsonl", top);
	all_samples_decode(path, "what real nodes sent decodes to what they measured");
	snprintf(path, sizeof path, "%s/tests/data/frames/cases.jsonl", top);
	every_case_does_what_is_expected(path);
	sensors_free(standard);
	return done();
}
