/* SPDX-License-Identifier: MIT */
/*
 * A new store, built as STATE/frames.db.new and given its name when it is whole:
 * frames.db is never half made.
 */
#ifndef CORE_STORE_MAKE_H
#define CORE_STORE_MAKE_H

#include <stdbool.h>

#include "db.h"
#include "reason.h"
#include "store_identity.h"

/* With the schema, to be filled in transactions; nothing is synced yet. */
bool store_make_open(struct db **out, const char *state, struct reason *why);
/* Writes the identity, which makes it whole, closes and syncs it.  Closes also on
 * failure. */
bool store_make_close(struct db *d, const char *state,
                      const struct store_identity *identity, struct reason *why);
/* Gives it its name; no frames.db may be there. */
bool store_make_name(const char *state, struct reason *why);
/* Whether there is one that is whole.  One that is not is removed. */
bool store_make_is_whole(const char *state);

#endif
