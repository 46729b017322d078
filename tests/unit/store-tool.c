/* SPDX-License-Identifier: MIT */
/*
 * A writer for tests that kill it or fill its disk.  It says on stdout what it promised,
 * one write a line, so that the line is there when the promise was made.
 *
 *   store-tool prepare STATE            makes the store, or mends it
 *   store-tool write STATE COUNT PER    stores frames in groups: "acked LAST" for each
 *   store-tool fill STATE               until it is refused: "acked LAST", then "full
 * LAST" store-tool check STATE              "frames COUNT first ID last ID" after reading
 * all store-tool copy STATE               copies SQLite's log back and cuts it store-tool
 * keep STATE ROUNDS        housekeeping, with nothing to be kept
 */
#include "keep.h"
#include "ledger.h"
#include "place.h"
#include "state.h"
#include "store_keep.h"

static void say(const char *word, uint64_t number)
{
	char line[80];
	int len = snprintf(line, sizeof line, "%s %llu\n", word,
	                   (unsigned long long)number);

	if (write(STDOUT_FILENO, line, (size_t)len) != len)
		exit(3);
}

static int stop(const char *what, const struct reason *why)
{
	fprintf(stderr, "store-tool: %s: %s\n", what, why->text);
	return 2;
}

/* One group, which is promised when it is committed. */
static bool write_group(struct store *s, int per, uint64_t *last, struct reason *why)
{
	static int number;
	struct frame f = {0};
	bool is_done = store_begin(s, why);

	for (int i = 0; i < per && is_done; i++) {
		frame_fill(&f, "tool", number++);
		is_done = store_append(s, &f, why);
	}
	is_done = is_done && store_commit(s, why);
	if (is_done) {
		*last = f.id;
		say("acked", *last);
	}
	frame_free(&f);
	return is_done;
}

static int run_write(const char *state, int count, int per)
{
	struct reason why = {""};
	bool is_fine = true;
	uint64_t last;
	struct store *s;

	if (!store_open_writer(&s, state, 0, &why))
		return stop("open", &why);
	for (int i = 0; i < count && is_fine; i++)
		is_fine = write_group(s, per, &last, &why);
	store_close(s);
	return is_fine ? 0 : stop("write", &why);
}

static int run_fill(const char *state, bool is_patient)
{
	int64_t deadline = clock_monotonic_ms() + 20000;
	struct reason why = {""};
	uint64_t last = 0;
	bool is_fine;
	struct store *s;

	if (!store_open_writer(&s, state, 0, &why))
		return stop("open", &why);
	while (write_group(s, 100, &last, &why))
		continue;
	is_fine = store_trouble(s) == STORE_FULL;
	if (is_fine)
		say("full", last);
	while (is_fine && is_patient && !write_group(s, 100, &last, &why)) {
		is_fine =
			store_trouble(s) == STORE_FULL && clock_monotonic_ms() < deadline;
		usleep(10000);
	}
	store_close(s);
	return is_fine ? 0 : stop("fill", &why);
}

static int set_place(const char *state, uint64_t cursor)
{
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	enum place_state found;
	struct place_data data;
	struct place *p;
	struct store *s;
	bool is_fine;

	statedir_file(path, state, "outputs", "tool", "place");
	if (!store_open_reader(&s, state, &why))
		return stop("open", &why);
	is_fine = place_open(&p, path, &found, &why);
	if (is_fine) {
		data = *place_get(p);
		memcpy(data.store_id, store_id(s), sizeof data.store_id);
		data.cursor = cursor;
		place_set(p, &data);
		is_fine = place_sync(p, &why);
		place_close(p);
	}
	store_close(s);
	return is_fine ? 0 : stop("place", &why);
}

static int run_settle(const char *state, int count)
{
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	struct frame f = {0};
	bool is_fine = true;
	struct ledger *l;

	statedir_file(path, state, "outputs", "tool", "db");
	if (!ledger_open(&l, path, &why))
		return stop("ledger", &why);
	for (int i = 1; i <= count && is_fine; i++) {
		frame_fill(&f, "tool", i);
		f.id = (uint64_t)i;
		is_fine = ledger_add_dead(l, "0123456789abcdef", &f, "never", 1, &why) &&
		          set_place(state, f.id) == 0;
	}
	frame_free(&f);
	ledger_close(l);
	return is_fine ? 0 : stop("settle", &why);
}

static bool take(void *context, const struct store_row *row)
{
	uint64_t *last = context;

	*last = row->frame->id;
	return true;
}

static int run_check(const char *state)
{
	struct reason why = {""};
	uint64_t first, last = 0, frames = 0;
	struct store *s;
	long got;

	if (!store_open_reader(&s, state, &why))
		return stop("open", &why);
	first = store_first_id(s);
	while ((got = store_read(s, last, 500, take, &last, &why)) > 0)
		frames += (uint64_t)got;
	store_close(s);
	printf("frames %llu first %llu last %llu\n", (unsigned long long)frames,
	       (unsigned long long)first, (unsigned long long)last);
	return got == 0 ? 0 : stop("read", &why);
}

/* Copies SQLite's log back, so that damage to the file counts. */
static int run_copy(const char *state)
{
	struct reason why = {""};
	struct store *s;
	bool is_fine;

	if (!store_open_keeper(&s, state, &why))
		return stop("open", &why);
	is_fine = store_checkpoint(s, LOG_CUT, WAIT_TURN, &why) == STEP_DONE;
	store_close(s);
	return is_fine ? 0 : stop("copy", &why);
}

/* Housekeeping: so many rounds, or, unless they are very many, until there is nothing to
 * do. */
static int run_keep(const char *state, int rounds)
{
	struct keep_rules rules = {0, 0};
	struct reason why = {""};
	bool is_endless = rounds > 9999;
	int64_t due_ms = 0;
	struct keep *k;

	if (!keep_open(&k, state, &rules, &why))
		return stop("open", &why);
	for (; rounds > 0 && due_ms >= 0 && (is_endless || due_ms < 30000); rounds--) {
		due_ms = keep_round(k, &why);
		usleep(2000);
	}
	keep_close(k);
	return due_ms >= 0 ? 0 : stop("keep", &why);
}

int main(int count, char **args)
{
	struct reason why = {""};

	if (count == 3 && strcmp(args[1], "prepare") == 0)
		return store_prepare(args[2], &why) == PREPARE_FINE
		               ? 0
		               : stop("prepare", &why);
	if (count == 5 && strcmp(args[1], "write") == 0)
		return run_write(args[2], atoi(args[3]), atoi(args[4]));
	if (count == 3 && strcmp(args[1], "fill") == 0)
		return run_fill(args[2], false);
	if (count == 3 && strcmp(args[1], "patient") == 0)
		return run_fill(args[2], true);
	if (count == 4 && strcmp(args[1], "settle") == 0)
		return run_settle(args[2], atoi(args[3]));
	if (count == 4 && strcmp(args[1], "place") == 0)
		return set_place(args[2], strtoull(args[3], NULL, 10));
	if (count == 3 && strcmp(args[1], "check") == 0)
		return run_check(args[2]);
	if (count == 3 && strcmp(args[1], "copy") == 0)
		return run_copy(args[2]);
	if (count == 4 && strcmp(args[1], "keep") == 0)
		return run_keep(args[2], atoi(args[3]));
	fprintf(stderr, "store-tool: see the beginning of store-tool.c\n");
	return 64;
}
