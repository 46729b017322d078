/* SPDX-License-Identifier: MIT */
/*
 * Starts, stops and watches the processes of a router, and takes commands.  No frame
 * passes through it; it opens no plugin, no database, and no configuration file.
 */
#ifndef CORE_SUPERVISOR_H
#define CORE_SUPERVISOR_H

#include "launch.h"
#include "notify.h"
#include "settings.h"

struct supervisor_options {
	const struct launcher *launcher;
	const char *conf;          /* what a reload reads again */
	const char *state;         /* stays the same, whatever is reloaded */
	bool is_state_given;       /* beside conf.d: that says nothing of it */
	struct settings *settings; /* in force; a reload puts others in their place */
	int lock_fd;               /* of the state directory */
	int users_fd;              /* of the store, held shared */
	int signal_fd; /* of SIGTERM, SIGINT, SIGHUP and SIGCHLD, which are blocked */
	void (*started)(void *context); /* all have been started once; may be NULL */
	void *context;
	struct notify *notify; /* the service manager, who may be none */
};

/* Runs until a signal ends it; the exit code. */
int supervisor_run(const struct supervisor_options *options);

#endif
