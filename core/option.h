/* SPDX-License-Identifier: MIT */
/*
 * Values of options: how each type is read, checked and explained, and the tables of the
 * keys that are not a plugin's.  Knows no files and no sections.
 */
#ifndef CORE_OPTION_H
#define CORE_OPTION_H

#include <frame_output.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reason.h"

/* Types that only the router's own tables have, beside enum frame_option_type. */
enum option_own_type {
	OPTION_COMMIT = 1000, /* "immediate" or a duration */
	OPTION_HOLD = 1001,   /* a duration or a size */
	OPTION_BEGIN = 1002,  /* "oldest", "now" or a time */
	OPTION_SQL = 1003,    /* an expression; not looked into here */
};

/* Each reads one value whole; false with what is wrong and what would be right. */
bool option_parse_number(const char *text, int64_t *number, struct reason *why);
bool option_parse_yes_no(const char *text, bool *is_yes, struct reason *why);
bool option_parse_duration(const char *text, int64_t *ms, struct reason *why);
bool option_parse_size(const char *text, int64_t *bytes, struct reason *why);

/* `commit`: 0 ms is "immediate". */
bool option_parse_commit(const char *text, int64_t *ms, struct reason *why);
/* `hold`: one of the two is set, the other 0. */
bool option_parse_hold(const char *text, int64_t *ms, int64_t *bytes, struct reason *why);
/* A day, 2026-11-22 (in UTC), or a moment, 2026-11-22T10:40:00Z or ...+01:00, in ms since
 * 1970 UTC. */
bool option_parse_time(const char *text, int64_t *wall_ms, struct reason *why);
/* `begin`: the time in ms since 1970 UTC for OPTION_BEGIN_TIME, else 0. */
enum option_begin { OPTION_BEGIN_OLDEST, OPTION_BEGIN_NOW, OPTION_BEGIN_TIME };
bool option_parse_begin(const char *text, enum option_begin *begin, int64_t *wall_ms,
                        struct reason *why);

/* Whether `text` is one of the words of `choices`, parted by `|`. */
bool option_is_choice(const char *choices, const char *text);

/*
 * Checks a value against its option: type and limits; TEMPLATE and SQL are not looked
 * into. The reason never holds the value of a SECRET.
 */
bool option_check(const struct frame_option *option, const char *value,
                  struct reason *why);

/* Whether a value of that type stands for a number. */
bool option_has_number(const struct frame_option *option);

/* The number that a valid NUMBER, YES_NO, DURATION, SIZE or COMMIT value stands for. */
int64_t option_number(const struct frame_option *option, const char *value);

/* "duration", "yes or no", ... for people. */
const char *option_type_name(uint32_t type);

/* Writes a number of the option as conf.d would have it: "500ms", "64K", "7". */
#define OPTION_NUMBER_SIZE 32
void option_write_number(const struct frame_option *option, int64_t number,
                         char out[OPTION_NUMBER_SIZE]);

/* An option by its key in a table (ends with NULL; may be NULL), or NULL. */
const struct frame_option *option_find(const struct frame_option *const *table,
                                       const char *name);

/* Whether a key can be one: a lower-case letter, then lower-case letters, digits and `_`,
 * OPTION_NAME_MAX bytes at most. */
#define OPTION_NAME_MAX 64
bool option_name_is_valid(const char *name);

/* The key of the file of a secret: NAME_file. */
#define OPTION_FILE_KEY_SIZE (OPTION_NAME_MAX + sizeof "_file")
void option_file_key(const char *name, char key[OPTION_FILE_KEY_SIZE]);

/* Every group there is, and the options of some of them, which end with NULL; never NULL.
 */
#define OPTION_GROUPS ((uint32_t)FRAME_GROUP_TLS)
const struct frame_option *const *option_group(uint32_t groups);

/* The keys of `[router]`, of every input, of every output; each ends with NULL. */
extern const struct frame_option *const option_router[];
extern const struct frame_option *const option_every_input[];
extern const struct frame_option *const option_every_output[];

/* Edits from one word to another; two neighbours that changed places are one. */
unsigned option_distance(const char *a, const char *b);

/*
 * The nearest of some words, for "did you mean": `word` set and the rest zero, then each
 * candidate; `best` stays NULL when none is near.  Borrows the words.
 */
struct option_nearest {
	const char *word;
	const char *best;
	unsigned distance;
};
void option_nearest_try(struct option_nearest *n, const char *candidate);

#endif
