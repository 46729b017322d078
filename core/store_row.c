/* SPDX-License-Identifier: MIT */
/* Rows of table frame to frames and back.  Trusts no row: anybody may have written it. */

#include "store_row.h"

#include <string.h>

#include "clock.h"
#include "readings.h"

enum column {
	COLUMN_ID,
	COLUMN_RECEIVED,
	COLUMN_MEASURED,
	COLUMN_CLOCK_OK,
	COLUMN_SOURCE,
	COLUMN_NODE,
	COLUMN_SERIAL,
	COLUMN_SEQUENCE,
	COLUMN_TYPE,
	COLUMN_DUPLICATE,
	COLUMN_UNDECODED,
	COLUMN_READINGS,
};

static bool is_ascii(const char *text, size_t len)
{
	unsigned char all = 0;

	for (size_t i = 0; i < len; i++)
		all |= (unsigned char)text[i];
	return all < 0x80;
}

/* Cut where it does not fit, and at a NUL. */
static void read_text(struct db_statement *row, int at, char *out, size_t size)
{
	size_t len;
	const char *text = db_column_text(row, at, &len);

	out[0] = '\0';
	if (text == NULL)
		return;
	len = strnlen(text, len < size ? len : size - 1);
	if (is_ascii(text, len)) {
		memcpy(out, text, len);
		out[len] = '\0';
		return;
	}
	/* U+FFFD is longer than the byte it stands for */
	while (len > 0 && !frame_set_text(out, size, (const uint8_t *)text, len))
		len--;
}

static void read_bytes(struct db_statement *row, int at, struct buf *out)
{
	size_t len;
	const void *bytes = db_column_bytes(row, at, &len);

	buf_clear(out);
	if (bytes != NULL)
		buf_add(out, bytes, len < FRAME_TEXT_MAX ? len : FRAME_TEXT_MAX);
}

static int read_octet(struct db_statement *row, int at)
{
	int64_t number =
		db_column_is_null(row, at) ? FRAME_NONE : db_column_number(row, at);

	return number >= 0 && number <= 255 ? (int)number : FRAME_NONE;
}

bool store_row_set_readings(struct frame *out, const char *text, size_t len)
{
	enum readings_state state =
		len > FRAME_TEXT_MAX ? READINGS_BAD : readings_check(text, len);

	if (state == READINGS_BAD)
		return false;
	if (state == READINGS_MENDABLE) {
		readings_mend(&out->readings, text, len);
		return true;
	}
	buf_clear(&out->readings);
	buf_add(&out->readings, text, len);
	return true;
}

static bool read_readings(struct db_statement *row, struct frame *out)
{
	size_t len;
	const char *text = db_column_text(row, COLUMN_READINGS, &len);

	if (text != NULL && store_row_set_readings(out, text, len))
		return true;
	buf_clear(&out->readings);
	buf_text(&out->readings, "{}");
	buf_clear(&out->undecoded);
	if (text != NULL)
		buf_add(&out->undecoded, text,
		        len < FRAME_TEXT_MAX ? len : FRAME_TEXT_MAX);
	return false;
}

bool store_row_read(struct db_statement *row, struct frame *out)
{
	out->id = (uint64_t)db_column_number(row, COLUMN_ID);
	out->received_ms = db_column_number(row, COLUMN_RECEIVED);
	out->measured_ms = db_column_is_null(row, COLUMN_MEASURED)
	                           ? FRAME_NONE
	                           : db_column_number(row, COLUMN_MEASURED);
	out->clock_ok = db_column_number(row, COLUMN_CLOCK_OK) != 0 &&
	                clock_is_plausible(out->received_ms);
	read_text(row, COLUMN_SOURCE, out->source, sizeof out->source);
	read_text(row, COLUMN_NODE, out->node, sizeof out->node);
	read_text(row, COLUMN_SERIAL, out->serial, sizeof out->serial);
	out->sequence = read_octet(row, COLUMN_SEQUENCE);
	out->type = read_octet(row, COLUMN_TYPE);
	out->duplicate = db_column_number(row, COLUMN_DUPLICATE) != 0;
	read_bytes(row, COLUMN_UNDECODED, &out->undecoded);
	buf_clear(&out->raw);
	return read_readings(row, out);
}

static void bind_optional(struct db_statement *q, int at, int64_t number)
{
	if (number == FRAME_NONE)
		db_bind_null(q, at);
	else
		db_bind_number(q, at, number);
}

static void bind_buf(struct db_statement *q, int at, const struct buf *bytes)
{
	if (bytes->len == 0)
		db_bind_null(q, at);
	else
		db_bind_bytes(q, at, bytes->data, bytes->len);
}

void store_row_bind(struct db_statement *row, int first, const struct frame *f)
{
	db_bind_number(row, first, f->received_ms);
	bind_optional(row, first + 1, f->measured_ms);
	db_bind_number(row, first + 2, f->clock_ok);
	db_bind_text(row, first + 3, f->source);
	db_bind_text(row, first + 4, f->node[0] == '\0' ? NULL : f->node);
	db_bind_text(row, first + 5, f->serial[0] == '\0' ? NULL : f->serial);
	bind_optional(row, first + 6, f->sequence);
	bind_optional(row, first + 7, f->type);
	db_bind_number(row, first + 8, f->duplicate);
	bind_buf(row, first + 9, &f->undecoded);
	db_bind_text_len(row, first + 10, f->readings.data, f->readings.len);
	bind_buf(row, first + 11, &f->raw);
}

void store_row_read_raw(struct db_statement *row, struct frame *out)
{
	read_bytes(row, STORE_ROW_WIDTH, &out->raw);
}
