/* SPDX-License-Identifier: MIT */
/*
 * Whether a file can be trusted with what the router does for it: who owns it, who may
 * write it, who may read it.  Looks at what fstat() said, so that what was checked is
 * what is read.
 *
 * Trusted owners are root, the user this process runs as, and the owner of this program's
 * file, who could change more than any configuration.  The private group of an
 * ordinary user who runs the router counts as that user.
 */
#ifndef CORE_TRUST_H
#define CORE_TRUST_H

#include <stdbool.h>
#include <sys/stat.h>

#include "reason.h"

/* Owned by somebody trusted and written by nobody else; files and folders.  The reason
 * names `path` and the command that helps. */
bool trust_file(const struct stat *st, const char *path, struct reason *why);
/* `owner` is trusted as well. */
bool trust_file_of(const struct stat *st, uid_t owner, const char *path,
                   struct reason *why);

/*
 * The same, and read by nobody else; for an ordinary user a file of root's group is
 * nobody else's, as systemd's credentials are; for root the group of the service's user
 * is nobody else.
 */
bool trust_secret(const struct stat *st, const char *path, struct reason *why);

/* Says that others can read a secret, and the command that helps; false. */
bool trust_tell_readable(const char *path, struct reason *why);

/* The folder that `path` lies in, as trust_file(). */
bool trust_folder_of(const char *path, struct reason *why);

/*
 * Opens a regular file to be read; a FIFO or device is refused without waiting for it.
 * *st is what fstat() says.  -1: why.
 */
int trust_open(const char *path, struct stat *st, struct reason *why);

#endif
