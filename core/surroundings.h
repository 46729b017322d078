/* SPDX-License-Identifier: MIT */
/*
 * Where this program finds its things: given on the command line or in the environment,
 * in the build tree that it lies in, or where it was installed.
 */
#ifndef CORE_SURROUNDINGS_H
#define CORE_SURROUNDINGS_H

#include <stdbool.h>

#include "reason.h"

#define SURROUNDINGS_PATH_MAX    512
#define SURROUNDINGS_PLUGINS_MAX 16

struct surroundings {
	char program[SURROUNDINGS_PATH_MAX]; /* this binary; all paths are absolute */
	char home[SURROUNDINGS_PATH_MAX];    /* the build tree; "": it is installed */
	char conf[SURROUNDINGS_PATH_MAX];    /* conf.d */
	char state[SURROUNDINGS_PATH_MAX];
	char sensors[SURROUNDINGS_PATH_MAX]; /* the standard sensor tables */
	/* Where plugins are looked for, in order: FRAME_ROUTER_PLUGINS, then plugin_dir
	 * of [router], then those that came with this program. */
	char plugins[SURROUNDINGS_PLUGINS_MAX][SURROUNDINGS_PATH_MAX];
	unsigned plugin_count;
	bool is_build_tree;
	bool is_state_given; /* on the command line or in the environment: `state` of
	                        [router] does not matter */
};

/*
 * `conf` and `state` are --conf and --state, NULL when not given.  A build tree is known
 * by config.status beside the program.
 */
bool surroundings_find(struct surroundings *out, const char *conf, const char *state,
                       struct reason *why);

/* The same for a program of that absolute path. */
bool surroundings_find_for(struct surroundings *out, const char *program,
                           const char *conf, const char *state, struct reason *why);

/* Adds a folder that plugins are looked for in before those that came with the program.
 */
bool surroundings_add_plugins(struct surroundings *s, const char *dir,
                              struct reason *why);

/* The folders of plugins, ending with NULL; borrowed from `s`. */
void surroundings_dirs(const struct surroundings *s,
                       const char *dirs[SURROUNDINGS_PLUGINS_MAX + 1]);

#endif
