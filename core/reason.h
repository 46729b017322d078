/* SPDX-License-Identifier: MIT */
/* Why something failed, as one line for a person; filled where it happened. */
#ifndef CORE_REASON_H
#define CORE_REASON_H

#include <stdbool.h>

struct reason {
	char text[480]; /* one line, no full stop; "" when nothing is known */
};

/*
 * Writes the text and returns false, so that a function may end with
 * `return fail(why, ...)`.  `why` may be NULL.  A longer text is cut.
 */
bool fail(struct reason *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same, followed by ": " and the words for the current errno. */
bool fail_errno(struct reason *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts "context: " before the text that is there; returns false. */
bool fail_context(struct reason *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
