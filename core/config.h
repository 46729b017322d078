/* SPDX-License-Identifier: MIT */
/*
 * Files of conf.d: sections `[plugin "name"]` and `[router]`, lines `key = value`.  Knows
 * the grammar, not what keys mean.  All errors are collected, with file and line.
 *
 * The grammar, line by line (LF or CRLF; UTF-8; at most CONFIG_LINE_MAX bytes with its
 * continuations):
 *
 * - A line of white space, or one whose first character is `#` or `;`, says nothing.
 *
 * - `[router]` or `[plugin "name"]` begins a section; the same one may be gone on with.
 *
 * - `key = value`: the value is the rest of the line without the white space at its two
 *   ends, otherwise as it stands: no quotes, no escapes, no comments.  A `\` at the end
 *   of the line is dropped and the next line added, without the white space at its
 *   beginning.  Then `${VAR}` is the variable of the environment (an error when it is not
 *   set), `${VAR:-text}` that or, when it is not set or empty, the text up to the next
 *   `}`, and `$$` is `$`.  Any other `$` stays.
 *
 * A later file overlays the same section key by key; what it gives for a list key takes
 * the place of the whole list.  In one file only a list key may stand several times.
 */
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "reason.h"
#include "stamp.h"

#define CONFIG_NAME_MAX 64
#define CONFIG_LINE_MAX 1048576
#define CONFIG_FILE_MAX 16777216

struct config_value {
	struct config_value *next; /* in the order of reading */
	char *key;
	char *text;       /* whole, after variables and continuations */
	const char *file; /* owned by the config */
	unsigned line;    /* 0: not from a file */
	bool is_variable; /* some of it came from the environment */
};

struct config_section {
	struct config_section *next; /* in the order of first mention */
	char *plugin;                /* "router" for [router] */
	char *name;                  /* "" for [router] */
	const char *file;            /* of the first mention; owned by the config */
	unsigned line;
	bool is_broken; /* there was an error in it */
	struct config_value *values;
	struct config_value *last; /* of them; NULL: none */
};

struct config_problem {
	struct config_problem *next;
	const char *file; /* owned by the config */
	unsigned line;    /* 0: the file as a whole */
	bool is_error;    /* else a warning */
	unsigned number;  /* in the order they were found */
	char *text;       /* one line, fit for a terminal */
};

struct config_file {
	struct config_file *next; /* the latest first */
	bool is_private;          /* nobody else can read it (trust_secret) */
	char stamp[STAMP_SIZE];   /* as it was when it was read; "": no file */
	char name[];
};

struct config {
	struct config_section *sections;
	struct config_section *last; /* of them */
	struct config_problem *problems;
	struct config_problem *last_problem;
	struct config_file *files; /* every one read, one read twice is two */
	unsigned errors;
	unsigned warnings;
	bool failed; /* memory ran out, an error too; what is there is not whole */
};

/* All zero is an empty configuration.  Values may be secrets: they are wiped. */
void config_free(struct config *c);

struct config_reading {
	/* Which keys may stand several times; NULL: none. */
	bool (*is_list)(void *context, const char *plugin, const char *key);
	/* The key that a word nearly is, or NULL; NULL: nobody knows the keys. */
	const char *(*nearest_key)(void *context, const char *plugin, const char *word);
	void *context;
	/* Written by config_write_section(): keys may begin with a point, values are
	 * verbatim to the end of the line but for `$$`, nothing continues. */
	bool is_own;
	uid_t owner; /* whose file is trusted as well; 0: nobody's but root's and ours */
};

/*
 * Each reads over what is there.  False when there was an error; what could be read is
 * there all the same.
 */
/* From memory, as if it were the file `name`. */
bool config_read_text(struct config *c, const char *name, const char *text, size_t len,
                      const struct config_reading *how);
/* One file, which must be trusted (trust.h). */
bool config_read_file(struct config *c, const char *path,
                      const struct config_reading *how);
/* All *.conf of a directory in byte order; the directory must be trusted. */
bool config_read_dir(struct config *c, const char *dir, const struct config_reading *how);

/* An input or output by its name. */
struct config_section *config_find(const struct config *c, const char *name);
struct config_section *config_router(const struct config *c); /* NULL: none */
/* The value of a key, the first of a list; NULL: not set. */
const struct config_value *config_value(const struct config_section *s, const char *key);
/* The value behind `v` of the same key. */
const struct config_value *config_next(const struct config_value *v);
const char *config_text(const struct config_section *s, const char *key);

/*
 * Adds at the end; plugin, name, key and text are copied, `file` is one of
 * config_keep_name(). NULL or false when memory ran out, which the config remembers.
 */
struct config_section *config_add_section(struct config *c, const char *plugin,
                                          const char *name, const char *file,
                                          unsigned line);
bool config_add_value(struct config *c, struct config_section *s,
                      const struct config_value *value);
/* Gives a value another text. */
bool config_set_text(struct config *c, struct config_value *v, const char *text);
/* Takes away every value of `key` that is not from `file`. */
void config_drop_others(struct config_section *s, const char *key, const char *file);
void config_drop_value(struct config_section *s, const struct config_value *v);
void config_drop_section(struct config *c, struct config_section *s);

/* "[A-Za-z0-9][A-Za-z0-9._-]{0,63}" */
bool config_name_is_valid(const char *name);

/* `file` and `line` of a section or value of this config; control characters are escaped.
 */
void config_error(struct config *c, const char *file, unsigned line, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));
void config_warning(struct config *c, const char *file, unsigned line, const char *format,
                    ...) __attribute__((format(printf, 4, 5)));

/* A moment to which problems can be taken back: what was tried did not work out. */
struct config_mark {
	unsigned errors;
	unsigned warnings;
	struct config_problem *last;
};
struct config_mark config_mark(const struct config *c);
/* Forgets the problems since then; `why` is the first error among them. */
void config_forget(struct config *c, const struct config_mark *since, struct reason *why);

/* The errors, by file and line, then the warnings, as lines "FILE:LINE: error: text". */
void config_report(const struct config *c, struct buf *out);

/* Keeps the name of a file for sections, values and problems; never NULL. */
const char *config_keep_name(struct config *c, const char *name);

/* Whether a secret may stand in `file`, which is of config_keep_name(). */
bool config_is_private(const struct config *c, const char *file);

/* Says what is wrong with a word that cannot be a key, of a section of `plugin` (NULL: of
 * none); shows nothing that could be a secret. */
#define CONFIG_KEY_TEXT_MAX 200
void config_explain_key(const struct config_reading *how, const char *plugin,
                        const char *word, char out[CONFIG_KEY_TEXT_MAX]);

/* Writes a section so that config_read_text() with is_own gives it back. */
void config_write_section(struct buf *out, const struct config_section *s);

#endif
