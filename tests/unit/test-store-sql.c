/* SPDX-License-Identifier: MIT */
/* store: what foreign programs may do with frames.db by SQL, and may not. */
#include "db.h"
#include "state.h"
#include "tap.h"

static struct db *open_foreign(const char *state)
{
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	struct db *d;

	statedir_path(path, state, "frames.db");
	must(db_open(&d, path, DB_WRITE, &why), &why);
	return d;
}

struct taken {
	struct frame frame;
	char readings[70000];
	char undecoded[200];
	bool is_wanted;
};

static bool take(void *context, const struct store_row *row)
{
	struct taken *t = context;

	t->frame = *row->frame;
	snprintf(t->readings, sizeof t->readings, "%s",
	         buf_string(&row->frame->readings));
	snprintf(t->undecoded, sizeof t->undecoded, "%s",
	         buf_string(&row->frame->undecoded));
	t->is_wanted = row->is_wanted;
	return true;
}

static struct taken taken;

/* The newest frame. */
static struct taken *newest(struct store *s)
{
	struct reason why = {""};

	memset(&taken, 0, sizeof taken);
	must(store_read(s, store_last_id(s) - 1, 1, take, &taken, &why) == 1, &why);
	return &taken;
}

static char *ask(struct db *d, const char *sql)
{
	static char out[1000];
	struct db_statement *q;
	struct reason why = {""};
	const char *text;
	size_t len;

	must(db_prepare(d, &q, sql, &why), &why);
	out[0] = '\0';
	if (db_step(q, &why) == 1 && (text = db_column_text(q, 0, &len)) != NULL)
		snprintf(out, sizeof out, "%s", text);
	db_finalize(q);
	return out;
}

static void one_insert_makes_a_frame(struct db *d, struct store *s)
{
	int64_t before = clock_wall_ms();
	struct reason why = {""};
	struct taken *t;

	ok(db_run(d, "INSERT INTO frame (node, readings) VALUES ('n', '{\"TC\":1}')",
	          &why),
	   "node and readings are enough: %s", why.text);
	t = newest(s);
	same(t->frame.node, "n", "the node");
	same(t->readings, "{\"TC\":1}", "the readings");
	same(t->frame.source, "sql", "the source is sql");
	ok(t->frame.received_ms >= before - 1 &&
	           t->frame.received_ms <= clock_wall_ms() + 1 && t->frame.clock_ok,
	   "received is now, in ms");
	ok(t->frame.sequence == FRAME_NONE && t->frame.type == FRAME_NONE &&
	           !t->frame.duplicate,
	   "the rest is not known");
}

static void refuse(struct db *d, const char *sql, const char *words)
{
	struct reason why = {""}, want = {""};

	fail(&want, "frames.db: %s", words);
	if (ok(!db_run(d, sql, &why) && db_trouble(d) == DB_REFUSED, "refused: %.70s",
	       sql))
		same(why.text, want.text, "in words that help");
}

