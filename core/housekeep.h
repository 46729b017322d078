/* SPDX-License-Identifier: MIT */
/* The housekeeping process: purges, checkpoints, and the places of outputs that do not
 * run. */
#ifndef CORE_HOUSEKEEP_H
#define CORE_HOUSEKEEP_H

#include "settings.h"

/* Runs until asked to stop; the exit code. */
int housekeep_run(const struct settings *settings, const char *state);

#endif
