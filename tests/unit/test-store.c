/* SPDX-License-Identifier: MIT */
/* store: frames in, frames out, in order and none twice. */
#include "store.h"

#include <fcntl.h>
#include <poll.h>

#include "db.h"
#include "state.h"
#include "tap.h"

struct taken {
	uint64_t first, last, missing;
	long count, wanted;
	unsigned stop_after; /* 0: never */
	struct frame frame;  /* the last */
	char readings[400];
};

static bool take(void *context, const struct store_row *row)
{
	struct taken *t = context;

	t->first = t->count == 0 ? row->frame->id : t->first;
	t->last = row->frame->id;
	t->missing += row->missing;
	t->wanted += row->is_wanted;
	t->frame = *row->frame;
	snprintf(t->readings, sizeof t->readings, "%s",
	         buf_string(&row->frame->readings));
	return ++t->count != t->stop_after;
}

static struct store *open_writer(const char *state, int64_t max_size)
{
	struct reason why = {""};
	struct store *s;

	must(store_open_writer(&s, state, max_size, &why), &why);
	return s;
}

static struct store *open_reader(const char *state)
{
	struct reason why = {""};
	struct store *s;

	must(store_open_reader(&s, state, &why), &why);
	return s;
}

static void a_frame_comes_out_as_it_went_in(const char *state)
{
	struct store *writer = open_writer(state, 0), *reader = open_reader(state);
	struct frame f = {0}, whole = {0};
	struct reason why = {""};
	struct taken t = {0};

	ok(strlen(store_id(reader)) == 16 &&
	           strcmp(store_id(reader), store_id(writer)) == 0,
	   "the store has an id");
	ok(store_last_id(reader) == 0 && store_first_id(reader) == 1, "it is empty");
	ok(store_read(reader, 0, 10, take, &t, &why) == 0, "nothing is to be read");
	frame_fill(&f, "nodes", 12);
	f.measured_ms = 1760000000123;
	f.duplicate = true;
	buf_add(&f.undecoded, "\0\xFF", 2);
	must(store_begin(writer, &why), &why);
	ok(store_append(writer, &f, &why) && f.id == 1, "the first frame gets id 1");
	ok(store_read(reader, 0, 10, take, &t, &why) == 0,
	   "nobody sees it before the commit");
	ok(store_commit(writer, &why), "it is committed");
	ok(store_read(reader, 0, 10, take, &t, &why) == 1 && t.frame.id == 1 &&
	           t.missing == 0,
	   "then it is there");
	ok(t.frame.received_ms == f.received_ms && t.frame.measured_ms == 1760000000123 &&
	           t.frame.clock_ok && t.frame.duplicate && t.frame.sequence == 12 &&
	           t.frame.type == 0x86,
	   "numbers as they went in");
	same(t.frame.source, "nodes", "its source");
	same(t.frame.node, "SCP4", "its node");
	same(t.frame.serial, "5C2A1F7E9B3D0846", "its serial");
	same(t.readings, buf_string(&f.readings), "its readings, byte by byte");
	ok(store_fetch(reader, 1, &whole, &why) && whole.raw.len == f.raw.len &&
	           memcmp(whole.raw.data, f.raw.data, f.raw.len) == 0 &&
	           whole.undecoded.len == 2,
	   "the raw bytes can be fetched");
	ok(!store_fetch(reader, 2, &whole, &why), "a frame that is not there cannot");
	same(why.text, "frame 2 is not in the store", "and that is said");

	frame_clear(&f);
	strcpy(f.source, "json");
	buf_text(&f.readings, "{}");
	must(store_begin(writer, &why) && store_append(writer, &f, &why) &&
	             store_commit(writer, &why),
	     &why);
	ok(store_read(reader, 1, 10, take, &t, &why) == 1 && t.frame.node[0] == '\0' &&
	           t.frame.serial[0] == '\0' && t.frame.sequence == FRAME_NONE &&
	           t.frame.type == FRAME_NONE && t.frame.measured_ms == FRAME_NONE &&
	           !t.frame.clock_ok && !t.frame.duplicate,
	   "what is not known stays so");
	ok(store_input_received(reader, "nodes") == 1 &&
	           store_input_received(reader, "json") == 1 &&
	           store_input_received(reader, "none") == 0,
	   "each input's frames are counted");
	frame_free(&f);
	frame_free(&whole);
	store_close(reader);
	store_close(writer);
}

