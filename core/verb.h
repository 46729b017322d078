/* SPDX-License-Identifier: MIT */
/*
 * Verbs: what `frame-router VERB ...` does.  Each returns the exit code: 0 fine, 1 the
 * answer is no or it failed, 2 wrong usage.  argv[0] is the verb.
 */
#ifndef CORE_VERB_H
#define CORE_VERB_H

int verb_decode(int argc, char **argv);
int verb_simulate(int argc, char **argv);

/* Where the standard sensor tables lie, and the operator's own (paths, ends with NULL;
 * may be NULL): for sensors_load(). */
const char *verb_sensor_folder(void);
const char *const *verb_sensor_files(void);

#endif
