/* SPDX-License-Identifier: MIT */
/* One supervised process: started, started again when it dies, and stopped within a
 * bound. */
#ifndef CORE_CHILD_H
#define CORE_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "backoff.h"
#include "buf.h"
#include "reason.h"
#include "launch.h"

enum child_kind { CHILD_INPUT, CHILD_OUTPUT, CHILD_HOUSEKEEPING };

struct child {
	struct child *next;
	enum child_kind kind;
	char name[72];
	char plugin[72];
	char live[512];   /* the file in which it says how it is */
	int64_t grace_ms; /* that it gets to stop */
	bool is_wanted;   /* should run */
	bool is_enabled;  /* in the configuration */
	bool is_leaving;  /* no longer in it: forgotten when it has ended */
	pid_t pid;        /* 0: does not run */
	int64_t started_ms;
	int64_t start_at_ms; /* while it is wanted and does not run */
	int64_t kill_at_ms;  /* asked to stop: until then; 0: not asked */
	struct backoff backoff;
	char died[200]; /* of what, last; "" */
};

/* What a child needs to be started. */
struct child_world {
	const struct launcher *launcher;
	const char *state;
};

void child_init(struct child *c, enum child_kind kind, const char *name);

/* Starts it if it is wanted and its time has come. */
void child_start(struct child *c, const struct child_world *world, int64_t now_ms);

/* Asks it to stop; child_tick() kills it when it does not. */
void child_stop(struct child *c, int64_t now_ms);

/* Stops it to be started anew as soon as it has ended, if it is wanted. */
void child_cycle(struct child *c, int64_t now_ms);

/* Is wanted, from now on. */
void child_want(struct child *c, int64_t now_ms);

/* It has ended, with the status of waitpid(). */
void child_reaped(struct child *c, int status, int64_t now_ms);

void child_tick(struct child *c, int64_t now_ms);

/* The next moment at which child_start() or child_tick() have something to do, or
 * INT64_MAX. */
int64_t child_deadline(const struct child *c);

/* "Running" or "Stopped", and the words behind it into `reason`. */
const char *child_state(const struct child *c, int64_t now_ms, struct buf *reason);

#endif
