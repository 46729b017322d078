/* SPDX-License-Identifier: MIT */
/* Bytes that grow.  Knows nothing of what they mean. */
#ifndef PLUGINS_HTTP_TEXT_H
#define PLUGINS_HTTP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is empty.  `data` ends with a NUL that `len` does not count; it is NULL as
 * long as nothing was added. */
struct text {
	char *data;
	size_t len, size;
	bool failed; /* out of memory: what came later is missing */
};

void text_free(struct text *t);
void text_clear(struct text *t);
void text_add(struct text *t, const char *bytes, size_t len);
void text_add_string(struct text *t, const char *string);

/* Adds `string`; every byte but letters, digits and `-._~` becomes %XX. */
void text_add_encoded(struct text *t, const char *string);

/*
 * Adds the first line of `bytes` that shows something, at most `most` bytes of it:
 * control characters and what is no UTF-8 become `?`.  Of an HTML page it is the title.
 */
void text_add_first_line(struct text *t, const char *bytes, size_t len, size_t most);

/*
 * Replaces a secret by `***` wherever it stands in the line, its beginning too where the
 * line was cut off, also as JSON escapes it.  Nothing is done for one of less than four
 * bytes, which would only be told by what is missing; NULL is fine.
 */
void text_hide(char *line, const char *secret);

#endif
