/* SPDX-License-Identifier: MIT */
/* store_salvage: whatever becomes of the file, service goes on with what can be read. */
#include "store_salvage.h"

#include <dirent.h>
#include <fcntl.h>

#include "db.h"
#include "highwater.h"
#include "place.h"
#include "state.h"
#include "store_keep.h"
#include "tap.h"

#define FRAMES 5000

/* FRAMES frames in the database proper, 50 more in its log alone. */
static void make_store(const char *state)
{
	struct reason why = {""};
	struct store *s;

	state_prepare(state);
	s = state_open(state);
	state_store(s, "nodes", FRAMES - 50);
	must(store_checkpoint(s, LOG_CUT, WAIT_TURN, &why) == STEP_DONE, &why);
	state_store(s, "nodes", 50);
	store_close(s);
}

struct counted {
	uint64_t frames, missing, last;
	unsigned wrong; /* frames whose number is not the one they were stored with */
	int first_number;
};

static bool count(void *context, const struct store_row *row)
{
	struct counted *c = context;
	int number = -1;

	sscanf(buf_string(&row->frame->readings), "{\"N\":%d", &number);
	c->frames++;
	c->missing += row->missing;
	c->last = row->frame->id;
	c->wrong += number - c->first_number != (int)row->frame->id - 1;
	return true;
}

static struct counted count_frames(const char *state, int first_number)
{
	struct counted c = {.first_number = first_number};
	struct store *s = state_open(state);
	struct reason why = {""};

	while (store_read(s, c.last, 500, count, &c, &why) > 0)
		continue;
	store_close(s);
	return c;
}

