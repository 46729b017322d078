/* SPDX-License-Identifier: MIT */
/* What the tests of the http output begin with. */
#ifndef TESTS_INTEGRATION_HTTP_PLUGIN_H
#define TESTS_INTEGRATION_HTTP_PLUGIN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin_host.h"

/* The http plugin of this build, with its options as they are by default but the timeout
 * and the url http://127.0.0.1:PORT/frames. */
__attribute__((unused)) static struct plugin_host *http_plugin(unsigned port,
                                                               const char *timeout)
{
	const char *build = getenv("top_builddir");
	struct plugin_host *h;
	char path[4096], url[80];

	snprintf(path, sizeof path, "%s/plugins/http/.libs/http.so",
	         build == NULL ? "." : build);
	h = plugin_host_load(path);
	snprintf(url, sizeof url, "http://127.0.0.1:%u/frames", port);
	plugin_host_set(h, "url", url);
	plugin_host_set(h, "timeout", timeout);
	return h;
}

/* Whether the words that a person reads have those. */
__attribute__((unused)) static bool says(const char *text, const char *words)
{
	if (strstr(text, words) != NULL)
		return true;
	printf("# \"%s\" does not say \"%s\"\n", text, words);
	return false;
}

#endif
