/* SPDX-License-Identifier: MIT */
/* For tests of decoding: the standard sensor tables, and frames as JSON text. */
#ifndef TESTS_UNIT_DECODING_H
#define TESTS_UNIT_DECODING_H

#include <stdlib.h>

#include "intake.h"
#include "json.h"
#include "tap.h"

static struct sensors *decoding_sensors;
static struct frame decoding_frame;
static struct reason decoding_why; /* of the last line */
static struct buf decoding_text;

/* False: not ok() has been printed. */
__attribute__((unused)) static bool decoding_begin(void)
{
	const char *top = getenv("top_srcdir");
	char folder[4096];

	snprintf(folder, sizeof folder, "%s/core/sensors", top == NULL ? "." : top);
	if (sensors_load(&decoding_sensors, folder, NULL, &decoding_why))
		return true;
	return ok(false, "the standard sensor tables are read: %s", decoding_why.text);
}

__attribute__((unused)) static void decoding_end(void)
{
	sensors_free(decoding_sensors);
	frame_free(&decoding_frame);
	buf_free(&decoding_text);
}

/* What a line becomes: its document, "kept: reason" or "refused: reason"; a line for each
 * of its frames, whose last is decoding_frame.  Borrowed. */
__attribute__((unused)) static const char *decoded_line(const void *line, size_t len)
{
	static struct intake in;
	enum intake_result result;

	buf_clear(&decoding_text);
	intake_begin(&in, line, len);
	do {
		if (in.pieces > 0)
			buf_char(&decoding_text, '\n');
		result = intake_next(&in, &decoding_frame, decoding_sensors,
		                     &decoding_why);
		if (result == INTAKE_FRAME)
			json_add_document(&decoding_text, &decoding_frame, NULL);
		else
			buf_format(&decoding_text, "%s: %s",
			           result == INTAKE_QUARANTINE ? "kept" : "refused",
			           decoding_why.text);
	} while (in.left > 0);
	return buf_string(&decoding_text);
}

__attribute__((unused)) static const char *decoded(const char *line)
{
	return decoded_line(line, strlen(line));
}

/* The readings alone of what a line becomes. */
__attribute__((unused)) static const char *readings_of(const char *line)
{
	const char *text = decoded(line);

	return strncmp(text, "{", 1) == 0 ? buf_string(&decoding_frame.readings) : text;
}

#endif