static void reading_goes_on_where_it_stopped(const char *state)
{
	struct store *writer = open_writer(state, 0);
	struct reason why = {""};
	struct taken t = {0};
	uint64_t last = store_last_id(writer);

	state_store(writer, "nodes", 100);
	ok(store_read(writer, last, 30, take, &t, &why) == 30 && t.first == last + 1 &&
	           t.last == last + 30,
	   "as many as were asked for, in order");
	t = (struct taken){.stop_after = 5};
	ok(store_read(writer, last + 30, 30, take, &t, &why) == 5 && t.last == last + 35,
	   "a taker that has enough stops it");
	t = (struct taken){0};
	ok(store_read(writer, last + 35, 1000, take, &t, &why) == 65 &&
	           t.last == last + 100,
	   "the rest");
	ok(store_read(writer, last + 100, 1000, take, &t, &why) == 0, "and no more");
	ok(store_frames_between(writer, last, last + 100) == 100 &&
	           store_frames_between(writer, last + 5, last) == 0,
	   "100 frames were waiting");
	store_close(writer);
}

static void a_group_is_there_whole_or_not_at_all(const char *state)
{
	struct store *writer = open_writer(state, 0), *other;
	struct frame f = {0};
	struct reason why = {""};
	uint64_t last = store_last_id(writer),
		 received = store_input_received(writer, "nodes");

	frame_fill(&f, "nodes", 1);
	must(store_begin(writer, &why) && store_append(writer, &f, &why) &&
	             store_append(writer, &f, &why),
	     &why);
	store_rollback(writer);
	ok(store_last_id(writer) == last &&
	           store_input_received(writer, "nodes") == received,
	   "what was rolled back leaves no trace, not in the counters either");
	must(store_begin(writer, &why) && store_append(writer, &f, &why), &why);
	store_close(writer);
	other = open_writer(state, 0);
	ok(store_begin(other, &why),
	   "a writer that is closed in the middle holds nobody up");
	ok(store_append(other, &f, &why) && f.id == last + 1 && store_commit(other, &why),
	   "and its ids are given to the next");
	frame_free(&f);
	store_close(other);
}

static void a_wrong_frame_spares_its_group(const char *state)
{
	struct store *s = open_writer(state, 0);
	struct frame f = {0};
	struct reason why = {""};
	uint64_t last = store_last_id(s);

	must(store_begin(s, &why), &why);
	frame_fill(&f, "nodes", 1);
	must(store_append(s, &f, &why), &why);
	frame_fill(&f, "nodes", 2);
	buf_clear(&f.readings);
	ok(!store_append(s, &f, &why) && store_trouble(s) == STORE_REFUSED,
	   "a frame without readings is refused");
	for (int i = 0; i < 10000; i++)
		buf_text(&f.readings, i == 0 ? "{\"a\":" : "[[[[[[[[");
	ok(!store_append(s, &f, &why) && store_trouble(s) == STORE_REFUSED,
	   "so is one that is too long: %s", why.text);
	frame_fill(&f, "nodes", 3);
	ok(store_append(s, &f, &why) && store_commit(s, &why) && f.id == last + 2,
	   "the others of the group are stored");
	frame_free(&f);
	store_close(s);
}

