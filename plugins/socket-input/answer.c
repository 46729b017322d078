/* SPDX-License-Identifier: MIT */
/* Answers: `ok ID` or `error REASON`. */
#include "answer.h"

#include <string.h>

static size_t write_ok(char *line, uint64_t id)
{
	char digits[24];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + id % 10);
	while ((id /= 10) != 0);
	memcpy(line, "ok ", 3);
	memcpy(line + 3, digits + at, sizeof digits - at);
	return 3 + sizeof digits - at;
}

static size_t write_error(char *line, const char *kind, const char *text)
{
	size_t len = 0;

	while (*kind != '\0')
		line[len++] = *kind++;
	/* A control character in what a node sent would begin a second answer. */
	for (; len < ANSWER_MAX - 1 && *text != '\0'; text++)
		line[len++] = (unsigned char)*text < ' ' ? ' ' : *text;
	return len;
}

size_t answer_write(char line[ANSWER_MAX], enum frame_answer answer, uint64_t id,
                    const char *text)
{
	const char *reason = text == NULL ? "refused" : text;
	size_t len = 0;

	switch (answer) {
	case FRAME_ANSWER_STORED:
		len = write_ok(line, id);
		break;
	case FRAME_ANSWER_KEPT:
		len = write_error(line, "error quarantined: ", reason);
		break;
	case FRAME_ANSWER_REFUSED:
		len = write_error(line, "error ", reason);
		break;
	case FRAME_ANSWER_LATER:
		len = write_error(line, "error later: ", reason);
		break;
	}
	line[len++] = '\n';
	return len;
}
