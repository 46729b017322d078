/* SPDX-License-Identifier: MIT */
/* Short ways through the door to SQLite, by way of its own functions. */
#include "db.h"

bool db_number(struct db *d, const char *sql, int64_t *number, struct reason *why)
{
	struct db_statement *s;
	int rows;

	if (!db_prepare(d, &s, sql, why))
		return false;
	rows = db_step(s, why);
	if (rows > 0)
		*number = db_column_number(s, 0);
	else if (rows == 0)
		fail(why, "nothing found by %s", sql);
	db_finalize(s);
	return rows > 0;
}

bool db_execute(struct db_statement *s, struct reason *why)
{
	int rows = db_step(s, why);

	db_reset(s);
	return rows >= 0;
}
