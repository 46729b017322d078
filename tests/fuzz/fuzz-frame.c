/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a frame, a line and a stream: each is kept, refused, or a frame with a
 * sound document; a stream is always used up.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake.h"
#include "sound.h"

static struct sensors *sensors;
static struct frame frame;
static struct intake line;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *top = getenv("top_srcdir");
	char folder[4096];
	struct reason why;

	(void)argc;
	(void)argv;
	snprintf(folder, sizeof folder, "%s/core/sensors", top == NULL ? "." : top);
	if (!sensors_load(&sensors, folder, NULL, &why)) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	return 0;
}

static void check(enum intake_result result, const struct reason *why)
{
	if (result == INTAKE_FRAME)
		assert(is_sound(&frame));
	else
		assert(why->text[0] != '\0');
	for (const char *p = why->text; *p != '\0'; p++)
		assert(*p >= ' ' && *p < 0x7F);
}

static void take_stream(const uint8_t *data, size_t size)
{
	size_t garbage = 0;

	while (size > 0) {
		const uint8_t *found;
		struct reason why;
		size_t len;
		size_t used = intake_stream(data, size, true, &found, &len, &garbage);

		assert(used > 0 && used <= size && len <= used);
		assert(len == 0 || found + len == data + used);
		if (len > 0 &&
		    intake_raw(&frame, found, len, sensors, &why) != INTAKE_FRAME)
			used -= len - intake_resume(found, len);
		data += used;
		size -= used;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reason why;
	size_t len = intake_line_length(data, size);

	assert(len <= size);
	check(intake_raw(&frame, data, size, sensors, &why), &why);
	intake_begin(&line, data, size);
	do {
		size_t left = line.left;

		check(intake_next(&line, &frame, sensors, &why), &why);
		assert(line.left < left || left == 0);
	} while (line.left > 0);
	take_stream(data, size);
	return 0;
}
