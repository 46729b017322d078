/* SPDX-License-Identifier: MIT */
/* Why something failed.  Knows nothing of who reads it. */
#include "reason.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool fail(struct reason *why, const char *format, ...)
{
	va_list args;

	if (why == NULL)
		return false;
	va_start(args, format);
	vsnprintf(why->text, sizeof why->text, format, args);
	va_end(args);
	return false;
}

bool fail_errno(struct reason *why, const char *format, ...)
{
	const char *words = strerror(errno);
	va_list args;
	size_t len;

	if (why == NULL)
		return false;
	va_start(args, format);
	vsnprintf(why->text, sizeof why->text, format, args);
	va_end(args);
	len = strlen(why->text);
	snprintf(why->text + len, sizeof why->text - len, ": %s", words);
	return false;
}

bool fail_context(struct reason *why, const char *format, ...)
{
	struct reason inner;
	va_list args;
	size_t len;

	if (why == NULL)
		return false;
	inner = *why;
	va_start(args, format);
	vsnprintf(why->text, sizeof why->text, format, args);
	va_end(args);
	len = strlen(why->text);
	snprintf(why->text + len, sizeof why->text - len, ": %s", inner.text);
	return false;
}
