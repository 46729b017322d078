/* SPDX-License-Identifier: MIT */
/* ballast and high-water: the two small files beside the store. */
#include "ballast.h"

#include <fcntl.h>

#include "highwater.h"
#include "state.h"
#include "tap.h"

static void ballast_takes_room_until_it_is_given_up(const char *state)
{
	char path[STATE_PATH_MAX];
	struct stat info;

	statedir_path(path, state, "ballast");
	ok(!ballast_is_there(state), "at first there is none");
	ok(ballast_make(state) == BALLAST_THERE && ballast_is_there(state), "it is made");
	if (stat(path, &info) != 0)
		info = (struct stat){0};
	ok(info.st_size > 0 && info.st_size == ballast_size(state) &&
	           info.st_blocks * 512 >= info.st_size,
	   "it takes the room that it seems to: %ld bytes", (long)info.st_size);
	ok(ballast_size(state) <= 4 << 20, "4 MiB at most");
	ok(ballast_make(state) == BALLAST_THERE, "making it again is no error");
	ok(!ballast_is_needed(state) && ballast_is_there(state), "with room it is kept");
	ballast_give_up(state);
	ok(!ballast_is_there(state) && stat(path, &info) != 0, "given up it is gone");
	ballast_give_up(state);
	ok(ballast_make(state) == BALLAST_THERE, "and can be made again");
	ok(ballast_make("/nonexistent") == BALLAST_FAILED, "no folder is no full disk");
}

static void a_mark_is_whole_or_none(const char *state)
{
	struct highwater mark = {"0123456789abcdef", 42, 7}, got;
	int fd = highwater_open(state, NULL), wrong = 0;

	ok(fd >= 0 && !highwater_read(fd, &got), "at first there is none");
	highwater_write(fd, &mark);
	ok(highwater_read(fd, &got) && got.last == 42 && got.log_pages == 7 &&
	           strcmp(got.store_id, "0123456789abcdef") == 0,
	   "it tells what was written");
	for (off_t at = 0; at < 56; at++) {
		unsigned char c;

		if (pread(fd, &c, 1, at) != 1)
			exit(1);
		c ^= 1;
		if (pwrite(fd, &c, 1, at) != 1)
			exit(1);
		wrong += highwater_read(fd, &got);
		c ^= 1;
		if (pwrite(fd, &c, 1, at) != 1)
			exit(1);
	}
	ok(wrong == 0,
	   "with any bit flipped it is none: frames are not called lost for it");
	if (ftruncate(fd, 55) != 0)
		exit(1);
	ok(!highwater_read(fd, &got), "cut short it is none");
	close(fd);
}

int main(void)
{
	char state[256];

	state_make(state);
	ballast_takes_room_until_it_is_given_up(state);
	a_mark_is_whole_or_none(state);
	state_remove(state);
	return done();
}
