/* SPDX-License-Identifier: MIT */
/*
 * A store whose first page is damaged: without it SQLite finds no table, though all
 * frames may be whole.  As every store is made alike, the first page of a new one fits.
 */
#ifndef CORE_STORE_GRAFT_H
#define CORE_STORE_GRAFT_H

#include <stdbool.h>

#include "reason.h"

/* Copies STATE/frames.db and its log to STATE/frames.db.graft with the first page of
 * STATE/frames.db.new, which is not in WAL mode yet. */
bool graft_make(const char *state, struct reason *why);
void graft_remove(const char *state);

#endif
