/* SPDX-License-Identifier: MIT */
/* The state of a supervisor; between the files supervisor_*.c alone. */
#ifndef CORE_SUPERVISOR_PRIVATE_H
#define CORE_SUPERVISOR_PRIVATE_H

#include "announce.h"
#include "backoff.h"
#include "child.h"
#include "control.h"
#include "supervisor.h"

/* Inputs stop first, so that outputs see all that was answered; the housekeeping last. */
enum phase { PHASE_RUNNING, PHASE_INPUTS, PHASE_OUTPUTS, PHASE_HOUSEKEEPING, PHASE_OVER };

enum job_state { JOB_FREE, JOB_WAITS, JOB_CHECKS, JOB_APPLIES, JOB_DONE };

/* A reload that somebody asked for, or several did before it began. */
struct job {
	enum job_state state;
	uint64_t number;                /* the lowest comes first */
	char name[CONFIG_NAME_MAX + 1]; /* of one input or output; "": all of conf.d */
	bool is_wish; /* what `enabled` says counts, although an admin said otherwise */
	unsigned askers;  /* that wait for the answer */
	struct buf reply; /* lines `out`, `err` or `exit`, a tab, and what to say */
};

struct reload {
	/* one for each client, and of SIGHUP one that works and one that waits */
	struct job jobs[CONTROL_CLIENTS + 2];
	struct job *now; /* that checks or applies; NULL: none */
	uint64_t last_number;
	pid_t pid;       /* of the check; 0: it has ended */
	int status;      /* with this */
	int err_fd;      /* what it complains of */
	struct buf said; /* there */
	int64_t kill_at_ms;
};

enum mend_state { MEND_NOTHING, MEND_STOPPING, MEND_PREPARING, MEND_JOINING };

struct mend {
	enum mend_state state;
	pid_t pid; /* of `prepare`; 0: none */
	int64_t not_before_ms;
	struct backoff backoff;
};

struct supervisor {
	const struct supervisor_options *options;
	struct child_world world;
	struct child *children;
	struct control control;
	enum phase phase;
	int64_t asked_ms; /* when it was asked to stop */
	bool has_terminal;
	struct reload reload;
	struct mend mend;
	struct announce announce;
};

/* supervisor_units.c: the children, as the settings have them. */
bool supervisor_make_units(struct supervisor *s, struct reason *why);
void supervisor_free_units(struct supervisor *s);
/* An input or output that is configured, or NULL. */
struct child *supervisor_find(struct supervisor *s, const char *name);
/* Puts the settings in the place of those in force: starts, stops and restarts what they
 * change, and says so in the job's reply. */
void supervisor_change_units(struct supervisor *s, struct settings *fresh,
                             struct job *job);
/* Forgets those that are no longer configured and have ended. */
void supervisor_drop_left(struct supervisor *s);
/* Whether all that was changed has ended and begun anew. */
bool supervisor_is_settled(const struct supervisor *s);

/* supervisor_command.c: a control_request; the context is the supervisor. */
bool supervisor_command(void *supervisor, const char *line, uint64_t *ticket,
                        struct buf *reply);

/* supervisor_reload.c */
void reload_init(struct reload *r);
void reload_free(struct reload *r);
/* Asks for a reload (SIGHUP); nobody waits for its answer. */
void reload_order(struct supervisor *s);
/* Asks for one, and again until it returns true: then `reply` is the answer. */
bool reload_ask(struct supervisor *s, const char *name, bool is_wish, uint64_t *ticket,
                struct buf *reply);
/* What is to be done now; after each poll(). */
void reload_step(struct supervisor *s, int64_t now_ms);
/* The process has ended; false: it was not the reload's. */
bool reload_reaped(struct supervisor *s, pid_t pid, int status);
/* The router stops: every asker is told so. */
void reload_abort(struct supervisor *s);
int64_t reload_deadline(const struct supervisor *s);

/*
 * supervisor_mend.c: when a process met damage in the store (exit code 74, and
 * STATE/suspect is there), all stop, the store is prepared anew, and all start again.
 */
void mend_init(struct mend *m);
void mend_after(struct supervisor *s, int status, int64_t now_ms);
void mend_step(struct supervisor *s, int64_t now_ms);
bool mend_reaped(struct supervisor *s, pid_t pid, int status);
/* Nothing may be started meanwhile. */
bool mend_is_busy(const struct supervisor *s);
int64_t mend_deadline(const struct supervisor *s, int64_t now_ms);

#endif
