/* SPDX-License-Identifier: MIT */
/*
 * Overrides: single keys of an input or output that overlay conf.d, so that programs need
 * not write there.  One file each, STATE/override/NAME.conf, 0600, in the form that
 * config_write_section() gives: a section [override "NAME"].  Knows no option; who reads
 * them checks them.
 */
#ifndef CORE_OVERRIDE_H
#define CORE_OVERRIDE_H

#include <stdbool.h>

#include "config.h"
#include "reason.h"

#define OVERRIDE_FOLDER "override"

/*
 * Sets one key and keeps the others; NULL drops it, and the last one drops the file.
 * Written whole or not at all: a reader sees the old file or the new one.  Several may
 * write at once, all as the owner of the state directory.
 */
bool override_set(const char *state, const char *name, const char *key, const char *value,
                  struct reason *why);

/* Drops all of one; *was_any: there were some. */
bool override_reset(const char *state, const char *name, bool *was_any,
                    struct reason *why);

/*
 * Reads those of one: its values are those of the first section of `out` (config_free()
 * after failure, too); no section when there are none.  False: the file is damaged, or
 * not to be trusted.
 */
bool override_read(struct config *out, const char *state, const char *name,
                   struct reason *why);

/* Calls `each` with every name that has any, in byte order; none without a folder.
 * False: the folder cannot be read. */
bool override_each(const char *state, void (*each)(void *context, const char *name),
                   void *context, struct reason *why);

#endif
