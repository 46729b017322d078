/* SPDX-License-Identifier: MIT */
/*
 * STATE/high-water: the last id that was committed, written beside the database after
 * each commit and never synced.  When the database knows fewer at a start, the storage
 * has lost what it had promised to keep; SQLite itself says nothing of a damaged log.
 */
#ifndef CORE_HIGHWATER_H
#define CORE_HIGHWATER_H

#include <stdbool.h>
#include <stdint.h>

#include "reason.h"

/* Opens the file, made when missing; -1: why says. */
int highwater_open(const char *state, struct reason *why);

/* Only inside the turnstile, so that marks never go back. */
void highwater_write(int fd, const char *store_id, uint64_t last);

/* False when there is no whole mark.  `store_id` holds 17 bytes. */
bool highwater_read(int fd, char store_id[17], uint64_t *last);

#endif
