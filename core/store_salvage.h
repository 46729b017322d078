/* SPDX-License-Identifier: MIT */
/*
 * A store that proved corrupt: what can be read of it goes into a new one, which takes
 * its place; the old one is kept beside.  A frame keeps its id, and the new store has a
 * new store id, so every uid is new.  May be interrupted anywhere and done again.
 */
#ifndef CORE_STORE_SALVAGE_H
#define CORE_STORE_SALVAGE_H

#include <stdbool.h>

#include "reason.h"

/*
 * Puts a new store in the place of STATE/frames.db and says on the log what was saved.
 * `what` is what was found wrong.  The caller is inside the turnstile and has no
 * connection open.  Id sequence and places are left to the caller.
 */
bool store_salvage(const char *state, const char *what, struct reason *why);

/* Ends what an interrupted store_salvage() began, if any did. */
bool store_salvage_finish(const char *state, struct reason *why);

#endif
