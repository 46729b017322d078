/* SPDX-License-Identifier: MIT */
/*
 * The Test Anything Protocol, as much as a unit test needs.  ok(condition, "what a user
 * would lose", ...) prints one line; done() the plan and gives main()'s result.
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_run, tap_failed;

__attribute__((format(printf, 4, 5), unused)) static bool
tap_ok(bool is_fine, const char *file, int line, const char *format, ...)
{
	va_list args;

	printf("%s %d - ", is_fine ? "ok" : "not ok", ++tap_run);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	if (!is_fine) {
		tap_failed++;
		printf("# failed at %s:%d\n", file, line);
	}
	fflush(stdout);
	return is_fine;
}

#define ok(condition, ...) tap_ok((condition), __FILE__, __LINE__, __VA_ARGS__)

/* Two strings; shows both when they differ. */
__attribute__((unused)) static bool tap_same(const char *got, const char *want,
                                             const char *file, int line, const char *text)
{
	bool is_fine = got != NULL && want != NULL && strcmp(got, want) == 0;

	tap_ok(is_fine, file, line, "%s", text);
	if (!is_fine)
		printf("#  got: %s\n# want: %s\n", got == NULL ? "(null)" : got,
		       want == NULL ? "(null)" : want);
	return is_fine;
}

#define same(got, want, text) tap_same((got), (want), __FILE__, __LINE__, (text))

__attribute__((unused)) static int done(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed == 0 ? 0 : 1;
}

#endif
