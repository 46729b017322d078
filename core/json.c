/* SPDX-License-Identifier: MIT */
/*
 * Reads JSON that others wrote.  The scanner checks it and keeps the text of readings,
 * numbers to the digit; json-c reads the other members, and strings with escapes.
 */
#include "json.h"

#include <json-c/json.h>
#include <string.h>

#include "isotime.h"
#include "json_scan.h"
#include "show.h"

/* A key without its escapes. */
struct plain {
	const char *text; /* borrowed from the document, or in `own` */
	size_t len;
	struct buf own;
};

static struct json_object *parse(const struct buf *text, struct reason *why)
{
	enum json_tokener_error error;
	struct json_object *value;

	if (text->failed) {
		fail(why, "out of memory");
		return NULL;
	}
	value = json_tokener_parse_verbose(buf_string(text), &error);
	if (value == NULL)
		fail(why, "JSON: %s", json_tokener_error_desc(error));
	return value;
}

static bool set_plain(struct plain *plain, const struct json_raw *raw, struct reason *why)
{
	struct json_object *string;

	plain->text = raw->text;
	plain->len = raw->len;
	if (!raw->has_escapes)
		return true;
	buf_clear(&plain->own);
	buf_char(&plain->own, '"');
	buf_add(&plain->own, raw->text, raw->len);
	buf_char(&plain->own, '"');
	string = parse(&plain->own, why);
	if (string == NULL)
		return false;
	buf_clear(&plain->own);
	buf_add(&plain->own, json_object_get_string(string),
	        (size_t)json_object_get_string_len(string));
	json_object_put(string);
	plain->text = buf_string(&plain->own);
	plain->len = plain->own.len;
	return !plain->own.failed || fail(why, "out of memory");
}

/* --- readings ---------------------------------------------------------------- */

struct cleaning {
	struct json_readings readings;
	struct plain tag;
};

static bool clean_reading(void *context, struct json_scan *s, const struct json_raw *key)
{
	struct cleaning *c = context;

	if (!set_plain(&c->tag, key, s->why))
		return false;
	json_reading_begin(&c->readings, c->tag.text, c->tag.len, false);
	if (!json_scan_value(s, c->readings.out))
		return false;
	json_reading_end(&c->readings);
	return true;
}

