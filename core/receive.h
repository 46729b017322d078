/* SPDX-License-Identifier: MIT */
/* The process of one input: takes what its plugin hands over, and commits it in groups.
 */
#ifndef CORE_RECEIVE_H
#define CORE_RECEIVE_H

#include "settings.h"

/* Runs until asked to stop; the exit code of the process.  Says on the log what goes
 * wrong. */
int receive_run(const struct settings *settings, const struct unit *unit,
                const char *state);

#endif
