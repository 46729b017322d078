/* SPDX-License-Identifier: MIT */
/*
 * Any text as a document and as readings: what is taken is strict JSON, and read again is
 * the same; json-c takes all that we take.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sound.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool see(void *context, const char *tag, const char *value)
{
	(void)context;
	assert(tag != NULL && value[0] != '\0');
	return true;
}

static void take_readings(const char *text, size_t size)
{
	struct buf clean = {0}, again = {0};
	struct reason why;

	if (json_clean_readings(&clean, text, size, &why)) {
		assert(is_strict_json(buf_string(&clean), clean.len));
		assert(json_clean_readings(&again, buf_string(&clean), clean.len, &why));
		assert(strcmp(buf_string(&clean), buf_string(&again)) == 0);
		assert(json_each_reading(buf_string(&clean), see, NULL));
	}
	buf_free(&clean);
	buf_free(&again);
}

static void take_string(const char *text, size_t size)
{
	struct buf out = {0};

	buf_text(&out, "{\"readings\":{\"T\":");
	json_add_string(&out, text, size);
	buf_text(&out, "}}");
	assert(is_strict_json(buf_string(&out), out.len));
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct frame frame = {0};
	struct reason why;

	frame_clear(&frame);
	if (json_parse_frame(&frame, text, size, &why))
		assert(is_sound(&frame));
	frame_free(&frame);
	take_readings(text, size);
	take_string(text, size);
	return 0;
}
