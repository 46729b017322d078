/* SPDX-License-Identifier: MIT */
/* Header lines that a person wrote: what may stand in a request. */
#ifndef PLUGINS_HTTP_HEADER_H
#define PLUGINS_HTTP_HEADER_H

#include <stdbool.h>
#include <stddef.h>

/* Whether `line` is "Name: value" and no header that belongs to the request itself. */
bool header_check(const char *line, char *why, size_t why_len);

/* Whether `value` may stand in a header: it holds no control characters. */
bool header_is_value(const char *value);

/* Whether the checked `line` is the header `name`. */
bool header_is(const char *line, const char *name);

#endif
