/* SPDX-License-Identifier: MIT */
/*
 * ASCII frames: `<=>` type count `#serial#node#sequence#TAG:VALUE#TAG:V1;V2#`.  The same
 * for all boards and versions of the library.
 */
#include <string.h>

#include "json.h"
#include "show.h"
#include "utf8.h"
#include "waspmote_private.h"

#define TIME_REQUEST (WASPMOTE_ASCII | 27)

/* A run of bytes of the frame. */
struct part {
	const uint8_t *at;
	size_t len;
};

struct ascii {
	const uint8_t *at;
	const uint8_t *end;
	const struct sensors *sensors;
	enum sensor_table table;
	unsigned fields;
	bool is_unended;     /* the last field has no # */
	bool is_behind_time; /* the field before was a time with a negative zone */
	struct json_readings readings;
};

/* What stands before the next `#`, which is taken too; false: there is no `#`, all is
 * taken. */
static bool take_part(struct ascii *a, struct part *part)
{
	size_t left = (size_t)(a->end - a->at);
	const uint8_t *hash = memchr(a->at, '#', left);

	part->at = a->at;
	part->len = hash == NULL ? left : (size_t)(hash - a->at);
	a->at += hash == NULL ? left : part->len + 1;
	return hash != NULL;
}

static bool read_sequence(const struct part *part, int *sequence)
{
	*sequence = 0;
	if (part->len < 1 || part->len > 3)
		return false;
	for (size_t i = 0; i < part->len; i++) {
		if (part->at[i] < '0' || part->at[i] > '9')
			return false;
		*sequence = *sequence * 10 + (part->at[i] - '0');
	}
	return *sequence <= 255;
}

/* `#serial#node#sequence#` */
static bool read_header(struct frame *out, struct ascii *a, struct reason *why)
{
	char shown[SHOW_SIZE];
	struct part serial, node, sequence;

	if (a->at == a->end || *a->at++ != '#')
		return fail(why, "no # behind the count byte");
	if (!take_part(a, &serial) || !take_part(a, &node))
		return fail(why, "the frame ends within its header");
	if (!frame_set_text(out->serial, sizeof out->serial, serial.at, serial.len))
		return fail(why, "the serial has more than %d bytes", FRAME_SERIAL_MAX);
	if (!frame_set_text(out->node, sizeof out->node, node.at, node.len))
		return fail(why, "the node's name has more than %d bytes",
		            FRAME_NODE_MAX);
	a->is_unended = !take_part(a, &sequence);
	if (!read_sequence(&sequence, &out->sequence))
		return fail(why, "the sequence \"%s\" is no number from 0 to 255",
		            show_bytes(shown, sequence.at, sequence.len));
	return true;
}

static enum sensor_table table_of(const struct frame *f)
{
	switch (f->type & ~WASPMOTE_ASCII) {
	case 6:
		return SENSORS_V15;
	case 7:
		return SENSORS_AGR;
	case 8:
		return SENSORS_WTR;
	default:
		return strlen(f->serial) == 16 ? SENSORS_V15 : SENSORS_V12;
	}
}

