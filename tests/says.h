/* SPDX-License-Identifier: MIT */
/* Whether a text has a part, with both on the record when it has not. */
#ifndef TESTS_SAYS_H
#define TESTS_SAYS_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

__attribute__((unused)) static bool says(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		return true;
	printf("#  got: %s\n# want: %s\n", text, part);
	return false;
}

#endif
