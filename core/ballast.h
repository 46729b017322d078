/* SPDX-License-Identifier: MIT */
/*
 * STATE/ballast: a file that only takes room.  When the disk is full it is given up, so
 * that outputs can settle and the store can shrink; while it is gone no frame is taken
 * in, and once there is room again it is made anew.  Whoever meets the full disk gives it
 * up, whoever needs it tries to make it: any process, at any time.
 */
#ifndef CORE_BALLAST_H
#define CORE_BALLAST_H

#include <stdbool.h>
#include <stdint.h>

enum ballast_state {
	BALLAST_THERE,
	BALLAST_NO_ROOM, /* the disk is full, or will be soon */
	BALLAST_FAILED,  /* it cannot be made for another reason: read-only, say */
};

/* 4 MiB, or a sixteenth of a disk that is small. */
int64_t ballast_size(const char *state);

bool ballast_is_there(const char *state);
/* Makes it when it is missing and as much again would still be free. */
enum ballast_state ballast_make(const char *state);
void ballast_give_up(const char *state);
/* Gives it up when the disk is full; true when it did. */
bool ballast_is_needed(const char *state);

#endif
