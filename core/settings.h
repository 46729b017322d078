/* SPDX-License-Identifier: MIT */
/*
 * From conf.d to what every process works with: `check --effective` loads the plugins, checks every key, and
 * writes all values in force; the supervisor keeps that text in STATE/effective, and the processes
 * read it from there.
 */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "config.h"
#include "plugin.h"
#include "reason.h"

/* Where this program finds its things: from options, environment, or its own place. */
struct surroundings {
	char program[512]; /* this binary, absolute */
	char conf[512];    /* conf.d */
	char state[512];
	char sensors[512]; /* the standard sensor tables */
	char plugins[8][512]; /* where plugins are looked for, in order */
	unsigned plugin_count;
	bool is_build_tree;
};
/* `conf` and `state` are --conf and --state, NULL when not given. */
bool surroundings_find(struct surroundings *out, const char *conf, const char *state,
                       struct reason *why);

/* One input or output in force. */
struct unit {
	struct unit *next; /* in the order of conf.d */
	enum plugin_kind kind;
	char name[CONFIG_NAME_MAX + 1];
	char plugin[CONFIG_NAME_MAX + 1];
	char plugin_path[512];
	bool is_enabled;
	struct config_section *section; /* every key with its value in force; in `config` */
};

struct settings {
	struct config config; /* owns the texts */
	struct unit *units;
	char name[256]; /* of the router */
	int64_t keep_ms;
	int64_t max_size;
	int64_t commit_ms; /* 0: immediate */
	int log_level;     /* enum log_level */
};

/*
 * Reads conf.d (and `file`s, if any, instead), checks it against the plugins' tables, and
 * writes the effective configuration to `effective` (may be NULL).  Errors and
 * warnings are in `c`.  False when there was an error.
 */
bool settings_check(struct config *c, const struct surroundings *where,
                    const char *const *files, struct buf *effective);

/* Reads an effective configuration. */
bool settings_read(struct settings *out, const char *text, size_t len, struct reason *why);
bool settings_load(struct settings *out, const char *state, struct reason *why); /* STATE/effective */
void settings_free(struct settings *s);
struct unit *settings_unit(const struct settings *s, const char *name);

/* What a unit says of an option: text (its default if unset, or NULL), number, list value. A secret comes
 * from NAME_file when that is set: read into `secret` each time. */
const char *unit_text(const struct unit *u, const struct plugin *p, const char *key,
                      struct buf *secret, struct reason *why);
int64_t unit_number(const struct unit *u, const struct plugin *p, const char *key);
const char *unit_list(const struct unit *u, const char *key, size_t index);

#endif
