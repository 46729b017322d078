/* SPDX-License-Identifier: MIT */
/*
 * Starts, stops and watches the processes of a router, and takes commands.  No frame
 * passes through it; it opens no plugin, no database, and no configuration file.
 */
#ifndef CORE_SUPERVISOR_H
#define CORE_SUPERVISOR_H

#include "child.h"
#include "notify.h"
#include "reason.h"
#include "settings.h"

struct supervisor_options {
	const char *program; /* absolute */
	const char *state;
	const struct settings *settings;
	int signal_fd; /* of SIGTERM, SIGINT and SIGCHLD, which are blocked */
	void (*started)(void *context); /* all have been started once; may be NULL */
	void *context;
	struct notify *notify; /* the service manager, who may be none */
};

/* Runs until a signal ends it; the exit code. */
int supervisor_run(const struct supervisor_options *options);

#endif
