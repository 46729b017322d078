/* SPDX-License-Identifier: MIT */
/* Whether a database is a store of ours, of a version that we know, and whole. */
#ifndef CORE_STORE_CHECK_H
#define CORE_STORE_CHECK_H

#include <stdbool.h>

#include "db.h"
#include "reason.h"

enum check_result {
	CHECK_FINE,
	CHECK_FAILED,  /* it cannot be worked with, and is left as it is */
	CHECK_NEWER,   /* of a newer major version, left as it is */
	CHECK_CORRUPT, /* damaged: to be salvaged */
};

/* Whether the file can be opened at all, and which version it is of. */
enum check_result check_version(const char *path, struct reason *why);

/* Compares with what we would make.  Triggers and the view are mended; a table that
 * differs is a failure.  A newer minor version is taken as it is. */
enum check_result check_schema(struct db *d, struct reason *why);

/* Reads the oldest and newest rows; when it `is_suspect`, all. */
enum check_result check_rows(struct db *d, bool is_suspect, struct reason *why);

#endif
