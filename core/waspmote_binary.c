/* SPDX-License-Identifier: MIT */
/* Binary frames: what their bytes say, once it is known how they are laid out. */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "waspmote_layout.h"
#include "waspmote_private.h"

static uint32_t read_uint32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static float read_float(const uint8_t *at)
{
	uint32_t bits = read_uint32(at);
	float number;

	memcpy(&number, &bits, sizeof number);
	return number;
}

/* Adds one value; returns its bytes. */
static size_t add_value(struct json_readings *readings, uint8_t type, const uint8_t *at)
{
	switch ((enum sensor_type)type) {
	case SENSOR_UINT8:
		json_reading_integer(readings, at[0]);
		return 1;
	case SENSOR_INT8:
		json_reading_integer(readings, (int8_t)at[0]);
		return 1;
	case SENSOR_UINT16:
		json_reading_integer(readings, (uint16_t)(at[0] | at[1] << 8));
		return 2;
	case SENSOR_INT16:
		json_reading_integer(readings, (int16_t)(at[0] | at[1] << 8));
		return 2;
	case SENSOR_UINT32:
		json_reading_integer(readings, read_uint32(at));
		return 4;
	case SENSOR_INT32:
		json_reading_integer(readings, (int32_t)read_uint32(at));
		return 4;
	case SENSOR_FLOAT:
		json_reading_float(readings, read_float(at));
		return 4;
	case SENSOR_STRING:
		break;
	}
	json_reading_string(readings, (const char *)at + 1, at[0]);
	return 1 + (size_t)at[0];
}

static bool add_fields(struct frame *out, const struct binary *b, const struct parts *p,
                       struct reason *why)
{
	struct json_readings readings;

	json_readings_begin(&readings, &out->readings);
	for (size_t at = p->fields; at < p->known_end;) {
		const struct sensor *sensor =
			sensors_get(b->sensors, p->guess.table, b->at[at], p->guess.age);

		json_reading_begin(&readings, sensor->tag, strlen(sensor->tag),
		                   sensor->fields > 1);
		at++;
		for (unsigned i = 0; i < sensor->fields; i++)
			at += add_value(&readings, sensor->types[i], b->at + at);
		json_reading_end(&readings);
	}
	if (!json_readings_end(&readings))
		return fail(why, "more than %d readings", JSON_READINGS_MAX);
	buf_add(&out->undecoded, b->at + p->known_end, p->end - p->known_end);
	return true;
}

/* sprintf would take longer here than all the rest of a frame. */
static void write_hex(char *out, const uint8_t *at, size_t len)
{
	static const char digit[] = "0123456789ABCDEF";

	for (size_t i = 0; i < len; i++) {
		*out++ = digit[at[i] >> 4];
		*out++ = digit[at[i] & 15];
	}
	*out = '\0';
}

static void set_serial(char out[FRAME_SERIAL_MAX + 1], const struct binary *b,
                       const struct parts *p)
{
	const uint8_t *at = b->at + p->serial;
	uint32_t number = read_uint32(at);

	if (p->guess.layout == G3) {
		write_hex(out, at, p->serial_len);
		return;
	}
	if (p->guess.layout == G0) {
		memcpy(out, at, p->serial_len);
		out[p->serial_len] = '\0';
		return;
	}
	/* Libraries before v026 wrote the lowest byte first, later ones the highest. */
	if (p->guess.layout == G2 &&
	    (layout_is_likely_serial(at[0]) || !layout_is_likely_serial(at[3])))
		number = __builtin_bswap32(number);
	snprintf(out, FRAME_SERIAL_MAX + 1, "%u", number);
}

static void warn_about(const struct binary *b, const struct parts *p, struct reason *why)
{
	if (p->is_foreign)
		waspmote_warn(why, "type %u, but only the %s table fits", b->type,
		              sensors_table_name(p->guess.table));
	if (p->fit == FIT_TAIL)
		waspmote_warn(why,
		              "sensor id %u is not in the %s table: %zu bytes are left "
		              "undecoded",
		              b->at[p->known_end], sensors_table_name(p->guess.table),
		              p->end - p->known_end);
	if (p->fit == FIT_LOOSE)
		waspmote_warn(why, "the count byte says %u, %zu bytes follow it",
		              b->count, b->len - WASPMOTE_HEAD_LEN);
	if (!layout_is_padding(b->at + p->end, b->len - p->end))
		waspmote_warn(why, "%zu bytes behind the frame are left out",
		              b->len - p->end);
}

/* Types whose inside is no readings; NULL: others. */
static const char *opaque_type(unsigned type)
{
	if (type >= 94 && type <= 99)
		return "encrypted";
	if (type >= 100 && type <= 103)
		return "encrypted for the cloud, or part of a file";
	if (type == 104 || (type >= 120 && type <= 127))
		return "part of a file or of a program";
	return NULL;
}

static bool fail_to_fit(const struct binary *b, struct reason *why)
{
	size_t at;

	if (b->type > 8)
		return fail(why, "no known layout fits a frame of type %u", b->type);
	switch (layout_diagnose(b, &at)) {
	case LAYOUT_CUT_SHORT:
		return fail(why, "cut short: the count byte says %u, %zu bytes follow it",
		            b->count, b->len - WASPMOTE_HEAD_LEN);
	case LAYOUT_NO_HEADER:
		return fail(why, "no node name that ends with # behind the serial");
	case LAYOUT_OVERRUN:
		return fail(why, "sensor id %u at byte %zu goes beyond the frame's end",
		            b->at[at], at);
	case LAYOUT_UNKNOWN:
		break;
	}
	return fail(why, "no known layout fits");
}

bool waspmote_decode_binary(struct frame *out, const uint8_t *bytes, size_t len,
                            const struct sensors *sensors, struct reason *why)
{
	struct binary b;
	struct parts p;

	layout_begin(&b, bytes, len, sensors);
	if (opaque_type(b.type) != NULL)
		return fail(why, "%s (type %u): the router cannot read it",
		            opaque_type(b.type), b.type);
	p = layout_find(&b);
	if (p.fit == FIT_NONE)
		return fail_to_fit(&b, why);
	out->type = (int)b.type;
	out->sequence = bytes[p.fields - 1];
	set_serial(out->serial, &b, &p);
	frame_set_text(out->node, sizeof out->node, bytes + p.node, p.node_len);
	warn_about(&b, &p, why);
	return add_fields(out, &b, &p, why);
}
