/* SPDX-License-Identifier: MIT */
/* libcurl's handles, set up so that a request is what the options say and nothing else.
 */
#ifndef PLUGINS_HTTP_EASY_H
#define PLUGINS_HTTP_EASY_H

#include <curl/curl.h>

#include <stdbool.h>
#include <stddef.h>

#include "options.h"

/* A handle without URL and body; NULL: out of memory.  `o` is borrowed for its life. */
CURL *easy_new(const struct options *o);

/*
 * Whether the server can be reached: a connection, with TLS a handshake, and not a byte
 * of HTTP, so that nothing can be taken for data.  False: `why`.
 */
bool easy_reach(const struct options *o, char *why, size_t why_len);

#endif
