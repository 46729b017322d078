/* SPDX-License-Identifier: MIT */
/* Begins a place anew.  Knows neither the output nor its options. */
#include "place_begin.h"

#include <string.h>

#include "clock.h"

static bool is_of(const struct place_data *data, struct store *s)
{
	return strcmp(data->store_id, store_id(s)) == 0;
}

/* Behind which frame; a damaged place may repeat some, but skips none. */
static uint64_t find_behind(enum place_state state, struct store *s, struct ledger *l,
                            uint64_t fresh)
{
	uint64_t last = 0;

	if (state == PLACE_NONE)
		return fresh;
	if (state == PLACE_DAMAGED)
		last = ledger_last_delivered(l, store_id(s));
	return last != 0 ? last : store_first_id(s) - 1;
}

bool place_begin(struct place_data *data, enum place_state state, struct store *s,
                 struct ledger *l, uint64_t fresh)
{
	uint64_t behind;
	int64_t now = clock_wall_ms();

	if (state == PLACE_GOOD && is_of(data, s))
		return false;
	behind = find_behind(state, s, l, fresh);
	*data = (struct place_data){
		.begin = behind, .cursor = behind, .begun_ms = now, .moved_ms = now};
	memcpy(data->store_id, store_id(s), sizeof data->store_id);
	return true;
}
