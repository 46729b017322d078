/* SPDX-License-Identifier: MIT */
/*
 * Files of conf.d: sections `[plugin "name"]` and `[router]`, lines `key = value`.  Knows the
 * grammar, not what keys mean.  All errors are collected, with file and line.
 */
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "reason.h"

#define CONFIG_NAME_MAX 64

struct config_value {
	struct config_value *next; /* in the order of reading */
	char *key;
	char *text; /* whole, after ${VAR}, $$ and continuation */
	char *file;
	unsigned line;
	bool is_list_value; /* stands beside others of the same key */
};

struct config_section {
	struct config_section *next; /* in the order of first mention */
	char *plugin; /* "router" for [router] */
	char *name;   /* "" for [router] */
	char *file;   /* of the first mention */
	unsigned line;
	struct config_value *values;
};

struct config {
	struct config_section *sections;
	struct buf errors;   /* lines "FILE:LINE: what is wrong"; "" when there are none */
	struct buf warnings; /* the same */
};

/* All zero is an empty configuration. */
void config_free(struct config *c);

/*
 * Reads one file into `c`, over what is there.  `is_list` (may be NULL: no key is) says which keys may
 * stand several times.  `expand` false: `${VAR}` is not looked up (for
 * STATE/effective, where only `$$` is written).  False when there was an error; what could be
 * read is there all the same.
 */
struct config_reading {
	bool (*is_list)(void *context, const char *plugin, const char *key);
	void *context;
	bool expand;
};
bool config_read_file(struct config *c, const char *path, const struct config_reading *how);
/* From memory, as if it were the file `name`. */
bool config_read_text(struct config *c, const char *name, const char *text, size_t len,
                      const struct config_reading *how);
/* All *.conf of a directory in byte order. */
bool config_read_dir(struct config *c, const char *dir, const struct config_reading *how);

struct config_section *config_find(const struct config *c, const char *name);
struct config_section *config_router(const struct config *c); /* NULL: none */
/* The value of a key (the last one), or NULL. */
const struct config_value *config_value(const struct config_section *s, const char *key);
const char *config_text(const struct config_section *s, const char *key);

/* "[A-Za-z0-9][A-Za-z0-9._-]{0,63}" */
bool config_name_is_valid(const char *name);

void config_error(struct config *c, const char *file, unsigned line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void config_warning(struct config *c, const char *file, unsigned line, const char *format,
                    ...) __attribute__((format(printf, 4, 5)));

/* Writes a section so that config_read_text() with expand false gives it back. */
void config_write_section(struct buf *out, const struct config_section *s);

#endif