static void bad_rows_are_refused(struct db *d, struct store *s)
{
	uint64_t last = store_last_id(s);

	refuse(d, "INSERT INTO frame (id, readings) VALUES (9223372036854775807, '{}')",
	       "the store gives the ids: leave frame.id out");
	refuse(d, "INSERT INTO frame (id, readings) VALUES (1, '{}')",
	       "the store gives the ids: leave frame.id out");
	refuse(d, "INSERT OR REPLACE INTO frame (id, readings) VALUES (1, '{}')",
	       "the store gives the ids: leave frame.id out");
	refuse(d, "INSERT INTO frame (id, readings) VALUES (-1, '{}')",
	       "CHECK constraint failed: frame.id is above 0");
	refuse(d, "UPDATE frame SET id = 99 WHERE id = 1",
	       "the store gives the ids: frame.id cannot be changed");
	refuse(d, "UPDATE frame SET rowid = 99 WHERE id = 1",
	       "the store gives the ids: frame.id cannot be changed");
	refuse(d, "INSERT INTO frame (node) VALUES ('n')",
	       "NOT NULL constraint failed: frame.readings");
	refuse(d, "INSERT INTO frame (readings) VALUES ('[1]')",
	       "CHECK constraint failed: frame.readings is a JSON object of at most "
	       "65536 bytes");
	refuse(d, "INSERT INTO frame (readings) VALUES ('{\"a\":}')",
	       "CHECK constraint failed: frame.readings is a JSON object of at most "
	       "65536 bytes");
	refuse(d, "INSERT INTO frame (readings) VALUES ('{}' || char(0) || 'x')",
	       "CHECK constraint failed: frame.readings is a JSON object of at most "
	       "65536 bytes");
	refuse(d,
	       "INSERT INTO frame (readings) VALUES ('{\"a\":\"' || hex(zeroblob(40000)) "
	       "|| '\"}')",
	       "CHECK constraint failed: frame.readings is a JSON object of at most "
	       "65536 bytes");
	refuse(d, "UPDATE frame SET readings = 'x' WHERE id = 1",
	       "CHECK constraint failed: frame.readings is a JSON object of at most "
	       "65536 bytes");
	refuse(d, "INSERT INTO frame (sequence, readings) VALUES (256, '{}')",
	       "CHECK constraint failed: frame.sequence is 0 to 255");
	refuse(d, "INSERT INTO frame (type, readings) VALUES (-1, '{}')",
	       "CHECK constraint failed: frame.type is 0 to 255");
	refuse(d, "INSERT INTO frame (sequence, readings) VALUES ('abc', '{}')",
	       "cannot store TEXT value in INTEGER column frame.sequence");
	refuse(d, "INSERT INTO frame (node, readings) VALUES (hex(zeroblob(65)), '{}')",
	       "CHECK constraint failed: frame.node has at most 128 bytes");
	refuse(d, "INSERT INTO frame (source, readings) VALUES ('', '{}')",
	       "CHECK constraint failed: frame.source has 1 to 64 bytes");
	refuse(d, "INSERT INTO frame (received, readings) VALUES (-1, '{}')",
	       "CHECK constraint failed: frame.received is in ms since 1970");
	refuse(d, "INSERT INTO frame (raw, readings) VALUES (zeroblob(65537), '{}')",
	       "CHECK constraint failed: frame.raw has at most 65536 bytes");
	ok(store_last_id(s) == last,
	   "none of them is in the store, and the next id is the next");
}

static void a_seconds_time_is_not_believed(struct db *d, struct store *s)
{
	struct reason why = {""};

	must(db_run(d, "INSERT INTO frame (received, readings) VALUES (1760000000, '{}')",
	            &why),
	     &why);
	ok(!newest(s)->frame.clock_ok, "a time in seconds would make the frame old, and "
	                               "it would be given up at once");
}

static void readings_are_made_fit_for_a_document(struct db *d, struct store *s)
{
	static const struct {
		const char *sql, *readings, *text;
	} cases[] = {
		{"'{' || char(10) || ' \"TC\" : 1' || char(13, 10) || '}'",
	         "{  \"TC\" : 1  }", "line ends would cut a line of JSON Lines in two"},
		{"' {\"TC\":1} '", "{\"TC\":1}", "space around goes"},
		{"'{\"S\":\"' || CAST(x'C328' AS TEXT) || '\"}'",
	         "{\"S\":\"\xEF\xBF\xBD(\"}", "invalid UTF-8 becomes U+FFFD"},
		{"'{\"S\":\"\xC3\xA9\xF0\x9F\x98\x80\"}'",
	         "{\"S\":\"\xC3\xA9\xF0\x9F\x98\x80\"}", "valid UTF-8 stays"},
	};
	struct reason why = {""};
	char sql[400];

	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(sql, sizeof sql, "INSERT INTO frame (readings) VALUES (%s)",
		         cases[i].sql);
		must(db_run(d, sql, &why), &why);
		same(newest(s)->readings, cases[i].readings, cases[i].text);
	}
}

/* A program that has switched the constraints off. */
static void even_lawless_rows_break_no_reader(struct db *d, struct store *s)
{
	static const char *const rows[] = {
		"(readings) VALUES ('no JSON')",
		"(readings) VALUES ('{\"a\":1}}')",
		"(readings) VALUES ('')",
		"(readings) VALUES ('{\"a\":' || replace(hex(zeroblob(40)), '00', '[') "
		"|| '}')",
		"(readings, node) VALUES ('{}', CAST(x'FF00' AS TEXT) || "
		"hex(zeroblob(500)))",
		"(readings, node) VALUES ('{}', replace(hex(zeroblob(100)), '00', "
		"CAST(x'FF' AS TEXT)))",
		"(readings, sequence, type) VALUES ('{}', 1000, -7)",
		"(readings, received, measured) VALUES ('{}', -9223372036854775808, "
		"9223372036854775807)",
		"(readings) VALUES ('{\"a\":\"' || hex(zeroblob(300000)) || '\"}')",
		"(readings) VALUES ('{\"a\":\"' || hex(zeroblob(3000000)) || '\"}')",
		"(readings, raw, undecoded) VALUES ('{}', zeroblob(3000000), "
		"zeroblob(3000000))",
	};
	struct reason why = {""};
	char sql[400];

	must(db_run(d, "PRAGMA ignore_check_constraints = ON", &why), &why);
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct taken *t;

		snprintf(sql, sizeof sql, "INSERT INTO frame %s", rows[i]);
		must(db_run(d, sql, &why), &why);
		t = newest(s);
		ok(t->is_wanted && strlen(t->readings) <= 65536 &&
		           t->readings[0] == '{' && t->frame.id == store_last_id(s),
		   "handed on as a frame: %.60s", rows[i]);
		if (i == 0)
			ok(strcmp(t->readings, "{}") == 0 &&
			           strcmp(t->undecoded, "no JSON") == 0,
			   "what is no JSON is kept as undecoded: nothing is lost");
		if (i == 4 || i == 5)
			ok(strlen(t->frame.node) <= 128, "a name is cut");
	}
	must(db_run(d, "PRAGMA ignore_check_constraints = OFF", &why), &why);
}

