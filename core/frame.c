/* SPDX-License-Identifier: MIT */
/* A frame in memory.  Knows the names of frame types; nothing of how a frame is coded. */
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

static const struct type_name {
	int number;
	const char *name;
} type_names[] = {
	{6, "information"}, /* first: the number that the name stands for */
	{0, "information"}, {7, "information"}, /* Smart Agriculture Xtreme */
	{8, "information"},                     /* Smart Water Xtreme */
	{1, "timeout"},     {2, "event"},       {3, "alarm"},
	{4, "keep-alive"},  {5, "low-battery"}, {27, "time-request"},
};

#define TYPE_NAMES (sizeof type_names / sizeof type_names[0])

void frame_clear(struct frame *f)
{
	f->id = 0;
	f->received_ms = 0;
	f->measured_ms = FRAME_NONE;
	f->clock_ok = false;
	f->duplicate = false;
	f->sequence = FRAME_NONE;
	f->type = FRAME_NONE;
	f->source[0] = '\0';
	f->node[0] = '\0';
	f->serial[0] = '\0';
	buf_clear(&f->readings);
	buf_clear(&f->undecoded);
	buf_clear(&f->raw);
}

void frame_free(struct frame *f)
{
	buf_free(&f->readings);
	buf_free(&f->undecoded);
	buf_free(&f->raw);
}

bool frame_failed(const struct frame *f)
{
	return f->readings.failed || f->undecoded.failed || f->raw.failed;
}

bool frame_set_text(char *out, size_t size, const uint8_t *bytes, size_t len)
{
	size_t used = 0;

	for (size_t i = 0; i < len;) {
		size_t step = bytes[i] == '\0' ? 0 : utf8_length(bytes + i, len - i);
		const void *from =
			step == 0 ? (const void *)FRAME_REPLACEMENT : bytes + i;
		size_t add = step == 0 ? strlen(FRAME_REPLACEMENT) : step;

		if (used + add >= size) {
			out[0] = '\0';
			return false;
		}
		memcpy(out + used, from, add);
		used += add;
		i += step == 0 ? 1 : step;
	}
	out[used] = '\0';
	return true;
}

const char *frame_type_name(int type, char out[FRAME_TYPE_NAME_MAX + 1])
{
	int number = type & 0x7F;

	for (size_t i = 0; i < TYPE_NAMES; i++)
		if (type_names[i].number == number)
			return type_names[i].name;
	snprintf(out, FRAME_TYPE_NAME_MAX + 1, "type-%d", number);
	return out;
}

int frame_type_number(const char *name)
{
	char own[FRAME_TYPE_NAME_MAX + 1];

	for (size_t i = 0; i < TYPE_NAMES; i++)
		if (strcmp(type_names[i].name, name) == 0)
			return type_names[i].number;
	for (int number = 0; number < 128; number++)
		if (strcmp(frame_type_name(number, own), name) == 0)
			return number;
	return FRAME_NONE;
}
