/* SPDX-License-Identifier: MIT */
/* The tables inside a plugin: copied into what this router knows, and checked. */
#ifndef CORE_PLUGIN_TABLE_H
#define CORE_PLUGIN_TABLE_H

#include <stdbool.h>

#include "plugin.h"
#include "reason.h"

/*
 * Copies min(sizes) of the table at `table` (of out->kind; not NULL) into `out`, and
 * checks it: ABI, size, callbacks, and name, which must be `name`.  False: why.
 */
bool plugin_table_copy(struct plugin *out, const void *table, const char *name,
                       struct reason *why);

/*
 * Makes out->options and out->group_options of the table's; kept for the life of the
 * process.  False: why.
 */
bool plugin_table_options(struct plugin *out, struct reason *why);

#endif
