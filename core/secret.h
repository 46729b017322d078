/* SPDX-License-Identifier: MIT */
/* Files that hold a secret: who may read them, and what they hold. */
#ifndef CORE_SECRET_H
#define CORE_SECRET_H

#include <stdbool.h>

#include "buf.h"
#include "reason.h"

/*
 * Reads a file that only root or the user who runs the router can read and write, without
 * the line ends behind it, into `out` (cleared first).  False: why, which never holds
 * what the file holds; `out` is wiped.
 */
bool secret_read(const char *path, struct buf *out, struct reason *why);

/*
 * For a process that holds secrets: no core file keeps what it knows when it dies, and no
 * other process of its user looks into it.
 */
void secret_guard(void);

/* Wipes and frees. */
void secret_forget(struct buf *secret);

/*
 * Where the value of a NAME_file option leads: an absolute path as it is, any other is
 * the name of a systemd credential.  False: there is no such credential.
 */
bool secret_path(const char *value, char *path, size_t size, struct reason *why);

#endif
