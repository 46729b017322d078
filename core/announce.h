/* SPDX-License-Identifier: MIT */
/* How the children are, in the words of a service manager: one line of status, and how
 * long stopping them may take. */
#ifndef CORE_ANNOUNCE_H
#define CORE_ANNOUNCE_H

#include <stdbool.h>
#include <stdint.h>

#include "child.h"
#include "notify.h"

struct announce {
	struct notify *notify;
	bool is_stopping; /* and the manager knows */
	int64_t until_ms; /* to stop; what it was promised last */
	unsigned told;    /* a sum over what was looked at last */
	int64_t look_ms;  /* when to ask the children themselves again */
};

/*
 * Tells what has changed, and that we live.  To be called before each wait of the
 * supervisor; costs nothing without a manager.
 */
void announce(struct announce *a, const struct child *children, bool is_stopping);

#endif
