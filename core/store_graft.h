/* SPDX-License-Identifier: MIT */
/*
 * A store whose schema is damaged: without it SQLite finds no table, though all frames
 * may be whole.  As every store is made alike, the schema of a new one fits, page by
 * page.
 */
#ifndef CORE_STORE_GRAFT_H
#define CORE_STORE_GRAFT_H

#include <stdbool.h>

#include "db.h"
#include "reason.h"

/* Copies STATE/frames.db and its log to STATE/frames.db.graft, with the schema's pages of
 * STATE/frames.db.new: `fresh`, with nothing in it yet, and not in WAL mode. */
bool graft_make(const char *state, struct db *fresh, struct reason *why);
void graft_remove(const char *state);

#endif
