/* SPDX-License-Identifier: MIT */
/* A moment written as ISO 8601, read. */
#ifndef CORE_ISOTIME_H
#define CORE_ISOTIME_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads `2026-11-22T10:40:00.123Z` whole: the fraction may be absent (digits behind the
 * third are dropped), `Z` may be an offset (`+01:00`, `-0330`).  ms since 1970 UTC; years
 * 1970 to 9999.
 */
bool isotime_parse(const char *text, int64_t *ms);

#endif
