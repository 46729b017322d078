/* SPDX-License-Identifier: MIT */
/* Frames out of the store, the oldest first, whether or not somebody still wanted them.
 */
#include <assert.h>

#include "store_gap.h"
#include "store_internal.h"

/* The id of the n-th oldest frame (from 1), or of the newest when there are fewer; 0:
 * none. */
static bool find_nth(struct store *s, uint64_t n, uint64_t *id, struct reason *why)
{
	struct db_statement *q;
	int rows;

	*id = 0;
	if (!db_prepare(s->db, &q,
	                "SELECT max(id) FROM (SELECT id FROM frame ORDER BY id LIMIT ?1)",
	                why))
		return false;
	db_bind_number(q, 1, (int64_t)n);
	rows = db_step(q, why);
	if (rows > 0)
		*id = (uint64_t)db_column_number(q, 0);
	db_finalize(q);
	return rows >= 0;
}

static bool delete_until(struct store *s, uint64_t until, struct reason *why)
{
	struct db_statement *q;
	bool is_done;

	if (!db_prepare(s->db, &q, "DELETE FROM frame WHERE id <= ?1", why))
		return false;
	db_bind_number(q, 1, (int64_t)until);
	is_done = db_execute(q, why);
	db_finalize(q);
	return is_done;
}

bool store_evict(struct store *s, uint64_t frames, struct reason *why)
{
	struct store_gap gap = {.first = store_first_id(s), .reason = "evicted"};

	assert(s->writer.in_group);
	if (frames == 0)
		return true;
	if (!find_nth(s, frames, &gap.last, why))
		return store_give_up(s, why);
	if (gap.last == 0)
		return true;
	return (delete_until(s, gap.last, why) && gap_add(s->db, &gap, why)) ||
	       store_give_up(s, why);
}

enum store_step store_purge(struct store *s, uint64_t until, unsigned limit,
                            enum store_wait wait, struct reason *why)
{
	uint64_t nth;

	if (store_first_id(s) > until)
		return STEP_DONE;
	if (!store_enter(s, wait, why))
		return store_trouble(s) == STORE_BUSY ? STEP_BUSY : STEP_FAILED;
	if (!find_nth(s, limit, &nth, why) ||
	    (nth != 0 && !delete_until(s, nth < until ? nth : until, why))) {
		store_give_up(s, why);
		return STEP_FAILED;
	}
	if (!store_commit(s, why))
		return STEP_FAILED;
	return nth != 0 && nth < until ? STEP_MORE : STEP_DONE;
}