/* A file of the state directory that begins so; "": none. */
static char *find(const char *state, const char *begin, const char *end)
{
	static char name[300];
	struct dirent *entry;
	DIR *dir = opendir(state);

	name[0] = '\0';
	while ((entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (strncmp(entry->d_name, begin, strlen(begin)) == 0 &&
		    len >= strlen(end) &&
		    strcmp(entry->d_name + len - strlen(end), end) == 0)
			snprintf(name, sizeof name, "%s", entry->d_name);
	}
	closedir(dir);
	return name;
}

static void damage(const char *state, long page, const void *bytes, size_t len)
{
	int fd = statedir_open(state, "frames.db", NULL);

	if (pwrite(fd, bytes, len, (page - 1) * 4096) != (ssize_t)len)
		exit(1);
	close(fd);
}

static void make_suspect(const char *state)
{
	close(statedir_open(state, "suspect", NULL));
}

static void check_service(const char *state, const char *former)
{
	struct reason why = {""};
	struct place_data data;
	char path[STATE_PATH_MAX];
	struct store *s = state_open(state);

	ok(strcmp(store_id(s), former) != 0,
	   "the store has a new id, so all uids are new");
	statedir_file(path, state, "outputs", "broker", "place");
	ok(place_read(path, false, &data) == PLACE_GOOD &&
	           strcmp(data.store_id, store_id(s)) == 0 && data.cursor == 3000,
	   "the output goes on where it was, and sends nothing twice");
	ok(state_store(s, "nodes", 1) == FRAMES + 1, "new frames go on behind the old");
	store_close(s);
	ok(find(state, "frames.db.corrupt-", "0123456789")[0] == '\0' &&
	           find(state, "frames.db.corrupt-", "")[0] != '\0',
	   "the damaged file is kept: %s", find(state, "frames.db.corrupt-", ""));
	ok(find(state, "frames.db.new", "")[0] == '\0' &&
	           find(state, "frames.db.graft", "")[0] == '\0' &&
	           find(state, "suspect", "")[0] == '\0',
	   "and nothing else is left over");
	ok(store_prepare(state, &why) == PREPARE_FINE, "the next start finds all well %s",
	   why.text);
}

static int next_number; /* of state_store() */

/* One kind of damage, with the fewest frames that have to be saved from it. */
static void survive(const char *what, void (*harm)(const char *state), uint64_t least)
{
	char state[256], former[STORE_ID_SIZE];
	struct reason why = {""};
	struct counted c;
	struct store *s;

	state_make(state);
	make_store(state);
	s = state_open(state);
	strcpy(former, store_id(s));
	store_close(s);
	state_set_place(state, "broker", former, 3000);
	harm(state);
	make_suspect(state);
	ok(store_prepare(state, &why) == PREPARE_FINE, "%s: service goes on %s", what,
	   why.text);
	c = count_frames(state, next_number);
	ok(c.frames >= least, "%llu of %d frames are saved", (unsigned long long)c.frames,
	   FRAMES);
	ok(c.wrong == 0, "each under its own id");
	ok(c.last <= FRAMES, "none that never was");
	check_service(state, former);
	next_number += FRAMES + 1;
	state_remove(state);
}

static void one_leaf(const char *state)
{
	char zeros[4096] = "";

	damage(state, 60, zeros, sizeof zeros);
}

static void one_leaf_in_two_places(const char *state)
{
	char page[4096];
	int fd = statedir_open(state, "frames.db", NULL);

	if (pread(fd, page, sizeof page, 59 * 4096) != sizeof page)
		exit(1);
	close(fd);
	damage(state, 100, page, sizeof page);
}

static void many_pages(const char *state)
{
	char rubbish[4096];

	for (unsigned i = 0; i < sizeof rubbish; i++)
		rubbish[i] = (char)(i * 37 + 11);
	for (long page = 20; page < 400; page += 20)
		damage(state, page, rubbish, sizeof rubbish);
}

static void first_page(const char *state)
{
	char zeros[4096] = "";

	damage(state, 1, zeros, sizeof zeros);
}

static void first_bytes(const char *state)
{
	damage(state, 1, "XXXXXXXXXXXXXXXX", 16);
}

static void remove_log(const char *state)
{
	char path[STATE_PATH_MAX];

	statedir_path(path, state, "frames.db-wal");
	unlink(path);
}

static void first_page_without_log(const char *state)
{
	first_page(state);
	remove_log(state);
}

static void first_bytes_without_log(const char *state)
{
	first_bytes(state);
	remove_log(state);
}

static void everything(const char *state)
{
	char zeros[4096] = "";

	for (long page = 1; page < 250; page++)
		damage(state, page, zeros, sizeof zeros);
}

static void half(const char *state)
{
	char path[STATE_PATH_MAX];
	struct stat info;

	statedir_path(path, state, "frames.db");
	if (stat(path, &info) != 0 || truncate(path, info.st_size / 2 / 4096 * 4096) != 0)
		exit(1);
}

static void a_letter_of_the_schema(const char *state)
{
	char bytes[40960], *at = bytes;
	int fd;

	remove_log(state);
	fd = statedir_open(state, "frames.db", NULL);
	if (pread(fd, bytes, sizeof bytes, 0) != sizeof bytes)
		exit(1);
	close(fd);
	/* wherever the text lies, or has lain */
	while ((at = memmem(at, (size_t)(bytes + sizeof bytes - at), "-- when it came",
	                    15)) != NULL)
		*at = '+';
	damage(state, 1, bytes, sizeof bytes);
}

static void page_that_leads_in_circles(const char *state)
{
	unsigned char page[4096];
	int fd = statedir_open(state, "frames.db", NULL);

	remove_log(state);
	/* the root of frame: every child is the same leaf */
	for (long at = 2; at < 12; at++) {
		if (pread(fd, page, sizeof page, (at - 1) * 4096) != sizeof page ||
		    page[0] != 5)
			continue;
		for (int cell = 0; cell < (page[3] << 8 | page[4]); cell++) {
			int place = page[12 + 2 * cell] << 8 | page[13 + 2 * cell];

			if (place > 12 && place < 4090)
				memcpy(page + place, "\0\0\0\x40", 4);
		}
		damage(state, at, page, sizeof page);
	}
	close(fd);
}

/* With a suspicion, and maybe harm that is none. */
static void lose_nothing(void (*harm)(const char *state), const char *what)
{
	char state[256];
	struct reason why = {""};
	struct counted c;

	state_make(state);
	make_store(state);
	if (harm != NULL)
		harm(state);
	make_suspect(state);
	ok(store_prepare(state, &why) == PREPARE_FINE &&
	           find(state, "suspect", "")[0] == '\0' &&
	           find(state, "frames.db.corrupt", "")[0] == '\0',
	   "%s %s", what, why.text);
	c = count_frames(state, next_number);
	ok(c.frames == FRAMES && c.wrong == 0, "with all frames");
	next_number += FRAMES;
	state_remove(state);
}

static void a_suspicion_without_ground_costs_nothing(void)
{
	lose_nothing(NULL, "a store that is whole stays where it is");
}

static void damage_that_the_log_makes_good_costs_nothing(void)
{
	lose_nothing(first_page,
	             "so does one whose first page is zeros, as its log has it");
}

static void damage_met_at_work_is_remembered(void)
{
	char state[256];
	struct reason why = {""};
	struct counted c = {0};
	struct store *s;
	long got;

	state_make(state);
	make_store(state);
	one_leaf(state);
	ok(store_prepare(state, &why) == PREPARE_FINE &&
	           find(state, "frames.db.corrupt", "")[0] == '\0',
	   "damage in the middle is not seen at a start");
	s = state_open(state);
	while ((got = store_read(s, c.last, 500, count, &c, &why)) > 0)
		continue;
	ok(got == -1 && store_trouble(s) == STORE_BROKEN, "an output meets it: %s",
	   why.text);
	store_close(s);
	ok(find(state, "suspect", "")[0] != '\0', "and leaves word");
	ok(store_prepare(state, &why) == PREPARE_FINE &&
	           find(state, "frames.db.corrupt", "")[0] != '\0',
	   "so that the next start salvages %s", why.text);
	next_number += FRAMES;
	state_remove(state);
}

/* Between the renames of a salvage, with the database gone and the new one whole. */
static void a_salvage_that_was_killed_is_ended(void)
{
	char state[256], from[STATE_PATH_MAX], to[STATE_PATH_MAX];
	struct reason why = {""};
	struct counted c;
	struct store *s;

	state_make(state);
	make_store(state);
	s = state_open(state);
	must(store_checkpoint(s, LOG_CUT, WAIT_TURN, &why) == STEP_DONE, &why);
	store_close(s);
	statedir_path(from, state, "frames.db");
	statedir_path(to, state, "frames.db.new");
	must(rename(from, to) == 0, &why);
	statedir_path(to, state, "frames.db-wal");
	must(access(to, F_OK) == 0, &why);
	ok(store_prepare(state, &why) == PREPARE_FINE, "the new store takes its place %s",
	   why.text);
	c = count_frames(state, next_number);
	ok(c.frames == FRAMES, "with what was saved");
	ok(find(state, "frames.db.corrupt-", "-wal")[0] != '\0',
	   "the old log is kept with the old file");
	next_number += FRAMES;
	state_remove(state);
}

int main(void)
{
	survive("one leaf is zeros", one_leaf, FRAMES - 40);
	survive("one leaf lies in two places", one_leaf_in_two_places, FRAMES - 40);
	survive("every twentieth page is rubbish", many_pages, FRAMES * 8 / 10);
	survive("the first page and the log are gone", first_page_without_log,
	        FRAMES - 50);
	survive("the first bytes and the log are gone", first_bytes_without_log,
	        FRAMES - 50);
	survive("most pages are zeros", everything, 0);
	survive("half of the file is gone", half, FRAMES / 3);
	survive("a letter of the schema is another", a_letter_of_the_schema, FRAMES - 50);
	survive("pages lead in circles", page_that_leads_in_circles, 1);
	a_suspicion_without_ground_costs_nothing();
	damage_that_the_log_makes_good_costs_nothing();
	damage_met_at_work_is_remembered();
	a_salvage_that_was_killed_is_ended();
	return done();
}
