/* SPDX-License-Identifier: MIT */
/*
 * The turnstile that writers of frames.db pass one at a time, in the order they came:
 * lock `next`, lock `gate`, unlock `next`, work, unlock `gate`.  Two flocks, so a death
 * frees it. SQLite's own waiting is a game of chance that a busy writer wins.
 */
#ifndef CORE_TURNSTILE_H
#define CORE_TURNSTILE_H

#include <stdbool.h>

#include "reason.h"

struct turnstile {
	int next_fd;
	int gate_fd;
};
#define TURNSTILE_CLOSED                                                                 \
	{                                                                                \
		-1, -1                                                                   \
	}

bool turnstile_open(struct turnstile *t, const char *state, struct reason *why);
void turnstile_close(struct turnstile *t); /* leaves, too; a closed one is fine */

/* Waits for its turn.  False only when the locks themselves fail. */
bool turnstile_enter(struct turnstile *t, struct reason *why);
/* Goes in only when nobody is inside or waits. */
bool turnstile_try(struct turnstile *t);
void turnstile_leave(struct turnstile *t);

#endif
