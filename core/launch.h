/* SPDX-License-Identifier: MIT */
/*
 * Starts this program with another verb.  Whoever is started so learns by the end of a
 * pipe (process.h) when we are gone.
 */
#ifndef CORE_LAUNCH_H
#define CORE_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "reason.h"

struct launcher {
	const char *program; /* absolute */
	int pipe[2];         /* we hold its writing end: it ends with us */
};

bool launch_open(struct launcher *s, const char *program, struct reason *why);
void launch_close(struct launcher *s);

struct launch {
	const char *const *argv; /* ends with NULL */
	int out_fd;              /* its standard output; -1: ours */
	int err_fd;              /* its standard error; -1: ours */
	int kept_fd;             /* a lock that it holds as well; -1: none */
	bool is_unit; /* holds a plugin: a clean environment, group of its own */
};

/*
 * Signals are unblocked, standard input is /dev/null, and no other descriptor is handed
 * on.  False: why.
 */
bool launch_start(pid_t *pid, const struct launcher *s, const struct launch *what,
                  struct reason *why);

#endif