static bool clean_readings(struct buf *out, struct json_scan *s)
{
	struct cleaning c;
	bool is_fine;

	c.tag.own = (struct buf){0};
	json_readings_begin(&c.readings, out);
	is_fine = json_scan_object(s, clean_reading, &c);
	buf_free(&c.tag.own);
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

/* --- a document -------------------------------------------------------------- */

struct document {
	struct frame *frame;
	struct buf head; /* an object of the members that json-c reads */
	struct plain key;
	unsigned seen;           /* a bit for each known member */
	char unknown[SHOW_SIZE]; /* the first that is none; "": all are */
};

/* Text, or a number: serials and node names may look like one. */
static bool set_text(char *out, size_t size, struct json_object *value,
                     struct reason *why)
{
	int64_t number = json_object_get_int64(value);
	bool is_number = json_object_is_type(value, json_type_int) &&
	                 number != INT64_MIN && number != INT64_MAX;

	if (!is_number && !json_object_is_type(value, json_type_string))
		return fail(why, "is no text");
	if (!frame_set_text(out, size, (const uint8_t *)json_object_get_string(value),
	                    is_number ? strlen(json_object_get_string(value))
	                              : (size_t)json_object_get_string_len(value)))
		return fail(why, "has more than %zu bytes", size - 1);
	return true;
}

static bool set_node(struct frame *f, struct json_object *value, struct reason *why)
{
	return set_text(f->node, sizeof f->node, value, why);
}

static bool set_serial(struct frame *f, struct json_object *value, struct reason *why)
{
	return set_text(f->serial, sizeof f->serial, value, why);
}

/* A whole number from 0 to 255. */
static bool get_byte(struct json_object *value, int *byte)
{
	int64_t number = json_object_get_int64(value);

	if (!json_object_is_type(value, json_type_int) || number < 0 || number > 255)
		return false;
	*byte = (int)number;
	return true;
}

static bool set_sequence(struct frame *f, struct json_object *value, struct reason *why)
{
	return get_byte(value, &f->sequence) ||
	       fail(why, "is no whole number from 0 to 255");
}

static bool set_type(struct frame *f, struct json_object *value, struct reason *why)
{
	if (get_byte(value, &f->type))
		return true;
	if (json_object_is_type(value, json_type_string))
		f->type = frame_type_number(json_object_get_string(value));
	return f->type != FRAME_NONE ||
	       fail(why, "is neither a name like \"information\" nor 0 to 255");
}

static bool set_measured(struct frame *f, struct json_object *value, struct reason *why)
{
	return (json_object_is_type(value, json_type_string) &&
	        isotime_parse(json_object_get_string(value), &f->measured_ms)) ||
	       fail(why, "is no time like \"2026-11-22T10:40:00.123Z\"");
}

static bool set_duplicate(struct frame *f, struct json_object *value, struct reason *why)
{
	f->duplicate = json_object_get_boolean(value);
	return json_object_is_type(value, json_type_boolean) ||
	       fail(why, "is neither true nor false");
}

static bool set_undecoded(struct frame *f, struct json_object *value, struct reason *why)
{
	uint8_t bytes[FRAME_TEXT_MAX / 2];
	size_t len = (size_t)json_object_get_string_len(value);
	long decoded = -1;

	if (json_object_is_type(value, json_type_string) && len <= FRAME_TEXT_MAX)
		decoded = hex_decode(bytes, json_object_get_string(value), len);
	if (decoded < 0)
		return fail(why, "is no hexadecimal text");
	buf_add(&f->undecoded, bytes, (size_t)decoded);
	return true;
}

/* `set` NULL: left alone, the router says it anew.  Its reason lacks the key. */
static const struct member {
	const char *key;
	bool (*set)(struct frame *f, struct json_object *value, struct reason *why);
} members[] = {
	{"readings", NULL}, /* first: it is scanned */
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

#define READINGS 0
#define MEMBERS  ((int)(sizeof members / sizeof members[0]))

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
	int number;

	if (!set_plain(&d->key, key, s->why))
		return false;
	number = find_member(d->key.text, d->key.len);
	if (number < 0) {
		if (d->unknown[0] == '\0')
			show_bytes(d->unknown, d->key.text, d->key.len);
		return json_scan_value(s, NULL);
	}
	if ((d->seen >> number & 1) != 0)
		return fail(s->why, "%s stands twice", members[number].key);
	d->seen |= 1U << number;
	if (number == READINGS)
		return clean_readings(&d->frame->readings, s);
	if (members[number].set == NULL)
		return json_scan_value(s, NULL);
	buf_char(&d->head, d->head.len == 0 ? '{' : ',');
	json_add_string(&d->head, members[number].key, strlen(members[number].key));
	buf_char(&d->head, ':');
	return json_scan_value(s, &d->head);
}

static bool set_members(struct document *d, struct reason *why)
{
	struct json_object *head;
	bool is_fine = true;

	if (d->head.len == 0)
		return true;
	buf_char(&d->head, '}');
	head = parse(&d->head, why);
	if (head == NULL)
		return false;
	for (int i = 0; i < MEMBERS && is_fine; i++) {
		struct json_object *value;

		/* null is as if the member were not there. */
		if (members[i].set == NULL ||
		    !json_object_object_get_ex(head, members[i].key, &value) ||
		    value == NULL)
			continue;
		is_fine = members[i].set(d->frame, value, why) ||
		          fail_context(why, "%s", members[i].key);
	}
	json_object_put(head);
	return is_fine;
}

bool json_parse_frame(struct frame *out, const char *text, size_t len, struct reason *why)
{
	struct document d = {.frame = out};
	struct json_scan s;
	bool is_fine;

	json_scan_begin(&s, text, len, why);
	is_fine = json_scan_object(&s, take_member, &d) && json_scan_end(&s) &&
	          set_members(&d, why);
	buf_free(&d.key.own);
	buf_free(&d.head);
	if (!is_fine)
		return false;
	if ((d.seen >> READINGS & 1) == 0)
		return fail(why, "JSON without readings");
	if (d.unknown[0] != '\0')
		fail(why, "\"%s\" is no member of a frame and was left out", d.unknown);
	return true;
}

/* --- reading by reading ------------------------------------------------------ */

struct listing {
	bool (*each)(void *context, const char *tag, const char *value);
	void *context;
	struct plain plain;
	struct buf tag;
	struct buf value;
	bool is_stopped;
};

static bool list_reading(void *context, struct json_scan *s, const struct json_raw *key)
{
	struct listing *l = context;

	if (!set_plain(&l->plain, key, s->why))
		return false;
	buf_clear(&l->tag);
	buf_add(&l->tag, l->plain.text, l->plain.len);
	buf_clear(&l->value);
	if (!json_scan_value(s, &l->value) || l->tag.failed || l->value.failed)
		return false;
	l->is_stopped = !l->each(l->context, buf_string(&l->tag), buf_string(&l->value));
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
	buf_free(&l.plain.own);
	buf_free(&l.tag);
	buf_free(&l.value);
	return is_fine || l.is_stopped;
}
