/* SPDX-License-Identifier: MIT */
/* One input or output in force, and what it says of its options. */
#ifndef CORE_UNIT_H
#define CORE_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "plugin.h"

struct unit {
	struct unit *next; /* in the order of conf.d */
	enum plugin_kind kind;
	char name[CONFIG_NAME_MAX + 1];
	char plugin[CONFIG_NAME_MAX + 1];
	char plugin_path[PLUGIN_PATH_MAX];
	bool is_enabled;
	const struct config_section *section; /* every key with its value in force; owned
	                                         by the settings */
};

/*
 * The value of an option, its default if it is not set, NULL if it is neither.  Of a
 * SECRET the value itself, not that of its file: see option_source.h.
 */
const char *unit_text(const struct unit *u, const struct plugin *p, const char *key);

/* The number of a NUMBER, YES_NO, DURATION (ms) or SIZE (bytes) option; 0 when it is
 * neither set nor has a default. */
int64_t unit_number(const struct unit *u, const struct plugin *p, const char *key);

/* The value `index` of a LIST, NULL behind the last. */
const char *unit_list(const struct unit *u, const struct plugin *p, const char *key,
                      size_t index);

#endif
