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

struct highwater {
	char store_id[17];
	uint64_t last;      /* id */
	uint32_t log_pages; /* in use of SQLite's log, for who copies it back */
};

/* Only inside the turnstile, so that marks never go back. */
void highwater_write(int fd, const struct highwater *mark);

/* False when there is no whole mark. */
bool highwater_read(int fd, struct highwater *mark);

#endif
