/* SPDX-License-Identifier: MIT */
/*
 * A child of the supervisor: ends in order at SIGTERM, SIGINT, and when the supervisor is
 * gone; and has one descriptor to wait on for that and all else.  By hand, without a
 * supervisor, it works the same.
 */
#ifndef CORE_PROCESS_H
#define CORE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "reason.h"

/* The supervisor puts the number of the pipe's descriptor here. */
#define PROCESS_PIPE_VARIABLE "FRAME_ROUTER_PIPE"

/* A second signal within this time is the first one, sent to all of a group. */
#define PROCESS_TWICE_MS 1000

struct process {
	int wait_fd; /* of epoll: readable when anything is to be seen to */
	int signal_fd;
	int pipe_fd;      /* -1: no supervisor */
	bool is_stopping; /* asked to end */
	bool is_orphan;   /* because the supervisor is gone */
	int64_t asked_ms; /* when */
	bool is_urgent;   /* asked twice */
};

/* Blocks the signals (before any thread is made) and sets all up. */
bool process_init(struct process *p, struct reason *why);
void process_close(struct process *p);

/*
 * For a helper that waits for nothing: it is killed when the supervisor is gone.  By
 * hand, without a supervisor, nothing changes.
 */
void process_end_with_parent(void);

/* Adds a descriptor to wait on. */
bool process_watch(struct process *p, int fd, struct reason *why);

/* Waits until something is readable or `ms` are over (-1: for ever); 0: only looks. */
void process_wait(struct process *p, int64_t ms);

/* Waits `ms`, whatever is readable; ends early only when asked to stop. */
void process_pause(struct process *p, int64_t ms);

/*
 * Takes the lock of an input or output, waiting for a predecessor that is about to end:
 * up to 20 s.  The descriptor stays open with the process.
 */
bool process_lock(const char *path, struct reason *why);

#endif
