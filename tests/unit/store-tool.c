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

static int run_write(const char *state, int count, int per)
{
	struct reason why = {""};
	struct frame f = {0};
	struct store *s;

	if (!store_open_writer(&s, state, 0, &why))
		return stop("open", &why);
	for (int i = 0; i < count; i++) {
		if (!store_begin(s, &why))
			return stop("begin", &why);
		for (int j = 0; j < per; j++) {
			frame_fill(&f, "tool", i * per + j);
			if (!store_append(s, &f, &why))
				return stop("append", &why);
		}
		if (!store_commit(s, &why))
			return stop("commit", &why);
		say("acked", f.id);
	}
	frame_free(&f);
	store_close(s);
	return 0;
}

static bool write_group(struct store *s, uint64_t *last, struct reason *why)
{
	struct frame f = {0};
	bool is_done = store_begin(s, why);

	for (int j = 0; j < 100 && is_done; j++) {
		frame_fill(&f, "tool", j);
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

static int run_fill(const char *state, bool is_patient)
{
	int64_t deadline = clock_monotonic_ms() + 20000;
	struct reason why = {""};
	uint64_t last = 0;
	struct store *s;

	if (!store_open_writer(&s, state, 0, &why))
		return stop("open", &why);
	while (write_group(s, &last, &why))
		continue;
	if (store_trouble(s) != STORE_FULL)
		return stop("fill", &why);
	say("full", last);
	while (is_patient && !write_group(s, &last, &why)) {
		if (store_trouble(s) != STORE_FULL || clock_monotonic_ms() > deadline)
			return stop("wait", &why);
		usleep(10000);
	}
	store_close(s);
	return 0;
}

static int set_place(const char *state, uint64_t cursor)
{
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	enum place_state found;
	struct place_data data;
	struct place *p;
	struct store *s;

	statedir_file(path, state, "outputs", "tool", "place");
	if (!store_open_reader(&s, state, &why) || !place_open(&p, path, &found, &why))
		return stop("place", &why);
	data = *place_get(p);
	memcpy(data.store_id, store_id(s), sizeof data.store_id);
	data.cursor = cursor;
	place_set(p, &data);
	if (!place_sync(p, &why))
		return stop("sync", &why);
	place_close(p);
	store_close(s);
	return 0;
}

static int run_settle(const char *state, int count)
{
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	struct frame f = {0};
	struct ledger *l;

	statedir_file(path, state, "outputs", "tool", "db");
	if (!ledger_open(&l, path, &why))
		return stop("ledger", &why);
	for (int i = 1; i <= count; i++) {
		frame_fill(&f, "tool", i);
		f.id = (uint64_t)i;
		if (!ledger_add_dead(l, "0123456789abcdef", &f, "never", 1, &why))
			return stop("dead letter", &why);
		if (set_place(state, f.id) != 0)
			return 2;
	}
	frame_free(&f);
	ledger_close(l);
	return 0;
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
	if (got < 0)
		return stop("read", &why);
	printf("frames %llu first %llu last %llu\n", (unsigned long long)frames,
	       (unsigned long long)first, (unsigned long long)last);
	store_close(s);
	return 0;
}

/* Copies SQLite's log back, so that damage to the file counts. */
static int run_copy(const char *state)
{
	struct reason why = {""};
	struct store *s;

	if (!store_open_keeper(&s, state, &why) ||
	    store_checkpoint(s, LOG_CUT, WAIT_TURN, &why) != STEP_DONE)
		return stop("copy", &why);
	store_close(s);
	return 0;
}

/* Housekeeping, until there is nothing to do, or `rounds` were made. */
static int run_keep(const char *state, int rounds)
{
	struct keep_rules rules = {0, 0};
	struct reason why = {""};
	struct keep *k;

	if (!keep_open(&k, state, &rules, &why))
		return stop("open", &why);
	for (int64_t due_ms = 0; rounds > 0 && (rounds > 9999 || due_ms < 30000);
	     rounds--) {
		due_ms = keep_round(k, &why);
		if (due_ms < 0)
			return stop("keep", &why);
		usleep(2000);
	}
	keep_close(k);
	return 0;
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
