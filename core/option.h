/* SPDX-License-Identifier: MIT */
/* Values of options: how each type is read, checked and explained. */
#ifndef CORE_OPTION_H
#define CORE_OPTION_H

#include <frame_output.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reason.h"

/* Each reads one value whole; false with what is wrong and what would be right. */
bool option_parse_number(const char *text, int64_t *number, struct reason *why);
bool option_parse_yes_no(const char *text, bool *is_yes, struct reason *why);
bool option_parse_duration(const char *text, int64_t *ms, struct reason *why);
bool option_parse_size(const char *text, int64_t *bytes, struct reason *why);

/* Whether `text` is one of the words of `choices`, parted by `|`. */
bool option_is_choice(const char *choices, const char *text);

/* Checks a value against its option: type and limits; a TEMPLATE is not looked into. */
bool option_check(const struct frame_option *option, const char *value,
                  struct reason *why);

/* The number that a valid NUMBER, YES_NO, DURATION or SIZE value stands for. */
int64_t option_number(const struct frame_option *option, const char *value);

/* "duration", "yes/no", ... for people. */
const char *option_type_name(uint32_t type);

/* An option by its key in a table (ends with NULL; may be NULL), or NULL. */
const struct frame_option *option_find(const struct frame_option *const *table,
                                       const char *name);

/* The options of the groups that a plugin takes, ends with NULL; never NULL. */
const struct frame_option *const *option_group(uint32_t groups);

/* The keys of `[router]`, of every input, of every output; each ends with NULL. */
extern const struct frame_option *const option_router[];
extern const struct frame_option *const option_every_input[];
extern const struct frame_option *const option_every_output[];

/* Edits from one word to another, for "did you mean". */
unsigned option_distance(const char *a, const char *b);

#endif
