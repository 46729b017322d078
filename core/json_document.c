/* SPDX-License-Identifier: MIT */
/* A frame as a JSON document: its keys and their order. */
#include <string.h>

#include "clock.h"
#include "json.h"

#define STORE_ID_MAX 16

/* A key with all that stands around it. */
#define KEY(name) "\"" name "\":"

static void add_key(struct buf *out, const char *key)
{
	if (out->data[out->len - 1] != '{')
		buf_char(out, ',');
	buf_text(out, key);
}

static void add_text(struct buf *out, const char *key, const char *text)
{
	add_key(out, key);
	json_add_string(out, text, strlen(text));
}

static void add_number(struct buf *out, const char *key, int64_t number)
{
	add_key(out, key);
	buf_number(out, number);
}

static void add_time(struct buf *out, const char *key, int64_t wall_ms)
{
	char iso[CLOCK_ISO_SIZE];

	clock_iso(wall_ms, iso);
	add_text(out, key, iso);
}

static void add_identity(struct buf *out, const struct frame *f,
                         const struct json_origin *origin, const struct json_part *part)
{
	char uid[JSON_UID_SIZE];

	if (part == NULL)
		json_uid(uid, origin->store_id, f->id);
	add_text(out, KEY("uid"), part == NULL ? uid : part->uid);
	add_number(out, KEY("id"), (int64_t)f->id);
	add_text(out, KEY("router"), origin->router);
}

static void add_sender(struct buf *out, const struct frame *f)
{
	char own[FRAME_TYPE_NAME_MAX + 1];

	if (f->node[0] != '\0')
		add_text(out, KEY("node"), f->node);
	if (f->serial[0] != '\0')
		add_text(out, KEY("serial"), f->serial);
	if (f->sequence != FRAME_NONE)
		add_number(out, KEY("sequence"), f->sequence);
	if (f->type != FRAME_NONE)
		add_text(out, KEY("type"), frame_type_name(f->type, own));
}

static void add_circumstances(struct buf *out, const struct frame *f,
                              const struct json_origin *origin)
{
	if (f->measured_ms != FRAME_NONE)
		add_time(out, KEY("measured"), f->measured_ms);
	if (origin != NULL && !f->clock_ok)
		add_text(out, KEY("clock"), "unset");
	if (f->duplicate) {
		add_key(out, KEY("duplicate"));
		buf_text(out, "true");
	}
	if (f->undecoded.len > 0) {
		add_key(out, KEY("undecoded"));
		buf_char(out, '"');
		buf_hex(out, (const uint8_t *)f->undecoded.data, f->undecoded.len);
		buf_char(out, '"');
	}
}

static void add_readings(struct buf *out, const struct frame *f,
                         const struct json_part *part)
{
	add_key(out, KEY("readings"));
	if (part != NULL) {
		buf_char(out, '{');
		json_add_string(out, part->tag, strlen(part->tag));
		buf_char(out, ':');
		buf_add(out, part->value, part->value_len);
		buf_char(out, '}');
	} else if (f->readings.len > 0) {
		buf_add(out, f->readings.data, f->readings.len);
	} else {
		buf_text(out, "{}");
	}
}

static void add_document(struct buf *out, const struct frame *f,
                         const struct json_origin *origin, const struct json_part *part)
{
	buf_char(out, '{');
	if (out->failed)
		return;
	if (origin != NULL)
		add_identity(out, f, origin, part);
	add_sender(out, f);
	if (origin != NULL)
		add_time(out, KEY("received"), f->received_ms);
	add_circumstances(out, f, origin);
	if (origin != NULL)
		add_text(out, KEY("source"), f->source);
	add_readings(out, f, part);
	buf_char(out, '}');
}

void json_add_document(struct buf *out, const struct frame *f,
                       const struct json_origin *origin)
{
	add_document(out, f, origin, NULL);
}

void json_add_part(struct buf *out, const struct frame *f,
                   const struct json_origin *origin, const struct json_part *part)
{
	add_document(out, f, origin, part);
}

void json_uid(char out[JSON_UID_SIZE], const char *store_id, uint64_t id)
{
	size_t len = strnlen(store_id, STORE_ID_MAX);
	char digits[20]; /* of 2^64 - 1 */
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + id % 10);
	while ((id /= 10) != 0);
	memcpy(out, store_id, len);
	out[len] = '-';
	memcpy(out + len + 1, digits + at, sizeof digits - at);
	out[len + 1 + sizeof digits - at] = '\0';
}
