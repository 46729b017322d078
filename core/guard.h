/* SPDX-License-Identifier: MIT */
/* Foreign code in a child process: what crashes, hangs or ends the process ends only
 * that. */
#ifndef CORE_GUARD_H
#define CORE_GUARD_H

#include <stdbool.h>

#include "reason.h"

enum guard_result {
	GUARD_YES,  /* `work` said true */
	GUARD_NO,   /* it said false: why is its reason */
	GUARD_LOST, /* it never answered: why says "died of signal 6 (Aborted)", "ended
	               the process (exit code 3)", "had not returned after 10 s" */
};

/*
 * Runs `work` in a fork of this process, which must have one thread only.  Memory that
 * `work` changes stays as it was here; its standard output goes to standard error.
 */
enum guard_result guard_run(bool (*work)(void *context, struct reason *why),
                            void *context, unsigned seconds, struct reason *why);

#endif
