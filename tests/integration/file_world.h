/* SPDX-License-Identifier: MIT */
/*
 * A directory and the output "file" in it, for tests: sending, reading back, and a disk
 * that fails on demand.
 */
#ifndef TESTS_INTEGRATION_FILE_WORLD_H
#define TESTS_INTEGRATION_FILE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plugin_host.h"

/* The disk as the plugin sees it; all zero is a good one. */
struct file_disk {
	unsigned syncs;       /* calls of fdatasync() so far */
	unsigned name_syncs;  /* calls of fsync(), which make names durable */
	int sync_error;       /* errno of the next one, which resets this ... */
	const char *intruder; /* ... before which another program appends to this file */
	size_t write_max;     /* bytes that one write() takes at most; 0: all */
	int write_error;      /* errno of write()s ... */
	unsigned
		write_after; /* ... after so many more; both reset when it has happened */
};
extern struct file_disk file_disk;

/* The directory of all tests of this program, made at the first call, absolute. */
const char *file_world(void);
/* Removes it with all that is in it. */
void file_world_end(void);
/* A path in it, in one of 8 buffers taken in turn. */
const char *file_path(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The plugin, opened; `path` is the template, below the directory.  Bails out if it
 * fails. */
struct plugin_host *file_start(const char *path, const char *sync);
/* The plugin, not opened. */
struct plugin_host *file_load(const char *path, const char *sync);

/* Submits the line `{"n":ID}` for the file `path` below the directory. */
enum frame_verdict file_send(struct plugin_host *h, uint64_t id, const char *path);
/* The same for `first` to `last`, then flushes; how many were delivered. */
unsigned file_drive(struct plugin_host *h, uint64_t first, uint64_t last,
                    const char *path);

/* What stands in a file below the directory; "(none)" when it is not there; owned by
 * this. */
const char *file_text(const char *path);
/* Whether it holds the lines of the ids `first` to `last`, in order and nothing else. */
bool file_holds(const char *path, uint64_t first, uint64_t last);
/* Writes a file below the directory. */
void file_put(const char *path, const char *text);

#endif
