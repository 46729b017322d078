/* SPDX-License-Identifier: MIT */
/* Frames out of the store, in order, a batch at a time; what is wanted of them. */
#include <assert.h>
#include <string.h>

#include "store_internal.h"
#include "store_schema.h"

#define FROM_FRAME     " FROM frame WHERE id > ?1 ORDER BY id LIMIT ?2"
#define LENGTH_MAX     1000000 /* bytes of a value that an expression may make */
#define EXPRESSION_MAX 8192

/* They make long texts of short ones, or run other code. */
static const char *const denied[] = {"printf",     "format",         "zeroblob",
                                     "randomblob", "load_extension", NULL};

bool store_prepare_reader(struct store *s, struct reason *why)
{
	struct store_reader *r = &s->reader;

	db_confine(s->db, LENGTH_MAX, denied);
	return db_prepare(s->db, &r->rows, "SELECT " STORE_ROW_COLUMNS FROM_FRAME, why) &&
	       db_prepare(s->db, &r->id_only, "SELECT id" FROM_FRAME, why) &&
	       db_prepare(s->db, &r->whole,
	                  "SELECT " STORE_ROW_COLUMNS ", raw FROM frame WHERE id = ?1",
	                  why) &&
	       db_prepare(s->db, &r->last,
	                  "SELECT seq FROM sqlite_sequence WHERE name = 'frame'", why) &&
	       db_prepare(s->db, &r->first, "SELECT id FROM frame ORDER BY id LIMIT 1",
	                  why) &&
	       db_prepare(s->db, &r->probe,
	                  "SELECT id, received FROM frame WHERE id BETWEEN ?1 AND ?2 AND "
	                  "clock_ok"
	                  " AND received BETWEEN 1735689600000 AND 253402300799999"
	                  " ORDER BY id LIMIT 1",
	                  why) &&
	       db_prepare(s->db, &r->oldest, "SELECT received" FROM_FRAME, why) &&
	       db_prepare(s->db, &r->pages, "PRAGMA page_count", why) &&
	       db_prepare(s->db, &r->free_pages, "PRAGMA freelist_count", why);
}

/* One call of store_read(). */
struct reading {
	struct store *store;
	uint64_t last; /* id handed over last */
	unsigned left;
	bool is_stopped;
	bool (*take)(void *context, const struct store_row *row);
	void *context;
	struct reason *why;
};

static void hand_over(struct reading *r, bool is_wanted)
{
	const struct frame *f = &r->store->reader.frame;
	struct store_row row = {f, is_wanted, f->id - r->last - 1};

	r->last = f->id;
	r->left--;
	r->is_stopped = !r->take(r->context, &row);
}

static void complain_of_damage(struct store *s)
{
	complain(&s->reader.damage, LOG_LEVEL_WARNING,
	         "a frame in the store has readings that are no JSON object: "
	         "it is handed on as undecoded");
}

/* The readings that `select` made; when they are none, the frame stays as it is. */
static void apply_select(struct store *s, struct db_statement *row)
{
	size_t len;
	const char *text = db_column_text(row, STORE_ROW_WIDTH + 1, &len);

	if (text != NULL && store_row_set_readings(&s->reader.frame, text, len))
		return;
	complain(&s->reader.stumble, LOG_LEVEL_WARNING,
	         "select gave no JSON object: the frame is handed on as it is");
}

static bool take_row(struct reading *r, struct db_statement *row)
{
	struct store *s = r->store;
	struct frame *f = &s->reader.frame;
	bool is_wanted =
		row != s->reader.wanted || db_column_number(row, STORE_ROW_WIDTH) != 0;

	if (!store_row_read(row, f))
		complain_of_damage(s);
	if (row == s->reader.wanted && is_wanted && s->reader.has_select)
		apply_select(s, row);
	if (f->readings.failed || f->undecoded.failed)
		return fail(r->why, "out of memory");
	hand_over(r, is_wanted);
	return true;
}

enum run { RUN_OVER, RUN_STUMBLED, RUN_FAILED };

/* Hands rows over until there are no more, they are not wanted any more, or one cannot be
 * evaluated or read. */
static enum run run(struct reading *r, struct db_statement *q, unsigned limit)
{
	enum run result = RUN_OVER;
	int rows = 0;

	db_bind_number(q, 1, (int64_t)r->last);
	db_bind_number(q, 2, limit);
	while (!r->is_stopped && r->left > 0 && (rows = db_step(q, r->why)) > 0) {
		if (!take_row(r, q)) {
			store_is_broken(r->store);
			result = RUN_FAILED;
			break;
		}
	}
	if (rows < 0) {
		enum db_trouble trouble = db_trouble(r->store->db);

		result = trouble == DB_SQL || trouble == DB_REFUSED ? RUN_STUMBLED
		                                                    : RUN_FAILED;
		store_failed(r->store, r->why);
	}
	db_reset(q);
	return result;
}

/* A row too long to be read, which only a program that ignores the constraints can write.
 */
static enum run run_by_id(struct reading *r)
{
	struct db_statement *q = r->store->reader.id_only;
	struct frame *f = &r->store->reader.frame;
	int rows;

	db_bind_number(q, 1, (int64_t)r->last);
	db_bind_number(q, 2, 1);
	rows = db_step(q, r->why);
	if (rows > 0) {
		frame_clear(f);
		f->id = (uint64_t)db_column_number(q, 0);
		buf_text(&f->readings, "{}");
		complain_of_damage(r->store);
	}
	db_reset(q);
	if (rows > 0)
		hand_over(r, true);
	else if (rows < 0)
		store_failed(r->store, r->why);
	return rows < 0 ? RUN_FAILED : RUN_OVER;
}

