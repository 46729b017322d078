/* SPDX-License-Identifier: MIT */
/* Writes table gap. */
#include "store_gap.h"

#include "clock.h"

#define GAPS_MAX "1000"

static bool run(struct db *d, const char *sql, const struct store_gap *gap,
                struct reason *why)
{
	struct db_statement *q;
	bool is_done;

	if (!db_prepare(d, &q, sql, why))
		return false;
	db_bind_number(q, 1, (int64_t)gap->first);
	db_bind_number(q, 2, (int64_t)gap->last);
	db_bind_text(q, 3, gap->reason);
	db_bind_number(q, 4, clock_wall_ms());
	is_done = db_execute(q, why);
	db_finalize(q);
	return is_done;
}

bool gap_add(struct db *d, const struct store_gap *gap, struct reason *why)
{
	if (!run(d,
	         "UPDATE gap SET last = ?2, at = ?4 WHERE last = ?1 - 1 AND reason = ?3",
	         gap, why))
		return false;
	if (db_changes(d) > 0)
		return true;
	return run(d,
	           "INSERT OR REPLACE INTO gap (first, last, reason, at)"
	           " VALUES (?1, ?2, ?3, ?4)",
	           gap, why) &&
	       db_run(d,
	              "DELETE FROM gap WHERE first <="
	              " (SELECT first FROM gap ORDER BY first DESC LIMIT 1 "
	              "OFFSET " GAPS_MAX ")",
	              why);
}
