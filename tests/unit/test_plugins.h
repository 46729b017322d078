/* SPDX-License-Identifier: MIT */
/* Where the plugins are that are made for tests. */
#ifndef TESTS_UNIT_TEST_PLUGINS_H
#define TESTS_UNIT_TEST_PLUGINS_H

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* The folder; ends the test when there is none. */
static void find_test_plugins(char out[PATH_MAX])
{
	const char *build = getenv("top_builddir");
	char relative[PATH_MAX];

	snprintf(relative, sizeof relative, "%s/tests/plugins/.libs",
	         build == NULL ? "." : build);
	if (realpath(relative, out) == NULL) {
		printf("Bail out! there is no %s\n", relative);
		exit(99);
	}
}

#endif
