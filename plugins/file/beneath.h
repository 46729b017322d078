/* SPDX-License-Identifier: MIT */
/*
 * Files below one directory, the base, and never outside it.  The base is the
 * administrator's own words; what lies below it may come from what nodes sent, so that
 * part is entered one component at a time, and no symbolic link is followed there.
 */
#ifndef FILE_BENEATH_H
#define FILE_BENEATH_H

#include <stdbool.h>
#include <stddef.h>

/* Why something failed, as one line for a person. */
struct why {
	char text[512];
};

/* Writes the text and returns false. */
bool why_not(struct why *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same for errno at `path`: a full disk is told by the name of its file system. */
bool why_errno(struct why *why, const char *path);

/* How much of a path template is its base: up to the last `/` before the first wildcard.
 */
size_t beneath_base(const char *template);

/*
 * Whether the text behind the base is harmless and can name a file: it has no component
 * `..`, none that is too long, and does not end in `/`.
 */
bool beneath_is_path(const char *below, struct why *why);

/* Makes the base (mode 0750) with its parents where missing, and asks for writing there.
 */
bool beneath_make_base(const char *path, size_t base_len, struct why *why);

/*
 * Opens `path`, of which the first base_len bytes are the base, for appending and
 * reading; directories are made (0750), and the file (0640) if `*may_create`.  With
 * `is_durable` the directory is synced, so that a power cut cannot take the name away.
 * Sets *may_create to whether the file was made now.  Only a regular file is opened;
 * anything else there is refused untouched.  -1 with why.
 */
int beneath_open(const char *path, size_t base_len, bool is_durable, bool *may_create,
                 struct why *why);

#endif
