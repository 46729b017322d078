/* SPDX-License-Identifier: MIT */
/*
 * A moment in the gateway's zone, written by a format of PHP's date(): Meshlium's
 * templates have such formats.  Names are English in every locale.
 *
 *   day    d D j l N S w z       week  W o         month  F M m n t
 *   year   L Y y                 time  a A B g G h H i s u v
 *   zone   e I O P p T Z         all   c r U
 *
 * `\` takes the next character as it is, and so is every other character taken.
 */
#ifndef CORE_PHPDATE_H
#define CORE_PHPDATE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

/*
 * Adds the moment (ms since 1970 UTC; held within 1970 and 9999).  The zone is that of
 * TZ, or else of /etc/localtime, as it was when the process first asked for it.
 */
void phpdate_add(struct buf *out, const char *format, int64_t wall_ms);

/* Whether any of the first `len` bytes of a format stands for a part of the moment. */
bool phpdate_has_letter(const char *format, size_t len);

/* Whether what the format gives is meant as a number: "U", "Y", "Ymd", not "m" ("03"). */
bool phpdate_is_number(const char *format);

#endif
