/* SPDX-License-Identifier: MIT */
/* place: an output's place survives what can happen to its file. */
#include "place.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "state.h"
#include "tap.h"

static struct place_data data_of(uint64_t cursor)
{
	struct place_data data = {.cursor = cursor, .delivered = cursor, .begun_ms = 1};

	strcpy(data.store_id, "0123456789abcdef");
	return data;
}

static struct place *open_place(const char *path, enum place_state *state)
{
	struct reason why = {""};
	struct place *p;

	must(place_open(&p, path, state, &why), &why);
	return p;
}

static void set(struct place *p, uint64_t cursor)
{
	struct place_data data = data_of(cursor);

	place_set(p, &data);
}

static void flip(const char *path, long at)
{
	int fd = open(path, O_RDWR);
	char c;

	if (pread(fd, &c, 1, at) == 1) {
		c ^= 0x10;
		if (pwrite(fd, &c, 1, at) != 1)
			exit(1);
	}
	close(fd);
}

static void a_place_is_there_after_a_restart(const char *path)
{
	struct reason why = {""};
	struct place_data data;
	enum place_state state;
	struct place *p;

	ok(place_read(path, false, &data) == PLACE_NONE, "no file: no place");
	p = open_place(path, &state);
	ok(state == PLACE_NONE && place_get(p)->cursor == 0 &&
	           place_get(p)->store_id[0] == '\0',
	   "a new one says nothing");
	ok(place_read(path, false, &data) == PLACE_NONE, "neither to others");
	for (uint64_t cursor = 1; cursor <= 5; cursor++)
		set(p, cursor);
	ok(place_get(p)->cursor == 5, "the owner sees what it set");
	ok(place_read(path, true, &data) == PLACE_GOOD && data.cursor == 5 &&
	           data.delivered == 5,
	   "so do others at once");
	ok(place_sync(p, &why), "it can be synced");
	place_close(p);
	p = open_place(path, &state);
	ok(state == PLACE_GOOD && place_get(p)->cursor == 5,
	   "and is there after a restart");
	same(place_get(p)->store_id, "0123456789abcdef", "with its store");
	set(p, 6);
	place_close(p);
	ok(place_read(path, false, &data) == PLACE_GOOD && data.cursor == 6,
	   "it goes on from there");
}

static void one_torn_slot_costs_one_step(const char *path)
{
	struct place_data data;
	enum place_state state;
	struct place *p;
	int wrong = 0, bytes = 0;

	/* every byte of the newer slot, one after the other */
	for (long at = 0; at < 200; at++) {
		unlink(path);
		p = open_place(path, &state);
		set(p, 41);
		set(p, 42); /* slots are written in turn: this one lies in the first */
		place_close(p);
		flip(path, at);
		switch (place_read(path, false, &data)) {
		case PLACE_GOOD:
			bytes += data.cursor == 41;
			wrong += data.cursor != 41 && data.cursor != 42;
			break;
		default:
			wrong++;
		}
	}
	ok(wrong == 0, "a flipped byte never makes another place of it");
	ok(bytes > 100, "%d bytes matter: with each the place before is taken", bytes);
}

static void two_torn_slots_are_owned_up_to(const char *path)
{
	struct place_data data;
	enum place_state state;
	struct place *p;

	unlink(path);
	p = open_place(path, &state);
	set(p, 41);
	set(p, 42);
	place_close(p);
	flip(path, 20);
	flip(path, 4096 + 20);
	ok(place_read(path, false, &data) == PLACE_DAMAGED && data.cursor == 0,
	   "no slot is whole: not taken for a place, nor for none");
	p = open_place(path, &state);
	ok(state == PLACE_DAMAGED && place_get(p)->cursor == 0, "the owner is told, too");
	ok(place_read(path, false, &data) == PLACE_DAMAGED,
	   "until it is set it is damaged: not one that is new");
	set(p, 7);
	place_close(p);
	ok(place_read(path, false, &data) == PLACE_GOOD && data.cursor == 7,
	   "and can begin anew");
}

