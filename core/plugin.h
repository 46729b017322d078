/* SPDX-License-Identifier: MIT */
/*
 * Shared objects, by libltdl: finding, refusing with the true reason, and the tables
 * inside.  Never unloaded: a plugin ends with its process.
 */
#ifndef CORE_PLUGIN_H
#define CORE_PLUGIN_H

#include <frame_output.h>

#include <stdbool.h>

#include "frame_input.h"
#include "reason.h"

#define PLUGIN_ABI      1 /* of both kinds */
#define PLUGIN_PATH_MAX 512

enum plugin_kind { PLUGIN_INPUT, PLUGIN_OUTPUT };

struct plugin {
	enum plugin_kind kind;
	char path[PLUGIN_PATH_MAX];
	/* The table of its kind, as this router knows it: what the plugin does not have
	 * is zero. */
	struct frame_output output;
	struct frame_input input;
	const char *name; /* these three are the table's, of either kind */
	const char *version;
	const char *description;
	/*
	 * Each ends with NULL and is never NULL; each row is as this router knows the
	 * struct.  A row of the plugin that has the name of one common to every input
	 * or output is that common row with the plugin's default and help.  Behind
	 * each SECRET stands the option NAME_file that it brings.
	 */
	const struct frame_option *const *options;
	const struct frame_option *const *group_options;
};

/*
 * Loading binds lazily unless LD_BIND_NOW is set at exec: executes this program once more
 * with it if it is not.  Called first in main() of a process that loads plugins.
 */
void plugin_bind_now(char **argv);

/*
 * Finds NAME in the folders `dirs` (absolute, ends with NULL): DIR/NAME.so, or in a build
 * tree DIR/NAME/.libs/NAME.so.  False: nowhere.
 */
bool plugin_find(char path[PLUGIN_PATH_MAX], const char *name, const char *const *dirs);

/*
 * Loads the file: absolute path, a whole ELF file for this machine, it and its folder
 * trusted (trust.h), every symbol bound, one of the two functions, the right ABI, the
 * name of its file, its options sound.  False with the true reason, which names the path.
 * Not thread-safe.
 */
bool plugin_load(struct plugin *out, const char *path, struct reason *why);

/*
 * Loads the file in a child first: a plugin whose loading crashes, hangs or ends the
 * process costs only the child, and is refused.
 */
bool plugin_load_guarded(struct plugin *out, const char *path, struct reason *why);

/* An option of the plugin, of its groups, or common to every input or output; NULL: there
 * is none. */
const struct frame_option *plugin_option(const struct plugin *p, const char *key);

/* The options common to every one of its kind; ends with NULL. */
const struct frame_option *const *plugin_common(const struct plugin *p);

/* The SECRET that `key` = NAME_file belongs to, or NULL. */
const struct frame_option *plugin_secret_of(const struct plugin *p, const char *key);

/* Calls `each` for every plugin that plugin_find() finds, by name, without loading it. */
void plugin_list(const char *const *dirs,
                 void (*each)(void *context, const char *name, const char *path),
                 void *context);

#endif
