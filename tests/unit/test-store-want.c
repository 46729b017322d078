/* SPDX-License-Identifier: MIT */
/* store: `where` and `select`, the expressions of an output. */
#include "db.h"
#include "state.h"
#include "tap.h"

static void accept(const char *expression)
{
	struct reason why = {""};

	ok(store_check_sql(expression, &why), "accepted: %.60s %s", expression, why.text);
}

static void refuse(const char *expression, const char *words)
{
	struct reason why = {""};
	bool is_refused = !store_check_sql(expression, &why);

	ok(is_refused && strstr(why.text, words) != NULL, "refused: %.60s: %s",
	   expression, why.text);
}

static void expressions_are_checked_in_advance(void)
{
	accept("node = 'SCP4'");
	accept("json_extract(readings, '$.TC') > 20 AND sequence % 2 = 0");
	accept("readings ->> 'TC' > 20 -- only the hot ones");
	accept("json_object('TC', json_extract(readings, '$.TC'))");
	accept("(1) + (2)");
	accept("received / 1000 > strftime('%s', 'now') - 3600");
	refuse("nodes = 'SCP4'", "no such column: nodes");
	refuse("", "");
	refuse("node = ", "");
	refuse("node = 'SCP4", "unrecognized token: \"'SCP4");
	refuse("(SELECT count(*) FROM frame) > 1", "subqueries prohibited");
	refuse("count(*) > 1", "aggregate");
	refuse("node = ?1", "parameters prohibited");
	refuse("node = :name", "parameters prohibited");
	refuse("random() > 0", "non-deterministic");
	refuse("printf('%1000000d', 1)", "not authorized");
	refuse("format('%1000000d', 1)", "not authorized");
	refuse("zeroblob(1000000) IS NULL", "not authorized");
	refuse("hex(randomblob(1000000))", "not authorized");
	refuse("load_extension('x')", "not authorized");
	refuse("1), (2", "");
	refuse("1)) WHERE ((1", "");
	refuse("1) FROM frame; DROP TABLE frame; --", "");
	refuse("1) FROM frame WHERE (1", "");
	refuse("1 AS x", "");
	refuse("1; SELECT 2", "");
	refuse("/* no end", "");
}

struct taken {
	unsigned wanted, unwanted;
	uint64_t last;
	char readings[200]; /* of the last wanted */
};

static bool take(void *context, const struct store_row *row)
{
	struct taken *t = context;

	t->last = row->frame->id;
	if (!row->is_wanted) {
		t->unwanted++;
		return true;
	}
	t->wanted++;
	snprintf(t->readings, sizeof t->readings, "%s",
	         buf_string(&row->frame->readings));
	return true;
}

static struct taken read_all(struct store *s, const char *where, const char *select)
{
	struct taken t = {0};
	struct reason why = {""};
	long count;

	must(where == NULL || store_check_sql(where, &why), &why);
	must(select == NULL || store_check_sql(select, &why), &why);
	must(store_want(s, where, select, &why), &why);
	while ((count = store_read(s, t.last, 7, take, &t, &why)) > 0)
		continue;
	ok(count == 0, "read to the end %s", why.text);
	return t;
}

static void every_frame_is_handed_over_with_its_judgement(struct store *s)
{
	struct taken t = read_all(s, "json_extract(readings, '$.N') % 10 = 0", NULL);

	ok(t.wanted == 10 && t.unwanted == 90,
	   "10 of 100 are wanted, 90 are counted as skipped");
	t = read_all(s, "json_extract(readings, '$.none') > 3", NULL);
	ok(t.wanted == 0 && t.unwanted == 100, "a reading that is not there is no match");
	t = read_all(s, "node -- a comment\n = 'SCP4'", NULL);
	ok(t.wanted == 100, "a comment ends with its line");
	t = read_all(s, NULL, "json_object('n', json_extract(readings, '$.N'))");
	ok(t.wanted == 100, "select alone wants all");
	same(t.readings, "{\"n\":99}", "and makes the readings");
	t = read_all(s, "sequence >= 98", "json_object('n', sequence)");
	ok(t.wanted == 2, "both together");
	same(t.readings, "{\"n\":99}", "are both obeyed");
	t = read_all(s, NULL, NULL);
	ok(t.wanted == 100 && strstr(t.readings, "\"TC\":23.5") != NULL,
	   "neither: all as it is");
}

static void a_mistake_in_an_expression_loses_nothing(struct store *s)
{
	struct taken t =
		read_all(s,
	                 "abs(CASE WHEN sequence % 3 = 0 THEN -9223372036854775807 - 1"
	                 " ELSE 0 END) = 0",
	                 NULL);

	ok(t.wanted == 100, "frames on which `where` fails are wanted: %u", t.wanted);
	t = read_all(s, NULL, "json_extract(readings, '$.N')");
	ok(t.wanted == 100 && strstr(t.readings, "\"TC\":23.5") != NULL,
	   "a select that gives no object leaves the frame as it is");
	t = read_all(s, NULL, "json_extract(readings, '$.none')");
	ok(t.wanted == 100 && strstr(t.readings, "\"TC\":23.5") != NULL,
	   "nor one that gives NULL");
	t = read_all(s, NULL, "json_extract(readings, 'no path')");
	ok(t.wanted == 100 && strstr(t.readings, "\"TC\":23.5") != NULL,
	   "nor one that fails");
	t = read_all(s, "sequence = 5", "json_extract(readings, 'no path')");
	ok(t.wanted == 1 && t.unwanted == 99, "a select is tried on wanted frames alone");
	t = read_all(s, NULL,
	             "json_object('x', replace(replace(replace(replace(hex(readings), "
	             "'7', hex(readings)),"
	             " '2', hex(readings)), '3', hex(readings)), '4', hex(readings)))");
	ok(t.wanted == 100 && strstr(t.readings, "\"TC\":23.5") != NULL,
	   "an expression that swells is stopped, and takes no memory");
}

int main(void)
{
	char state[256];
	struct reason why = {""};
	struct store *s;

	expressions_are_checked_in_advance();
	state_make(state);
	state_prepare(state);
	must(store_open_writer(&s, state, 0, &why), &why);
	state_store(s, "nodes", 100);
	every_frame_is_handed_over_with_its_judgement(s);
	a_mistake_in_an_expression_loses_nothing(s);
	store_close(s);
	state_remove(state);
	return done();
}
