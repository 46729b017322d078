/* SPDX-License-Identifier: MIT */
/* What the tests of the mqtt output begin with. */
#ifndef TESTS_INTEGRATION_MQTT_PLUGIN_H
#define TESTS_INTEGRATION_MQTT_PLUGIN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin_host.h"
#include "says.h"

/* The mqtt plugin of this build, with its options as they are by default but the given
 * port of 127.0.0.1 and timeout. */
__attribute__((unused)) static struct plugin_host *mqtt_plugin(unsigned port,
                                                               const char *timeout)
{
	const char *build = getenv("top_builddir");
	struct plugin_host *h;
	char path[4096], digits[16];

	snprintf(path, sizeof path, "%s/plugins/mqtt/.libs/mqtt.so",
	         build == NULL ? "." : build);
	h = plugin_host_load(path);
	snprintf(digits, sizeof digits, "%u", port);
	plugin_host_set(h, "host", "127.0.0.1");
	plugin_host_set(h, "port", digits);
	plugin_host_set(h, "timeout", timeout);
	return h;
}

#endif
