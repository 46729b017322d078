/* SPDX-License-Identifier: MIT */
/* place_begin: an output loses nothing, whatever its place was found to be. */
#include "place_begin.h"

#include "state.h"
#include "tap.h"

static struct ledger *open_ledger(const char *state)
{
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	struct ledger *l;

	statedir_file(path, state, "outputs", "broker", "db");
	must(ledger_open(&l, path, &why), &why);
	return l;
}

static struct place_data found(const char *id, uint64_t cursor)
{
	struct place_data data = {.cursor = cursor, .delivered = cursor};

	snprintf(data.store_id, sizeof data.store_id, "%s", id);
	return data;
}

static bool is_anew_at(const struct place_data *data, struct store *s, uint64_t behind)
{
	return data->begin == behind && data->cursor == behind && data->delivered == 0 &&
	       data->begun_ms > 0 && strcmp(data->store_id, store_id(s)) == 0;
}

static void a_place_goes_on_where_it_can(struct store *s, struct ledger *l)
{
	struct place_data data = found(store_id(s), 7);
	struct reason why = {""};

	ok(!place_begin(&data, PLACE_GOOD, s, NULL, 99) && data.cursor == 7 &&
	           data.delivered == 7,
	   "a good one stays what it is");
	data = found("00000000000000aa", 7);
	ok(place_begin(&data, PLACE_GOOD, s, NULL, 99) && is_anew_at(&data, s, 0),
	   "one of another store begins with the oldest frame");
	data = found("", 0);
	ok(place_begin(&data, PLACE_NONE, s, NULL, 99) && is_anew_at(&data, s, 99),
	   "one that was never set begins where it is told to");
	data = found("", 0);
	ok(place_begin(&data, PLACE_DAMAGED, s, l, 99) && is_anew_at(&data, s, 0),
	   "a damaged one without a log begins with the oldest frame");
	must(ledger_add_delivered(l, store_id(s), 1, 5, 5, NULL, &why), &why);
	must(ledger_add_delivered(l, "00000000000000aa", 6, 8, 3, NULL, &why), &why);
	data = found("", 0);
	ok(place_begin(&data, PLACE_DAMAGED, s, l, 99) && is_anew_at(&data, s, 5),
	   "with a log it begins where that ends, for this store");
}

int main(void)
{
	char state[256];
	struct ledger *l;
	struct store *s;

	state_make(state);
	state_prepare(state);
	l = open_ledger(state);
	s = state_open(state);
	state_store(s, "nodes", 10);
	a_place_goes_on_where_it_can(s, l);
	store_close(s);
	ledger_close(l);
	state_remove(state);
	return done();
}