static void meshlium_programs_find_their_table(struct db *d, struct store *s)
{
	struct reason why = {""};
	char id[32];
	struct taken *t;

	must(db_run(d,
	            "INSERT INTO frame (received, node, serial, type, sequence, "
	            "readings) VALUES"
	            " (1760000000999, 'SCP4', '4005', 128, 12, "
	            "'{\"TC\":19.940,\"ACC\":[996,-250,-1.50],"
	            "\"STR\":\"a;\\\"b\\\"\",\"L\":[\"x\",\"y\"],\"B\":true,\"Z\":null,"
	            "\"N\":-0}')",
	            &why),
	     &why);
	snprintf(id, sizeof id, "%llu", (unsigned long long)store_last_id(s) * 1000 + 1);
	same(ask(d, "SELECT id FROM sensorParser WHERE sensor = 'ACC' ORDER BY id DESC "
	            "LIMIT 1"),
	     id, "one row a reading, with an id of its own");
	same(ask(d,
	         "SELECT group_concat(sensor || '=' || coalesce(value, 'NULL'), '|') FROM"
	         " sensorParser WHERE id / 1000 = (SELECT max(id) FROM frame)"),
	     "TC=19.940|ACC=996;-250;-1.50|STR=a;\"b\"|L=x;y|B=true|Z=NULL|N=-0",
	     "values as text, digits as sent");
	same(ask(d, "SELECT id_wasp || ' ' || id_secret || ' ' || frame_type || ' ' || "
	            "frame_number"
	            " || ' ' || timestamp || ' ' || sync || ' ' || raw || ' ' || "
	            "parser_type FROM"
	            " sensorParser WHERE sensor = 'TC' ORDER BY id DESC LIMIT 1"),
	     "SCP4 4005 128 12 2025-10-09 08:53:20 0 noraw 0", "the other columns");

	ok(db_run(d,
	          "INSERT INTO sensorParser (id_wasp, id_secret, frame_type, "
	          "frame_number, sensor,"
	          " value, timestamp, sync, raw, parser_type) VALUES"
	          " ('AGP_2', '400577471', 128, 7, 'SOIL_D', '52.480', '2016-01-28 "
	          "12:29:11', 0,"
	          " 'noraw', 0)",
	          &why),
	   "a row that goes in is a frame: %s", why.text);
	t = newest(s);
	same(t->readings, "{\"SOIL_D\":52.480}", "a number keeps its digits");
	ok(t->frame.measured_ms == 1453984151000 && t->frame.clock_ok &&
	           t->frame.received_ms > 1760000000000,
	   "its time is when it was measured; it was received now");
	ok(t->frame.sequence == 7 && t->frame.type == 128, "number and type");
	same(ask(d, "SELECT value || ' ' || timestamp || ' ' || raw FROM sensorParser"
	            " ORDER BY id DESC LIMIT 1"),
	     "52.480 2016-01-28 12:29:11 noraw", "it is read as it was written");
	must(db_run(d,
	            "INSERT INTO sensorParser (id_wasp, sensor, value, raw) VALUES"
	            " ('n', 'A \"b\"', '1,5', '<=>x')",
	            &why),
	     &why);
	same(newest(s)->readings, "{\"A \\\"b\\\"\":\"1,5\"}",
	     "what is no number is a string");
	same(ask(d, "SELECT raw FROM sensorParser ORDER BY id DESC LIMIT 1"), "<=>x",
	     "raw text");
	for (unsigned i = 0; i < 5; i++) {
		static const char *const values[][2] = {{"'+1'", "\"+1\""},
		                                        {"'1e5'", "1e5"},
		                                        {"NULL", "null"},
		                                        {"-7", "-7"},
		                                        {"' 1'", "\" 1\""}};
		char sql[100], want[100];

		snprintf(sql, sizeof sql,
		         "INSERT INTO sensorParser (sensor, value) VALUES ('V', %s)",
		         values[i][0]);
		snprintf(want, sizeof want, "{\"V\":%s}", values[i][1]);
		must(db_run(d, sql, &why), &why);
		same(newest(s)->readings, want, values[i][0]);
	}
	refuse(d, "INSERT INTO sensorParser (value) VALUES (1)",
	       "a row of sensorParser needs a sensor");
	refuse(d,
	       "INSERT INTO sensorParser (sensor, value, timestamp) VALUES ('a', 1, "
	       "'soon')",
	       "sensorParser.timestamp is no date and time");
}