/* Hands the one row over on which the reading stumbled, as it is. */
static enum run step_over(struct reading *r, const struct db_statement *stumbled)
{
	struct store_reader *reader = &r->store->reader;
	enum run result;

	if (stumbled == reader->wanted)
		complain(&reader->stumble, LOG_LEVEL_WARNING,
		         "where or select failed on a frame, which is handed on as it "
		         "is: %s",
		         r->why->text);
	result = run(r, reader->rows, 1);
	return result == RUN_STUMBLED ? run_by_id(r) : result;
}

long store_read(struct store *s, uint64_t after, unsigned limit,
                bool (*take)(void *context, const struct store_row *row), void *context,
                struct reason *why)
{
	struct db_statement *q =
		s->reader.wanted != NULL ? s->reader.wanted : s->reader.rows;
	struct reason unused;
	struct reading r = {.store = s,
	                    .last = after,
	                    .left = limit,
	                    .take = take,
	                    .context = context,
	                    .why = why != NULL ? why : &unused};
	enum run result;

	do {
		result = run(&r, q, r.left);
		if (result == RUN_STUMBLED)
			result = step_over(&r, q);
		else if (result == RUN_OVER)
			break;
	} while (result == RUN_OVER && !r.is_stopped && r.left > 0);
	if (result == RUN_FAILED || (r.left == limit && !store_is_in_place(s, why)))
		return -1;
	return (long)(limit - r.left);
}

static bool add_expressions(struct buf *sql, const char *where, const char *select)
{
	/* Line ends, so that a comment in an expression ends with it. */
	buf_text(sql, "SELECT " STORE_ROW_COLUMNS ", ");
	if (where == NULL)
		buf_text(sql, "1, ");
	else
		buf_format(sql, "((\n%s\n) IS TRUE), ", where);
	if (select == NULL)
		buf_text(sql, "NULL");
	else if (where == NULL)
		buf_format(sql, "(\n%s\n)", select);
	else
		buf_format(sql, "CASE WHEN (\n%s\n) IS TRUE THEN (\n%s\n) END", where,
		           select);
	buf_text(sql, FROM_FRAME);
	return !sql->failed;
}

bool store_want(struct store *s, const char *where, const char *select,
                struct reason *why)
{
	struct buf sql = {0};
	bool is_done;

	db_finalize(s->reader.wanted);
	s->reader.wanted = NULL;
	s->reader.has_select = select != NULL;
	if (where == NULL && select == NULL)
		return true;
	is_done = add_expressions(&sql, where, select)
	                  ? db_prepare(s->db, &s->reader.wanted, buf_string(&sql), why)
	                  : fail(why, "out of memory");
	buf_free(&sql);
	return is_done;
}

/* Only an expression may stand in an index, over this row's columns alone, and SQLite has
 * words for everything else. */
static bool check_in_index(struct db *d, const char *expression, struct reason *why)
{
	struct buf sql = {0};
	bool is_fine;

	buf_format(&sql, "CREATE INDEX x ON frame((\n%s\n))", expression);
	is_fine = db_run(d, buf_string(&sql), why);
	buf_free(&sql);
	return is_fine;
}

/* What would end the bracket that it stands in may pass there, and does not pass here. */
static bool check_in_select(struct db *d, const char *expression, struct reason *why)
{
	struct buf sql = {0};
	struct db_statement *q = NULL;
	bool is_fine;

	buf_format(&sql, "SELECT (\n%s\n) FROM frame", expression);
	is_fine = db_prepare(d, &q, buf_string(&sql), why);
	if (is_fine && db_columns(q) != 1)
		is_fine = fail(why, "it is more than one expression");
	buf_free(&sql);
	return is_fine;
}

/* SQLite's words without what is said of our index and our line ends. */
static void trim_words(char *text)
{
	char *end = strstr(text, " in index expressions");

	if (end != NULL)
		*end = '\0';
	text[strcspn(text, "\n")] = '\0';
}

bool store_check_sql(const char *expression, struct reason *why)
{
	struct db *d;
	bool is_fine;

	if (strlen(expression) > EXPRESSION_MAX)
		return fail(why, "it is longer than %d characters", EXPRESSION_MAX);
	if (!db_open_memory(&d, why))
		return false;
	is_fine = db_run(d, store_schema[0].sql, why);
	db_confine(d, LENGTH_MAX, denied);
	is_fine = is_fine && check_in_index(d, expression, why) &&
	          check_in_select(d, expression, why);
	db_close(d);
	if (!is_fine && why != NULL)
		trim_words(why->text);
	return is_fine;
}

bool store_fetch(struct store *s, uint64_t id, struct frame *out, struct reason *why)
{
	struct db_statement *q = s->reader.whole;
	int rows;

	db_bind_number(q, 1, (int64_t)id);
	rows = db_step(q, why);
	if (rows > 0) {
		store_row_read(q, out);
		store_row_read_raw(q, out);
	}
	db_reset(q);
	if (rows == 0) {
		s->trouble = STORE_FINE;
		return fail(why, "frame %llu is not in the store",
		            (unsigned long long)id);
	}
	return rows > 0 || store_failed(s, why);
}
