/* SPDX-License-Identifier: MIT */
/*
 * What an input or output process says of itself, in a small mapped file that status
 * reads.  It is never synced: it tells of now.  One writer, its process; any thread of
 * it.
 */
#ifndef CORE_LIVE_H
#define CORE_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "reason.h"

struct live_data {
	int64_t pid;        /* of the writer */
	int64_t changed_ms; /* wall clock of the last change of `reason` */
	int64_t until_ms;   /* wall clock when a back-off ends, 0: none */
	uint64_t in_flight; /* frames submitted and not settled */
	uint64_t late;      /* verdicts that came too late or twice */
	char reason[256];   /* words behind Running; "" when all is well */
	char version[64];   /* of the plugin */
};

struct live;

/* Fails when another process lives behind the same file: it is locked until live_close()
 * or the process's end. */
bool live_open(struct live **out, const char *path, struct reason *why);
void live_close(struct live *l); /* NULL is fine; clears what was said */
void live_version(struct live *l, const char *version);
/* The same words again do not change `changed_ms`. */
void live_reason(struct live *l, int64_t until_ms, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void live_in_flight(struct live *l, uint64_t in_flight, uint64_t late);

/* Reads it; false when there is none or nobody lives behind it. */
bool live_read(const char *path, struct live_data *out);

#endif
