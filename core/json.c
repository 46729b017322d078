/* SPDX-License-Identifier: MIT */
/*
 * Reads JSON that others wrote.  The scanner checks it and keeps the text of readings,
 * numbers to the digit; json-c says what the scanner's single values and strings mean.
 */
#include "json.h"

#include <json-c/json.h>
#include <string.h>

#include "isotime.h"
#include "json_scan.h"
#include "show.h"

/* Text of JSON values, and what json-c makes of it. */
struct values {
	struct json_tokener *tokener; /* made when the first is needed */
	struct buf text;
	struct json_object *value; /* of the last call */
};

static void values_free(struct values *v)
{
	json_object_put(v->value);
	if (v->tokener != NULL)
		json_tokener_free(v->tokener);
	buf_free(&v->text);
}

/* What v->text means; it has been scanned.  False: out of memory.  A null is NULL. */
static bool values_parse(struct values *v, struct reason *why)
{
	json_object_put(v->value);
	v->value = NULL;
	if (v->tokener == NULL)
		v->tokener = json_tokener_new_ex(JSON_DEPTH_MAX);
	if (v->tokener == NULL || v->text.failed)
		return fail(why, "out of memory");
	json_tokener_reset(v->tokener);
	v->value = json_tokener_parse_ex(v->tokener, buf_string(&v->text), -1);
	if (json_tokener_get_error(v->tokener) != json_tokener_success)
		return fail(why, "JSON: %s",
		            json_tokener_error_desc(json_tokener_get_error(v->tokener)));
	return true;
}

/* A key or tag without its escapes; borrowed until the next call. */
static bool values_unescape(struct values *v, const struct json_raw *raw,
                            const char **text, size_t *len, struct reason *why)
{
	*text = raw->text;
	*len = raw->len;
	if (!raw->has_escapes)
		return true;
	buf_clear(&v->text);
	buf_char(&v->text, '"');
	buf_add(&v->text, raw->text, raw->len);
	buf_char(&v->text, '"');
	if (!values_parse(v, why))
		return false;
	*text = json_object_get_string(v->value);
	*len = (size_t)json_object_get_string_len(v->value);
	return true;
}

/* --- readings ------------------------------------------------------------------------
 */

struct cleaning {
	struct json_readings readings;
	struct values values;
};

static bool clean_reading(void *context, struct json_scan *s, const struct json_raw *key)
{
	struct cleaning *c = context;
	const char *tag;
	size_t len;

	if (!values_unescape(&c->values, key, &tag, &len, s->why))
		return false;
	json_reading_begin(&c->readings, tag, len, false);
	if (!json_scan_value(s, c->readings.out))
		return false;
	json_reading_end(&c->readings);
	return true;
}

static bool clean_readings(struct buf *out, struct json_scan *s)
{
	struct cleaning c;
	bool is_fine;

	c.values = (struct values){0};
	json_readings_begin(&c.readings, out);
	is_fine = json_scan_object(s, clean_reading, &c);
	values_free(&c.values);
	if (!is_fine)
		return false;
	if (!json_readings_end(&c.readings))
		return fail(s->why,
		            out->failed ? "out of memory" : "more than %d readings",
		            JSON_READINGS_MAX);
	return true;
}

bool json_clean_readings(struct buf *out, const char *text, size_t len,
                         struct reason *why)
{
	struct json_scan s;

	json_scan_begin(&s, text, len, why);
	return clean_readings(out, &s) && json_scan_end(&s);
}

/* --- a document ----------------------------------------------------------------------
 */

struct document {
	struct frame *frame;
	struct values values;
	unsigned seen;           /* a bit for each member of the table */
	char unknown[SHOW_SIZE]; /* the first member that the table has not */
};

/* Text, or a number as it is written: serials and node names may look like one. */
static bool set_text(struct document *d, char *out, size_t size, const char *key,
                     struct reason *why)
{
	const char *text = buf_string(&d->values.text);
	size_t len = d->values.text.len;

	switch (json_object_get_type(d->values.value)) {
	case json_type_string:
		text = json_object_get_string(d->values.value);
		len = (size_t)json_object_get_string_len(d->values.value);
		break;
	case json_type_int:
	case json_type_double:
		break;
	default:
		return fail(why, "%s is neither text nor a number", key);
	}
	if (!frame_set_text(out, size, (const uint8_t *)text, len))
		return fail(why, "%s has more than %zu bytes", key, size - 1);
	return true;
}

static bool set_node(struct document *d, struct reason *why)
{
	return set_text(d, d->frame->node, sizeof d->frame->node, "node", why);
}

static bool set_serial(struct document *d, struct reason *why)
{
	return set_text(d, d->frame->serial, sizeof d->frame->serial, "serial", why);
}

/* A whole number from 0 to 255. */
static bool get_byte(struct document *d, int *byte)
{
	int64_t number = json_object_get_int64(d->values.value);

	if (json_object_get_type(d->values.value) != json_type_int || number < 0 ||
	    number > 255)
		return false;
	*byte = (int)number;
	return true;
}

static bool set_sequence(struct document *d, struct reason *why)
{
	return get_byte(d, &d->frame->sequence) ||
	       fail(why, "sequence is no whole number from 0 to 255");
}

