/* SPDX-License-Identifier: MIT */
/*
 * What tests share that check a conf.d inside a state directory: the plugins of the tests
 * are found, the sensor tables too, and conf.d is there and empty.
 */
#ifndef TESTS_UNIT_CHECK_WORLD_H
#define TESTS_UNIT_CHECK_WORLD_H

#include <sys/stat.h>

#include "settings.h"
#include "state.h"
#include "test_plugins.h"

static void check_world_begin(char **argv, char state[256], struct surroundings *where)
{
	const char *source = getenv("top_srcdir");
	char libs[PATH_MAX], conf[300];
	struct reason why = {""};

	plugin_bind_now(argv);
	find_test_plugins(libs);
	setenv("FRAME_ROUTER_PLUGINS", libs, 1);
	state_make(state);
	snprintf(conf, sizeof conf, "%s/conf.d", state);
	mkdir(conf, 0700);
	must(surroundings_find(where, conf, state, &why), &why);
	snprintf(where->sensors, sizeof where->sensors, "%s/core/sensors",
	         source == NULL ? "." : source);
}

#endif
