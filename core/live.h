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

#include "buf.h"
#include "reason.h"

#define LIVE_METRICS 8

struct live_metric {
	char name[24]; /* "": none */
	uint64_t count;
};

struct live_data {
	int64_t pid;        /* of the writer */
	int64_t changed_ms; /* wall clock of the last change of `reason` */
	int64_t until_ms;   /* wall clock when a back-off ends, 0: none */
	uint64_t in_flight; /* messages submitted and not settled */
	uint64_t late;      /* verdicts that came too late or twice */
	char reason[256];   /* words behind Running; "" when all is well */
	char version[64];   /* of the plugin */
	int64_t error_ms;   /* wall clock of the last trouble, 0: none yet */
	char error[256];    /* what it was, also when it is over */
	struct live_metric metrics[LIVE_METRICS]; /* of the plugin's own */
};

struct live;

/* Fails when another process lives behind the same file: it is locked until live_close()
 * or the process's end. */
bool live_open(struct live **out, const char *path, struct reason *why);
void live_close(struct live *l); /* NULL is fine; clears what was said, unless fatal */
void live_version(struct live *l, const char *version);
/* The same words again do not change `changed_ms`. */
void live_reason(struct live *l, int64_t until_ms, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The last words of a process that cannot go on; they stay.  NULL is fine. */
void live_fatal(struct live *l, const char *text);
/* The last trouble, which is told when it is over, too. */
void live_error(struct live *l, const char *text);
/* Adds to a metric; one more than there is room for is not counted. */
void live_count(struct live *l, const char *name, uint64_t n);
void live_in_flight(struct live *l, uint64_t in_flight, uint64_t late);

/* Reads it; false when there is none or nobody lives behind it. */
bool live_read(const char *path, struct live_data *out);

/* Reads the last words of the process `pid`, which has ended. */
bool live_read_last(const char *path, int64_t pid, struct live_data *out);

/* Adds the words for status: "backing off 8 s: connection refused". */
void live_words(const struct live_data *data, struct buf *out);

#endif