static bool is_tag_byte(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/*
 * The library leaves a stray byte before the tag that follows a time with a negative
 * zone: NUL, or any left from the frame before.
 */
static void drop_stray_bytes(const struct ascii *a, struct part *field)
{
	const uint8_t *colon;
	size_t tag;

	while (field->len > 0 && !is_tag_byte(*field->at) &&
	       (*field->at < 0x80 || utf8_length(field->at, field->len) == 0)) {
		field->at++;
		field->len--;
	}
	if (!a->is_behind_time)
		return;
	colon = memchr(field->at, ':', field->len);
	tag = colon == NULL ? 0 : (size_t)(colon - field->at);
	if (field->len == 1) /* a stray byte behind the last field */
		field->len = 0;
	else if (tag > 1 &&
	         !sensors_tag_is_known(a->sensors, (const char *)field->at, tag) &&
	         sensors_tag_is_known(a->sensors, (const char *)field->at + 1, tag - 1)) {
		field->at++;
		field->len--;
	}
}

static bool is_tag(const struct part *tag, const char *name)
{
	return tag->len == strlen(name) && memcmp(tag->at, name, tag->len) == 0;
}

static void add_values(struct ascii *a, const struct part *value)
{
	const char *at = (const char *)value->at;
	size_t left = value->len;

	for (;;) {
		const char *semicolon = memchr(at, ';', left);
		size_t len = semicolon == NULL ? left : (size_t)(semicolon - at);

		json_reading_number(&a->readings, at, len);
		if (semicolon == NULL)
			break;
		at += len + 1;
		left -= len + 1;
	}
}

/* 12-24-16-5: the fourth part is the zone, the minus its own. */
static bool has_negative_zone(const struct part *time)
{
	unsigned minuses = 0;

	for (size_t i = 0; i < time->len; i++)
		minuses += time->at[i] == '-';
	return minuses == 3;
}

static void add_reading(struct ascii *a, const struct part *tag, const struct part *value)
{
	const char *name = (const char *)tag->at;
	bool is_time = is_tag(tag, "TIME");
	bool is_text = is_time || is_tag(tag, "DATE") ||
	               sensors_tag_is_string(a->sensors, a->table, name, tag->len);
	bool is_list = !is_text && memchr(value->at, ';', value->len) != NULL;

	json_reading_begin(&a->readings, name, tag->len, is_list);
	if (is_text)
		json_reading_string(&a->readings, (const char *)value->at, value->len);
	else
		add_values(a, value);
	json_reading_end(&a->readings);
	a->is_behind_time = is_time && has_negative_zone(value);
}

static bool read_field(struct ascii *a, struct part *field, struct reason *why)
{
	char shown[SHOW_SIZE];
	const uint8_t *colon;
	struct part tag, value;

	drop_stray_bytes(a, field);
	if (field->len == 0)
		return true;
	colon = memchr(field->at, ':', field->len);
	if (colon == NULL || colon == field->at)
		return fail(why, "field %u, \"%s\", has no %s", a->fields + 1,
		            show_bytes(shown, field->at, field->len),
		            colon == NULL ? "value" : "name");
	tag = (struct part){field->at, (size_t)(colon - field->at)};
	value = (struct part){colon + 1, field->len - tag.len - 1};
	a->fields++;
	add_reading(a, &tag, &value);
	return true;
}

static bool read_fields(struct ascii *a, struct reason *why)
{
	struct part field;

	while (a->at < a->end) {
		bool is_ended = take_part(a, &field);

		while (!is_ended && field.len > 0 &&
		       memchr("\r\n", field.at[field.len - 1], 3) != NULL)
			field.len--; /* a line's end or padding */
		a->is_unended = !is_ended && field.len > 0;
		if (!read_field(a, &field, why))
			return false;
	}
	return true;
}

static void check_count(const struct frame *f, const struct ascii *a, unsigned count,
                        struct reason *why)
{
	bool is_none = a->fields == 0 && count == NO_FIELDS;

	if (a->is_unended)
		waspmote_warn(why, "the last # is missing");
	if (count != a->fields && !is_none && f->type != TIME_REQUEST)
		waspmote_warn(why, "the count byte says %u fields, there are %u", count,
		              a->fields);
}

bool waspmote_decode_ascii(struct frame *out, const uint8_t *bytes, size_t len,
                           const struct sensors *sensors, struct reason *why)
{
	struct ascii a;

	a.at = bytes + WASPMOTE_HEAD_LEN;
	a.end = bytes + len;
	a.sensors = sensors;
	a.fields = 0;
	a.is_behind_time = false;
	out->type = bytes[WASPMOTE_START_LEN];
	if (!read_header(out, &a, why))
		return false;
	a.table = table_of(out);
	json_readings_begin(&a.readings, &out->readings);
	if (!read_fields(&a, why))
		return false;
	if (!json_readings_end(&a.readings))
		return fail(why, "more than %d readings", JSON_READINGS_MAX);
	check_count(out, &a, bytes[WASPMOTE_HEAD_LEN - 1], why);
	return true;
}