static bool set_type(struct document *d, struct reason *why)
{
	if (get_byte(d, &d->frame->type))
		return true;
	if (json_object_get_type(d->values.value) == json_type_string)
		d->frame->type =
			frame_type_number(json_object_get_string(d->values.value));
	if (d->frame->type == FRAME_NONE)
		return fail(why,
		            "type is neither a name like \"information\" nor 0 to 255");
	return true;
}

static bool set_measured(struct document *d, struct reason *why)
{
	if (json_object_get_type(d->values.value) != json_type_string ||
	    !isotime_parse(json_object_get_string(d->values.value),
	                   &d->frame->measured_ms))
		return fail(why, "measured is no time like \"2026-11-22T10:40:00.123Z\"");
	return true;
}

static bool set_duplicate(struct document *d, struct reason *why)
{
	if (json_object_get_type(d->values.value) != json_type_boolean)
		return fail(why, "duplicate is neither true nor false");
	d->frame->duplicate = json_object_get_boolean(d->values.value);
	return true;
}

static bool set_undecoded(struct document *d, struct reason *why)
{
	uint8_t bytes[FRAME_TEXT_MAX / 2];
	const char *digits = json_object_get_string(d->values.value);
	size_t len = (size_t)json_object_get_string_len(d->values.value);
	long decoded = -1;

	if (json_object_get_type(d->values.value) == json_type_string &&
	    len <= FRAME_TEXT_MAX)
		decoded = hex_decode(bytes, digits, len);
	if (decoded < 0)
		return fail(why, "undecoded is no hexadecimal text");
	buf_clear(&d->frame->undecoded);
	buf_add(&d->frame->undecoded, bytes, (size_t)decoded);
	return true;
}

/* In the order of the document; without `set`: left alone, the router says it anew. */
static const struct member {
	const char *key;
	bool (*set)(struct document *d, struct reason *why);
} members[] = {
	{"readings", NULL}, /* first: it is scanned, not parsed */
	{"uid", NULL},
	{"id", NULL},
	{"router", NULL},
	{"node", set_node},
	{"serial", set_serial},
	{"sequence", set_sequence},
	{"type", set_type},
	{"received", NULL},
	{"measured", set_measured},
	{"clock", NULL},
	{"duplicate", set_duplicate},
	{"undecoded", set_undecoded},
	{"source", NULL},
};

#define MEMBERS ((int)(sizeof members / sizeof members[0]))

static int find_member(const char *key, size_t len)
{
	for (int i = 0; i < MEMBERS; i++)
		if (strncmp(members[i].key, key, len) == 0 && members[i].key[len] == '\0')
			return i;
	return -1;
}

static bool take_member(void *context, struct json_scan *s, const struct json_raw *key)
{
	struct document *d = context;
	const char *text;
	size_t len;
	int number;

	if (!values_unescape(&d->values, key, &text, &len, s->why))
		return false;
	number = find_member(text, len);
	if (number < 0) {
		if (d->unknown[0] == '\0')
			show_bytes(d->unknown, text, len);
		return json_scan_value(s, NULL);
	}
	if ((d->seen >> number & 1) != 0)
		return fail(s->why, "%s stands twice", members[number].key);
	d->seen |= 1U << number;
	if (number == 0)
		return clean_readings(&d->frame->readings, s);
	if (members[number].set == NULL)
		return json_scan_value(s, NULL);
	buf_clear(&d->values.text);
	if (!json_scan_value(s, &d->values.text) || !values_parse(&d->values, s->why))
		return false;
	return d->values.value == NULL || members[number].set(d, s->why);
}

bool json_parse_frame(struct frame *out, const char *text, size_t len, struct reason *why)
{
	struct document d = {.frame = out};
	struct json_scan s;
	bool is_fine;

	json_scan_begin(&s, text, len, why);
	is_fine = json_scan_object(&s, take_member, &d) && json_scan_end(&s);
	values_free(&d.values);
	if (!is_fine)
		return false;
	if ((d.seen & 1) == 0)
		return fail(why, "JSON without readings");
	if (why != NULL && d.unknown[0] != '\0')
		fail(why, "\"%s\" is no member of a frame and was left out", d.unknown);
	return true;
}

/* --- reading by reading --------------------------------------------------------------
 */

struct listing {
	bool (*each)(void *context, const char *tag, const char *value);
	void *context;
	struct values values;
	struct buf tag;
	struct buf value;
	bool is_stopped;
};

static bool list_reading(void *context, struct json_scan *s, const struct json_raw *key)
{
	struct listing *l = context;
	const char *tag;
	size_t len;

	if (!values_unescape(&l->values, key, &tag, &len, s->why))
		return false;
	buf_clear(&l->tag);
	buf_add(&l->tag, tag, len);
	buf_clear(&l->value);
	if (!json_scan_value(s, &l->value) || l->tag.failed || l->value.failed)
		return false;
	l->is_stopped = !l->each(l->context, l->tag.data, l->value.data);
	return !l->is_stopped;
}

bool json_each_reading(const char *readings,
                       bool (*each)(void *context, const char *tag, const char *value),
                       void *context)
{
	struct listing l = {.each = each, .context = context};
	struct json_scan s;
	bool is_fine;

	json_scan_begin(&s, readings, strlen(readings), NULL);
	is_fine = json_scan_object(&s, list_reading, &l) && json_scan_end(&s);
	values_free(&l.values);
	buf_free(&l.tag);
	buf_free(&l.value);
	return is_fine || l.is_stopped;
}