static void files_of_other_lengths_are_damaged(const char *path)
{
	static const long lengths[] = {1, 100, 4096, 8191, 9000};
	enum place_state state;
	struct place_data data;

	for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct place *p;

		unlink(path);
		p = open_place(path, &state);
		set(p, 42);
		place_close(p);
		if (truncate(path, lengths[i]) != 0)
			exit(1);
		ok(place_read(path, false, &data) != PLACE_NONE,
		   "%ld bytes are not no place", lengths[i]);
		place_close(open_place(path, &state));
		ok(state == PLACE_DAMAGED &&
		           place_read(path, false, &data) == PLACE_DAMAGED,
		   "%ld bytes are a damaged place", lengths[i]);
	}
	if (truncate(path, 0) != 0 || truncate(path, 8192) != 0)
		exit(1);
	ok(place_read(path, false, &data) == PLACE_DAMAGED,
	   "zeros are damage: it was set once");
	if (truncate(path, 0) != 0)
		exit(1);
	ok(place_read(path, false, &data) == PLACE_NONE,
	   "an empty file is one that was just being made");
}

/* The child sets places as fast as it can and is killed somewhere in it. */
static void a_kill_leaves_the_place_before_or_after(const char *path)
{
	uint64_t *last = mmap(NULL, sizeof *last, PROT_READ | PROT_WRITE,
	                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int wrong = 0, kills = 200;

	unlink(path);
	for (int i = 0; i < kills; i++) {
		struct place_data data;
		pid_t pid = fork();

		if (pid == 0) {
			enum place_state state;
			struct place *p = open_place(path, &state);
			volatile uint64_t *told = last;

			/* the one before may have set one more than it told */
			*told = place_get(p)->cursor;
			for (;;) {
				set(p, *told + 1);
				++*told;
			}
		}
		usleep(200 + 37 * (unsigned)i % 3000); /* a random moment, not a wait */
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		if (place_read(path, false, &data) == PLACE_NONE && *last == 0)
			continue;
		if (place_read(path, false, &data) != PLACE_GOOD ||
		    data.cursor != data.delivered || data.cursor < *last ||
		    data.cursor > *last + 1)
			wrong++;
	}
	ok(wrong == 0, "%d kills: the place is the last one set, or the one being set",
	   kills);
	munmap(last, sizeof *last);
}

static void a_reader_never_sees_half_a_place(const char *path)
{
	enum place_state state;
	struct place *p;
	int status;
	pid_t pid;

	unlink(path);
	p = open_place(path, &state);
	set(p, 1);
	pid = fork();
	if (pid == 0) {
		struct place_data data;
		uint64_t before = 0;
		int wrong = 0;

		for (int i = 0; i < 20000; i++) {
			if (place_read(path, false, &data) != PLACE_GOOD ||
			    data.cursor != data.delivered || data.cursor < before)
				wrong++;
			before = data.cursor;
		}
		_exit(wrong > 0);
	}
	for (uint64_t cursor = 2; waitpid(pid, &status, WNOHANG) == 0; cursor++)
		set(p, cursor);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	   "20,000 looks while it moves all the time: whole, and never back");
	place_close(p);
}

static void a_link_is_not_followed(const char *path)
{
	struct reason why = {""};
	struct place_data data;
	enum place_state state;
	struct place *p;

	unlink(path);
	if (symlink("/etc/passwd", path) != 0)
		exit(1);
	ok(!place_open(&p, path, &state, &why),
	   "nobody writes elsewhere through a place");
	ok(place_read(path, false, &data) == PLACE_DAMAGED, "nor reads");
	unlink(path);
}

int main(void)
{
	char state[256], path[STATE_PATH_MAX];

	state_make(state);
	statedir_path(path, state, "broker.place");
	a_place_is_there_after_a_restart(path);
	one_torn_slot_costs_one_step(path);
	two_torn_slots_are_owned_up_to(path);
	files_of_other_lengths_are_damaged(path);
	a_kill_leaves_the_place_before_or_after(path);
	a_reader_never_sees_half_a_place(path);
	a_link_is_not_followed(path);
	state_remove(state);
	return done();
}
