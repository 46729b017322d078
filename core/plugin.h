/* SPDX-License-Identifier: MIT */
/*
 * Shared objects, by libltdl: finding, refusing with the true reason, and the tables inside.  Never
 * unloaded: a plugin ends with its process.
 */
#ifndef CORE_PLUGIN_H
#define CORE_PLUGIN_H

#include <frame_output.h>

#include <stdbool.h>

#include "frame_input.h"
#include "reason.h"

enum plugin_kind { PLUGIN_INPUT, PLUGIN_OUTPUT };

struct plugin {
	enum plugin_kind kind;
	char path[512];
	/* The table of its kind, as this router knows it: what the plugin does not have is zero. */
	struct frame_output output;
	struct frame_input input;
	const char *name; /* these five are the table's, of either kind */
	const char *version;
	const char *description;
	const struct frame_option *const *options;       /* ends with NULL, never NULL; each as
	                                                     this router knows the struct */
	const struct frame_option *const *group_options; /* of the groups it takes; the same */
};

/* Loading binds lazily unless LD_BIND_NOW is set at exec: executes this program once more with it
 * if it is not.  Called first in main() of a process that loads plugins. */
void plugin_bind_now(char **argv);

/*
 * Finds NAME in the folders `dirs` (ends with NULL): DIR/NAME.so, or in a build tree
 * DIR/NAME/.libs/NAME.so.  False: nowhere.
 */
bool plugin_find(char path[512], const char *name, const char *const *dirs);

/*
 * Loads the file: absolute path, a regular ELF file, it and its folder owned by root or us and not writable by
 * others, every symbol bound, one of the two functions, the right ABI, the name of its file, its options
 * sound.  False with the true reason.
 */
bool plugin_load(struct plugin *out, const char *path, struct reason *why);

/* An option of the plugin, of its groups, or common to every input or output; the option NAME_file that a SECRET
 * brings with it included; NULL: there is none. */
const struct frame_option *plugin_option(const struct plugin *p, const char *key);

/* Calls `each` for every plugin file in `dirs`, by name, without loading it. */
void plugin_list(const char *const *dirs, void (*each)(void *context, const char *name, const char *path),
                 void *context);

#endif
