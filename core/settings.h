/* SPDX-License-Identifier: MIT */
/*
 * From conf.d to what every process works with: `check --effective` loads the plugins,
 * checks every key, and writes all values in force; the supervisor keeps that text in
 * STATE/effective, and the processes read it from there.
 *
 * The effective configuration is a configuration (config.h, is_own) of one [router] and
 * one section for each input and output, in the order of conf.d.  Every option that has a
 * value or a default stands there; paths are absolute.  Keys that begin with a point are
 * the router's own: .conf and .sensors (folders) of [router], and .read (stamp and path
 * of each file of conf.d); .kind (input or output), .plugin (its file), .file and .line
 * (of conf.d), .secret (each key whose value is not to be shown) and .override (each key
 * that an override sets) of the others.  A .stamp says in which state a file is that a
 * process reads when it starts: its plugin, certificates, the file of a secret, a sensor
 * table.
 *
 * Paths in conf.d that are not absolute lie in the state directory; the file of a secret
 * (NAME_file) is then a systemd credential.
 */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "config.h"
#include "option_source.h"
#include "plugin.h"
#include "reason.h"
#include "surroundings.h"
#include "unit.h"

struct settings {
	struct config config; /* owns the texts */
	struct unit *units;
	const char *name; /* of the router; this and the next three are in `config` */
	const char *state;
	const char *conf;         /* the conf.d that it was made of */
	const char *sensors;      /* the folder of the standard sensor tables */
	const char **own_sensors; /* tables of the operator, ends with NULL */
	int64_t keep_ms;
	int64_t max_size;
	int64_t commit_ms; /* 0: immediate */
	int log_level;     /* enum log_level */
	int log_format;    /* enum log_format */
};

/*
 * What `state` and `plugin_dir` of [router] say, if conf.d can be read; --state and the
 * environment go before it.  Errors in conf.d are not told here.
 */
void settings_look(struct surroundings *where);

/*
 * Reads conf.d (or, instead of it, `files`, which end with NULL; may be NULL), checks it
 * against the plugins' tables, and writes the effective configuration, as far as it could
 * be understood, to `effective`.  Errors and warnings are in `c` (all zero before).
 * Overrides count for conf.d, not for `files`.
 * `is_final`: it is to be run with, so a systemd credential that cannot be found is an
 * error, not a warning.  False when there was an error: `effective` is not to be run
 * with.
 */
bool settings_check(struct config *c, const struct surroundings *where,
                    const char *const *files, bool is_final, struct buf *effective);

/* Whether files of conf.d came, went or were written since it was read. */
bool settings_is_stale(const struct settings *s);

/* Reads an effective configuration; settings_free() after failure as well. */
bool settings_read(struct settings *out, const char *text, size_t len,
                   struct reason *why);
bool settings_load(struct settings *out, const char *state,
                   struct reason *why); /* STATE/effective */
bool settings_load_file(struct settings *out, const char *path, struct reason *why);
void settings_free(struct settings *s);

/* Who speaks in the log of this process, and how: log_level and log_format. */
void settings_log(const struct settings *s, const char *name);

struct unit *settings_unit(const struct settings *s, const char *name); /* NULL: none */

/* The operator's sensor tables, for sensors_load(). */
const char *const *settings_sensors(const struct settings *s);

/* What an output may claim of the store: its `hold`, or 80 % of max_size, as for one that
 * is no longer configured (NULL).  0: no such limit. */
void settings_hold(const struct settings *s, const struct unit *u, int64_t *bytes,
                   int64_t *ms);

#endif
