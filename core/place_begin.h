/* SPDX-License-Identifier: MIT */
/* Where an output goes on, whatever its place was found to be.  Changes no file. */
#ifndef CORE_PLACE_BEGIN_H
#define CORE_PLACE_BEGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "ledger.h"
#include "place.h"
#include "store.h"

/*
 * Makes of what was found (`state` and `data`) the place to work with: itself when it is
 * good; behind the last range of the delivery log when it is damaged; with the oldest
 * frame when it is of another store, or when a damaged one has no log; behind `fresh`
 * when it was never set.  Returns whether it begins anew, with all counters 0.  `l` may
 * be NULL unless the place is damaged.
 */
bool place_begin(struct place_data *data, enum place_state state, struct store *s,
                 struct ledger *l, uint64_t fresh);

#endif