static void connectors_may_set_sync(struct db *d, struct store *s)
{
	struct reason why = {""};
	int64_t before, after;

	db_number(d, "SELECT count(*) FROM frame", &before, &why);
	ok(db_run(d, "UPDATE sensorParser SET sync = sync | 64 WHERE sensor = 'TC'",
	          &why),
	   "UPDATE is accepted: %s", why.text);
	ok(db_run(d, "DELETE FROM sensorParser WHERE sync = 0", &why), "so is DELETE: %s",
	   why.text);
	db_number(d, "SELECT count(*) FROM frame", &after, &why);
	ok(before == after, "and no frame is lost by them");
	same(ask(d, "SELECT sum(sync) FROM sensorParser"), "0", "sync stays 0");
	(void)s;
}

static void a_deleted_frame_is_missed(struct db *d, struct store *s)
{
	struct reason why = {""};
	uint64_t last = store_last_id(s);

	must(db_run(d, "DELETE FROM frame WHERE id = (SELECT max(id) FROM frame)", &why),
	     &why);
	must(db_run(d, "INSERT INTO frame (readings) VALUES ('{}')", &why), &why);
	ok(store_last_id(s) == last + 1,
	   "an id is never given twice: the frame would not be sent");
}

static void an_index_of_somebody_does_no_harm(struct db *d, struct store *s)
{
	struct reason why = {""};
	struct frame f = {0};

	must(db_run(d,
	            "CREATE INDEX theirs ON frame (json_extract(readings, '$.TC'));"
	            "CREATE VIEW hot AS SELECT * FROM frame WHERE json_extract(readings, "
	            "'$.TC') > 30",
	            &why),
	     &why);
	frame_fill(&f, "nodes", 1);
	ok(store_begin(s, &why) && store_append(s, &f, &why) && store_commit(s, &why),
	   "frames are stored all the same: %s", why.text);
	frame_free(&f);
}

static void a_lock_of_somebody_is_waited_for_but_not_for_ever(struct db *d,
                                                              struct store *s)
{
	struct reason why = {""};
	int64_t start = clock_monotonic_ms(), waited;

	must(db_run(d, "BEGIN IMMEDIATE", &why), &why);
	ok(!store_begin(s, &why) && store_trouble(s) == STORE_BUSY,
	   "the sender is told to come again");
	waited = clock_monotonic_ms() - start;
	ok(waited >= 1000 && waited < 10000, "after %lld ms", (long long)waited);
	same(why.text, "another program holds the store: frames.db: database is locked",
	     "and why");
	db_rollback(d);
	ok(store_begin(s, &why), "when it has gone frames are taken again");
	store_rollback(s);
}

int main(void)
{
	char state[256];
	struct store *s;
	struct db *d;

	state_make(state);
	state_prepare(state);
	s = state_open(state);
	d = open_foreign(state);
	one_insert_makes_a_frame(d, s);
	bad_rows_are_refused(d, s);
	a_seconds_time_is_not_believed(d, s);
	readings_are_made_fit_for_a_document(d, s);
	meshlium_programs_find_their_table(d, s);
	connectors_may_set_sync(d, s);
	a_deleted_frame_is_missed(d, s);
	a_lock_of_somebody_is_waited_for_but_not_for_ever(d, s);
	an_index_of_somebody_does_no_harm(d, s);
	db_run(d, "DROP INDEX theirs", NULL); /* it would refuse what comes now */
	even_lawless_rows_break_no_reader(d, s);
	db_close(d);
	store_close(s);
	state_remove(state);
	return done();
}