static void a_commit_wakes_who_watches(const char *state)
{
	struct store *s = open_writer(state, 0);
	struct statedir_watch w;
	struct reason why = {""};
	struct pollfd p;

	must(statedir_watch(&w, state, &why), &why);
	state_store(s, "nodes", 1);
	p = (struct pollfd){w.fd, POLLIN, 0};
	ok(poll(&p, 1, 1000) == 1 && statedir_watch_read(&w) && !w.foreign,
	   "an output would sleep for a minute");
	must(store_begin(s, &why), &why);
	store_rollback(s);
	ok(poll(&p, 1, 0) == 0, "what was not committed wakes nobody");
	statedir_watch_close(&w);
	store_close(s);
}

static void a_full_store_refuses_and_recovers(const char *state)
{
	struct store *s = open_writer(state, 1000000), *evicting;
	struct frame f = {0};
	struct store_numbers n, before;
	struct reason why = {""};
	struct taken t = {0};
	uint64_t last;

	frame_fill(&f, "nodes", 1);
	while (store_begin(s, &why)) {
		for (int i = 0; i < 50; i++)
			must(store_append(s, &f, &why), &why);
		must(store_commit(s, &why), &why);
	}
	ok(store_trouble(s) == STORE_FULL, "the sender is told to come again");
	same(why.text, "the store is full (max_size is 1000000 bytes)", "and why");
	must(store_numbers(s, &before, &why), &why);
	ok(before.bytes >= 1000000 && before.bytes < 1150000, "it is full: %lld bytes",
	   (long long)before.bytes);
	last = store_last_id(s);

	evicting = open_writer(state, 1000000);
	for (int i = 0; i < 200; i++) {
		must(store_begin_evicting(evicting, 50, &why), &why);
		for (int j = 0; j < 50; j++)
			must(store_append(evicting, &f, &why), &why);
		must(store_commit(evicting, &why), &why);
	}
	ok(store_last_id(s) == last + 10000,
	   "an input without a way back loses none of its own");
	must(store_numbers(s, &n, &why), &why);
	ok(n.bytes < 1150000, "the store does not grow by it: %lld bytes",
	   (long long)n.bytes);
	ok(n.frames == n.last_id - n.first_id + 1 && n.first_id > before.first_id,
	   "the oldest went");
	ok(store_read(s, before.first_id, 1, take, &t, &why) == 1 &&
	           t.missing == n.first_id - before.first_id - 1,
	   "an output that had them before it learns how many are gone");
	must(store_begin_evicting(evicting, 0, &why) &&
	             store_evict(evicting, 1000000, &why) && store_commit(evicting, &why),
	     &why);
	ok(store_first_id(s) == store_last_id(s) + 1 && store_oldest_after(s, 0) == -1,
	   "all can be evicted");
	ok(state_ask(state,
	             "SELECT count(*) = 1 AND first = 1 AND reason = 'evicted' AND"
	             " last = (SELECT seq FROM sqlite_sequence WHERE name = 'frame') "
	             "FROM gap") == 1,
	   "what went is on record, in one row");
	ok(store_begin(s, &why), "then there is room");
	must(store_append(s, &f, &why) && store_commit(s, &why), &why);
	ok(f.id == last + 10001, "and no id is given twice");
	frame_free(&f);
	store_close(evicting);
	store_close(s);
}

static void garbage_is_kept_within_bounds(const char *state)
{
	struct store *s = open_writer(state, 0);
	struct frame f = {0};
	struct store_numbers n;
	struct reason why = {""};

	frame_clear(&f);
	strcpy(f.source, "nodes");
	f.received_ms = 1;
	must(store_begin(s, &why), &why);
	ok(store_quarantine(s, &f, "nothing at all", &why), "even no bytes can be kept");
	for (int i = 0; i < 6000; i++)
		buf_text(&f.raw, "0123456789");
	for (int i = 0; i < 400; i++)
		must(store_quarantine(s, &f, "no layout fits", &why), &why);
	must(store_commit(s, &why), &why);
	must(store_numbers(s, &n, &why), &why);
	ok(n.quarantined > 250 && n.quarantined < 310,
	   "24 MB of garbage leave about 16 MiB: %lld rows", (long long)n.quarantined);
	frame_free(&f);
	store_close(s);
}

