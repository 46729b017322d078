/* SPDX-License-Identifier: MIT */
/* The process of one output: reads frames, submits them, and moves its place. */
#ifndef CORE_DELIVER_H
#define CORE_DELIVER_H

#include "settings.h"

/* Runs until asked to stop; the exit code of the process. Says on the log what goes
 * wrong. */
int deliver_run(const struct settings *settings, const struct unit *unit,
                const char *state);

#endif
