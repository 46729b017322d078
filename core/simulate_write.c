/* SPDX-License-Identifier: MIT */
/* Simulated frames as bytes: binary of v15 boards, ASCII, and JSON. */
#include "simulate_write.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "waspmote.h"

#define SERIAL_SIZE 8

/* By enum field_kind; ids of the v15 table. */
static const struct kind {
	const char *tag;
	uint8_t id;
	char code;    /* u: uint8, i: int16, f: float32, s: string */
	int decimals; /* of f */
} kinds[] = {
	{"BAT", 52, 'u', 0},  {"TC", 74, 'f', 2},  {"HUM", 76, 'f', 1},
	{"PRES", 77, 'f', 2}, {"GPS", 53, 'f', 6}, {"ACC", 63, 'i', 0},
	{"STR", 65, 's', 0},
};

static float as_float(const struct kind *kind, int32_t value)
{
	double divisor = 1;

	for (int i = 0; i < kind->decimals; i++)
		divisor *= 10;
	return (float)(value / divisor);
}

static void add_little_endian(struct buf *out, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_char(out, (char)(value >> 8 * i));
}

static void add_binary_value(struct buf *out, const struct field *field, int32_t value)
{
	float number;
	uint32_t bits;

	switch (kinds[field->kind].code) {
	case 'u':
		add_little_endian(out, (uint32_t)value, 1);
		break;
	case 'i':
		add_little_endian(out, (uint32_t)value, 2);
		break;
	case 'f':
		number = as_float(&kinds[field->kind], value);
		memcpy(&bits, &number, sizeof bits);
		add_little_endian(out, bits, 4);
		break;
	default:
		buf_char(out, (char)strlen(field->text));
		buf_text(out, field->text);
	}
}

void sending_add_binary(struct buf *out, const struct sending *f)
{
	size_t count_at;

	buf_text(out, WASPMOTE_START);
	buf_char(out, (char)f->type);
	count_at = out->len;
	buf_char(out, 0);
	buf_add(out, f->serial, SERIAL_SIZE);
	buf_text(out, f->name);
	buf_char(out, '#');
	buf_char(out, (char)f->sequence);
	for (unsigned i = 0; i < f->count; i++) {
		buf_char(out, (char)kinds[f->fields[i].kind].id);
		for (unsigned v = 0; v < f->fields[i].count; v++)
			add_binary_value(out, &f->fields[i], f->fields[i].values[v]);
	}
	if (!out->failed)
		out->data[count_at] = (char)(out->len - count_at - 1);
}

/* A whole number of the last decimal with its point. */
static void add_decimal(struct buf *out, int32_t value, int decimals)
{
	int32_t divisor = 1;

	for (int i = 0; i < decimals; i++)
		divisor *= 10;
	if (value < 0)
		buf_char(out, '-');
	buf_number(out, abs(value) / divisor);
	if (decimals > 0)
		buf_format(out, ".%0*d", decimals, abs(value) % divisor);
}

static void add_ascii_values(struct buf *out, const struct field *field)
{
	if (field->text != NULL) {
		buf_text(out, field->text);
		return;
	}
	for (unsigned v = 0; v < field->count; v++) {
		if (v > 0)
			buf_char(out, ';');
		add_decimal(out, field->values[v], kinds[field->kind].decimals);
	}
}

void sending_add_ascii(struct buf *out, const struct sending *f)
{
	buf_text(out, WASPMOTE_START);
	buf_char(out, (char)(WASPMOTE_ASCII | f->type));
	buf_char(out, (char)f->count);
	buf_char(out, '#');
	buf_hex(out, f->serial, SERIAL_SIZE);
	buf_format(out, "#%s#%u#", f->name, f->sequence);
	for (unsigned i = 0; i < f->count; i++) {
		const struct field *field = &f->fields[i];

		buf_format(out, "%s:", kinds[field->kind].tag);
		add_ascii_values(out, field);
		buf_char(out, '#');
	}
}

static void add_json_value(struct json_readings *readings, const struct field *field,
                           int32_t value)
{
	switch (kinds[field->kind].code) {
	case 's':
		json_reading_string(readings, field->text, strlen(field->text));
		break;
	case 'f':
		json_reading_float(readings, as_float(&kinds[field->kind], value));
		break;
	default:
		json_reading_integer(readings, value);
	}
}

void sending_add_json(struct buf *out, const struct sending *f)
{
	struct json_readings readings;
	struct buf serial = {0};
	struct frame frame = {0};

	frame_clear(&frame);
	buf_hex(&serial, f->serial, SERIAL_SIZE);
	frame_set_text(frame.serial, sizeof frame.serial,
	               (const uint8_t *)buf_string(&serial), serial.len);
	frame_set_text(frame.node, sizeof frame.node, (const uint8_t *)f->name,
	               strlen(f->name));
	frame.sequence = f->sequence;
	frame.type = f->type;
	json_readings_begin(&readings, &frame.readings);
	for (unsigned i = 0; i < f->count; i++) {
		const struct field *field = &f->fields[i];
		const char *tag = kinds[field->kind].tag;

		json_reading_begin(&readings, tag, strlen(tag), field->count > 1);
		for (unsigned v = 0; v < field->count; v++)
			add_json_value(&readings, field, field->values[v]);
		json_reading_end(&readings);
	}
	out->failed = !json_readings_end(&readings) || serial.failed || out->failed;
	json_add_document(out, &frame, NULL);
	buf_free(&serial);
	frame_free(&frame);
}
