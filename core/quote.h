/* SPDX-License-Identifier: MIT */
/* Quotation marks: conf.d knows none, so they are a part of a value.  Knows no options.
 */
#ifndef CORE_QUOTE_H
#define CORE_QUOTE_H

#include <stdbool.h>

/* Whether a text stands between two marks of one kind, plain or typographic, with none of
 * them inside. */
bool quote_is_around(const char *text);

/* A wrong value in an error, between marks if it has none; cut at whole characters. */
#define QUOTE_MAX  60
#define QUOTE_SIZE (QUOTE_MAX + 3)
const char *quote_show(char out[QUOTE_SIZE], const char *text);

#endif
