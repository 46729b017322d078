/* SPDX-License-Identifier: MIT */
/* Table gap: ids whose frames are gone though outputs may not have been past them. */
#ifndef CORE_STORE_GAP_H
#define CORE_STORE_GAP_H

#include <stdbool.h>
#include <stdint.h>

#include "db.h"
#include "reason.h"

struct store_gap {
	uint64_t first, last;
	const char *reason; /* "evicted" or "lost" */
};

/* One that begins where another of its reason ended makes that one longer.  The oldest go
 * when there are more than a thousand.  Inside a transaction. */
bool gap_add(struct db *d, const struct store_gap *gap, struct reason *why);

#endif
