/* SPDX-License-Identifier: MIT */
/* Why something failed, as one line for a person. */
#ifndef HTTP_INPUT_WHY_H
#define HTTP_INPUT_WHY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

struct why {
	char text[400];
};

/* Writes the text; false, so that a function can end with it. */
__attribute__((format(printf, 2, 3))) static inline bool why_not(struct why *why,
                                                                 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof why->text, format, args);
	va_end(args);
	return false;
}

#endif