static void times_are_found(const char *state)
{
	struct store *s = open_writer(state, 0);
	struct frame f = {0};
	struct reason why = {""};
	uint64_t last = store_last_id(s);
	int64_t base = clock_wall_ms() + 1000000;
	struct store_numbers n;

	must(store_begin(s, &why), &why);
	for (int i = 1; i <= 100; i++) {
		frame_fill(&f, "nodes", i);
		f.received_ms = base + i * 10;
		if (i % 10 >= 5) { /* the clock is not set for half of them */
			f.received_ms = i;
			f.clock_ok = false;
		}
		must(store_append(s, &f, &why), &why);
	}
	must(store_commit(s, &why), &why);
	ok(store_find_time(s, base + 11) == last + 1, "just behind the first");
	ok(store_find_time(s, base + 10) == last, "just at the first: the one before it");
	ok(store_find_time(s, base + 80) == last + 4,
	   "among those whose clock was not set");
	ok(store_find_time(s, base + 1000000) == last + 100, "behind all");
	ok(store_find_time(s, 1) == 0, "before all there is none");
	must(store_numbers(s, &n, &why), &why);
	ok(n.bytes_per_s > 0 && n.bytes_per_s < (double)n.bytes,
	   "the growth of the last minutes is told: %.0f bytes a second", n.bytes_per_s);
	ok(store_oldest_after(s, last) == base + 10 &&
	           store_oldest_after(s, last + 100) == -1,
	   "the oldest that waits");
	frame_free(&f);
	store_close(s);
}

static void a_database_that_was_taken_away_is_noticed(const char *state)
{
	struct store *writer = open_writer(state, 0), *reader = open_reader(state);
	char from[STATE_PATH_MAX], to[STATE_PATH_MAX];
	struct reason why = {""};
	struct taken t = {0};

	statedir_path(from, state, "frames.db");
	statedir_path(to, state, "taken.db");
	must(rename(from, to) == 0, &why);
	ok(!store_begin(writer, &why) && store_trouble(writer) == STORE_BROKEN,
	   "frames would go into a file that nobody reads");
	same(why.text, "frames.db was moved or removed while it was in use",
	     "and that is said");
	ok(store_read(reader, store_last_id(reader), 1, take, &t, &why) == -1 &&
	           store_trouble(reader) == STORE_BROKEN,
	   "an output would wait for ever");
	must(rename(to, from) == 0, &why);
	store_close(reader);
	store_close(writer);
}

static void without_ballast_nothing_is_taken(const char *state)
{
	struct store *s = open_writer(state, 0);
	char path[STATE_PATH_MAX];
	struct reason why = {""};

	statedir_path(path, state, "ballast");
	ok(access(path, F_OK) == 0, "there is ballast");
	unlink(path);
	ok(store_begin(s, &why),
	   "when it was given up and there is room, it is made again");
	store_rollback(s);
	ok(access(path, F_OK) == 0, "it is there again");
	store_close(s);
}

int main(void)
{
	char state[256];

	state_make(state);
	state_prepare(state);
	a_frame_comes_out_as_it_went_in(state);
	reading_goes_on_where_it_stopped(state);
	a_group_is_there_whole_or_not_at_all(state);
	a_wrong_frame_spares_its_group(state);
	a_commit_wakes_who_watches(state);
	garbage_is_kept_within_bounds(state);
	times_are_found(state);
	a_database_that_was_taken_away_is_noticed(state);
	without_ballast_nothing_is_taken(state);
	state_remove(state);
	state_make(state);
	state_prepare(state);
	a_full_store_refuses_and_recovers(state);
	state_remove(state);
	return done();
}
