/* SPDX-License-Identifier: MIT */
/* Goes through the fields of a binary frame by a sensor table. */
#include "waspmote_fields.h"

#include "utf8.h"

/* Bytes of a sensor's values, one of them a string; 0: they go beyond the end. */
static size_t strings_len(const struct sensor *sensor, const uint8_t *at, size_t left)
{
	size_t len = 0;

	for (unsigned i = 0; i < sensor->fields; i++) {
		if (len >= left)
			return 0;
		if (sensor->types[i] == SENSOR_STRING)
			len += 1 + (size_t)at[len];
		else
			len += sensors_type_bytes((enum sensor_type)sensor->types[i]);
	}
	return len <= left ? len : 0;
}

static size_t values_len(const struct sensor *sensor, const uint8_t *at, size_t left)
{
	if (sensor->bytes == 0)
		return strings_len(sensor, at, left);
	return sensor->bytes <= left ? sensor->bytes : 0;
}

bool fields_is_text(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] < ' ' || bytes[i] == 0x7F)
			return false;
	return utf8_is_valid(bytes, len);
}

/* A float so small that it has lost digits: bytes that are none look like that. */
static bool is_denormal(const uint8_t *at)
{
	bool has_exponent = (at[3] & 0x7F) != 0 || (at[2] & 0x80) != 0;

	return !has_exponent && (at[0] | at[1] | at[2]) != 0;
}

static bool has_odd_value(const struct sensor *sensor, const uint8_t *at)
{
	for (unsigned i = 0; i < sensor->fields; i++) {
		if (sensor->types[i] == SENSOR_FLOAT && is_denormal(at))
			return true;
		if (sensor->types[i] == SENSOR_STRING && !fields_is_text(at + 1, at[0]))
			return true;
		at += sensor->types[i] == SENSOR_STRING
		              ? 1 + (size_t)at[0]
		              : sensors_type_bytes((enum sensor_type)sensor->types[i]);
	}
	return false;
}

struct walk fields_walk(const struct fields *f, size_t from, size_t end)
{
	struct walk w = {.end = WALK_EXACT, .at = from};

	while (w.at < end) {
		const struct sensor *sensor =
			sensors_get(f->sensors, f->table, f->frame[w.at], f->age);
		const uint8_t *values = f->frame + w.at + 1;
		size_t len;

		if (!sensor->is_known) {
			w.end = WALK_UNKNOWN;
			break;
		}
		len = values_len(sensor, values, end - w.at - 1);
		if (len == 0) {
			w.end = WALK_OVERRUN;
			break;
		}
		w.is_odd = w.is_odd || has_odd_value(sensor, values);
		w.count++;
		w.at += 1 + len;
	}
	return w;
}
