/* SPDX-License-Identifier: MIT */
/*
 * Ends this process when a callback of its plugin does not return: a timer that is armed
 * around calls and costs nothing while the process waits.  One per process.
 */
#ifndef CORE_DEADLINE_H
#define CORE_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "reason.h"

#define DEADLINE_EXIT 86 /* the exit code of a process that was ended so */

bool deadline_init(const char *name, struct reason *why);

/* From now on the callback `what` may take so many ms; says when that is (monotonic).
 * Cheap to call again and again: the timer is moved at most once a second. */
int64_t deadline_begin(const char *what, int64_t ms);

/* No callback is being made. */
void deadline_end(void);

#endif
