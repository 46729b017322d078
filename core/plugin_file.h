/* SPDX-License-Identifier: MIT */
/* Whether a file can be loaded at all, before anything of it runs. */
#ifndef CORE_PLUGIN_FILE_H
#define CORE_PLUGIN_FILE_H

#include <stdbool.h>

#include "reason.h"

/*
 * A regular file, whole, a shared object for this machine; the file and its folder, and
 * those that a link leads to, are trusted (trust.h).  False: why, which names the path.
 */
bool plugin_file_check(const char *path, struct reason *why);

#endif
