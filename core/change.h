/* SPDX-License-Identifier: MIT */
/*
 * What differs between two effective configurations, and which processes have to begin
 * anew for it.  Where a section stands in conf.d, the order of its keys, and whether it
 * is enabled change no process.
 */
#ifndef CORE_CHANGE_H
#define CORE_CHANGE_H

#include <stdbool.h>

#include "buf.h"
#include "settings.h"

/*
 * Whether an input or output that is in both has to begin anew; the keys that differ are
 * added to `keys`, parted by ", ", those of [router] that it works with as well.
 */
bool change_unit(const struct settings *was, const struct settings *is, const char *name,
                 struct buf *keys);

/* The same for the housekeeping, which looks after every output's `hold`. */
bool change_housekeeping(const struct settings *was, const struct settings *is,
                         struct buf *keys);

/* Whether it is known who works with a key of [router]; all begin anew for another. */
bool change_knows(const char *router_key);

#endif
