/* SPDX-License-Identifier: MIT */
/* Quotation marks around a value. */
#include "quote.h"

#include <stdio.h>
#include <string.h>

#include "utf8.h"

/* As languages and word processors pair them. */
static const struct {
	const char *begin, *end;
} marks[] = {
	{"\"", "\""}, {"'", "'"}, {"`", "`"}, {"“", "”"}, {"‘", "’"}, {"„", "“"},
	{"‚", "‘"},   {"„", "”"}, {"”", "”"}, {"’", "’"}, {"«", "»"}, {"»", "«"},
};

bool quote_is_around(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t begin = strlen(marks[i].begin), end = strlen(marks[i].end);

		if (len < begin + end || strncmp(text, marks[i].begin, begin) != 0 ||
		    strcmp(text + len - end, marks[i].end) != 0)
			continue;
		/* "a","b" is text with marks, not text in marks */
		if (strstr(text + begin, marks[i].end) == text + len - end)
			return true;
	}
	return false;
}

const char *quote_show(char out[QUOTE_SIZE], const char *text)
{
	const char *mark = quote_is_around(text) ? "" : "\"";

	snprintf(out, QUOTE_SIZE, "%s%.*s%s", mark, (int)utf8_cut(text, QUOTE_MAX), text,
	         mark);
	return out;
}
