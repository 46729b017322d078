/* SPDX-License-Identifier: MIT */
/* Two clocks: one that never jumps, for waiting, and the wall's, for people. */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLOCK_ISO_SIZE 25 /* "2026-11-22T10:40:00.123Z" and NUL */

/* ms since some moment; never jumps. */
int64_t clock_monotonic_ms(void);

/* ms since 1970-01-01 UTC, as the machine believes. */
int64_t clock_wall_ms(void);

/* Whether a wall time can be true: a machine without a battery starts in 1970. */
bool clock_is_plausible(int64_t wall_ms);

/* Writes a wall time as ISO 8601 in UTC with milliseconds; one before 1970 or after the
 * year 9999 becomes the first or last moment of these. */
void clock_iso(int64_t wall_ms, char out[CLOCK_ISO_SIZE]);

/* Replaces both clocks, for tests; NULL gives the real ones back. */
void clock_replace(int64_t (*monotonic_ms)(void), int64_t (*wall_ms)(void));

#endif
