/* SPDX-License-Identifier: MIT */
/*
 * Strings, numbers and the readings of a frame as JSON text, written directly: a tree
 * built by a library costs several times as much as the whole decoding of a frame.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "float32.h"
#include "json.h"
#include "json_scan.h"
#include "utf8.h"

static bool is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
}

/* One character that is not plain; returns how many bytes it had. */
static size_t add_special(struct buf *out, const char *bytes, size_t len)
{
	static const char short_escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	size_t step = utf8_length((const uint8_t *)bytes, len);

	if (step > 1) {
		buf_add(out, bytes, step);
		return step;
	}
	if (step == 0) {
		buf_text(out, FRAME_REPLACEMENT);
		return 1;
	}
	for (const char *escape = short_escapes; *escape != '\0'; escape += 2)
		if (*escape == *bytes) {
			buf_char(out, '\\');
			buf_char(out, escape[1]);
			return 1;
		}
	buf_format(out, "\\u%04x", (unsigned)(unsigned char)*bytes);
	return 1;
}

void json_add_escaped(struct buf *out, const char *bytes, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t run = at;

		while (run < len && is_plain((unsigned char)bytes[run]))
			run++;
		buf_add(out, bytes + at, run - at);
		if (run < len)
			run += add_special(out, bytes + run, len - run);
		at = run;
	}
}

void json_add_string(struct buf *out, const char *bytes, size_t len)
{
	buf_char(out, '"');
	json_add_escaped(out, bytes, len);
	buf_char(out, '"');
}

bool json_is_number(const char *text, size_t len)
{
	return len > 0 && json_scan_number(text, len) == len;
}

void json_readings_begin(struct json_readings *r, struct buf *out)
{
	r->out = out;
	r->count = 0;
	r->is_too_many = false;
	buf_clear(out);
	buf_char(out, '{');
}

bool json_readings_end(struct json_readings *r)
{
	buf_char(r->out, '}');
	return !r->is_too_many && !r->out->failed;
}

static struct json_tag *find_tag(struct json_readings *r, size_t at, size_t len)
{
	const char *text = r->out->data;

	for (unsigned i = 0; i < r->count; i++)
		if (r->tag[i].len == len &&
		    memcmp(text + r->tag[i].at, text + at, len) == 0)
			return &r->tag[i];
	return NULL;
}

/* Numbers the tag at the end of `out`, its quote behind it, if it came before. */
static void make_unique(struct json_readings *r, size_t at)
{
	size_t len = r->out->len - 1 - at;
	struct json_tag *same = find_tag(r, at, len);

	for (bool is_new = same == NULL; !is_new && !r->out->failed;) {
		r->out->len = at + len;
		buf_char(r->out, '_');
		buf_number(r->out, ++same->last);
		is_new = find_tag(r, at, r->out->len - at) == NULL;
		buf_char(r->out, '"');
	}
}

void json_reading_begin(struct json_readings *r, const char *tag, size_t len,
                        bool is_list)
{
	size_t at;

	r->is_list = is_list;
	r->values = 0;
	if (r->count == JSON_READINGS_MAX) {
		r->is_too_many = true;
		r->count = 0; /* what is written from here on is not used */
	}
	if (r->out->len > 1)
		buf_char(r->out, ',');
	at = r->out->len + 1;
	json_add_string(r->out, tag, len);
	if (r->out->failed)
		return;
	make_unique(r, at);
	r->tag[r->count++] =
		(struct json_tag){(uint32_t)at, (uint32_t)(r->out->len - 1 - at), 1};
	buf_char(r->out, ':');
	if (is_list)
		buf_char(r->out, '[');
}

void json_reading_end(struct json_readings *r)
{
	if (r->is_list)
		buf_char(r->out, ']');
}

static void begin_value(struct json_readings *r)
{
	assert(r->is_list || r->values == 0);
	if (r->values++ > 0)
		buf_char(r->out, ',');
}

void json_reading_number(struct json_readings *r, const char *text, size_t len)
{
	size_t digits = len > 0 && text[len - 1] == '.' ? len - 1 : len;

	if (!json_is_number(text, digits)) {
		json_reading_string(r, text, len);
		return;
	}
	begin_value(r);
	buf_add(r->out, text, digits);
}

void json_reading_integer(struct json_readings *r, int64_t number)
{
	begin_value(r);
	buf_number(r->out, number);
}

void json_reading_float(struct json_readings *r, float number)
{
	char text[FLOAT32_TEXT_SIZE];

	begin_value(r);
	if (isfinite(number))
		buf_add(r->out, text, float32_text(text, number));
	else
		buf_text(r->out, "null");
}

void json_reading_string(struct json_readings *r, const char *bytes, size_t len)
{
	begin_value(r);
	json_add_string(r->out, bytes, len);
}
