/* SPDX-License-Identifier: MIT */
/* What the tests of config share: a configuration, and what is wrong with it. */
#ifndef TESTS_UNIT_CONFIG_WORLD_H
#define TESTS_UNIT_CONFIG_WORLD_H

#include <string.h>

#include "config.h"

static bool is_list(void *context, const char *plugin, const char *key)
{
	(void)context;
	(void)plugin;
	return strcmp(key, "header") == 0;
}

static const struct config_reading people = {.is_list = is_list};

static struct config c;
static struct buf out;

/* The problems so far, and an empty configuration behind them. */
static const char *problems(void)
{
	buf_clear(&out);
	config_report(&c, &out);
	config_free(&c);
	return buf_string(&out);
}

#endif
