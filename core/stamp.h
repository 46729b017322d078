/* SPDX-License-Identifier: MIT */
/* Which file it is and in which state, in a few digits: a file that was replaced or
 * written has another stamp.  Does not read it. */
#ifndef CORE_STAMP_H
#define CORE_STAMP_H

#include <sys/stat.h>

#define STAMP_SIZE 96

/* Device, inode, size and the time of the last change of its bytes.  Returns `out`. */
char *stamp_write(char out[STAMP_SIZE], const struct stat *st);

/* The stamp of a file; "-" when it cannot be looked at. */
char *stamp_of(char out[STAMP_SIZE], const char *path);

#endif
