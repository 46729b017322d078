/* SPDX-License-Identifier: MIT */
/*
 * How it stands: what the supervisor says of its processes, joined with what the disk
 * says of places and frames; the latter also when no router runs.
 */
#ifndef CORE_STATUS_H
#define CORE_STATUS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"
#include "control.h"
#include "place.h"
#include "settings.h"
#include "store.h"

struct status_unit {
	struct status_unit *next;
	enum plugin_kind kind;
	char name[72];
	char plugin[72];
	char reason[400];
	bool is_running;
	bool is_configured; /* false: only its place is left */
	pid_t pid;
	uint64_t received;       /* inputs */
	struct place_data place; /* outputs; all zero: none yet */
	uint64_t given;          /* outputs: frames that came since it began */
	uint64_t waiting;
	bool is_balanced; /* given = delivered + rejected + skipped + evicted + waiting */
	uint64_t in_flight;
	int64_t error_ms;  /* age of the last trouble; -1: none since it was started */
	char error[256];   /* what it was */
	struct buf counts; /* of the plugin's own: "requests 12, bytes 3456"; "" */
	int64_t oldest_waiting_ms; /* age; -1: nothing waits */
	struct buf overrides;      /* "enabled = no, window = 5"; "" */
};

struct status {
	enum control_answer answer; /* of the router, when it was asked */
	bool is_running;
	pid_t pid;
	char version[32];
	char name[256];
	char store_id[STORE_ID_SIZE];
	struct store_numbers numbers;
	int64_t max_size;
	bool is_stale;     /* conf.d has changed since the router read it */
	int64_t disk_free; /* bytes left on the disk of the store; -1: not known */
	struct status_unit
		*units; /* inputs, then outputs, as in conf.d; then those that are gone */
	char trouble[400]; /* why the store cannot be read; "" */
};

/* status_override.c: adds what overrides set, as it is in force or, when no router runs,
 * as it will be. */
void status_add_overrides(struct status *s, const char *state,
                          const struct settings *settings);

/*
 * `settings` are those of the router's last run, or what conf.d says; NULL: not known.
 * When the router cannot be asked, `why`, and what is found says nothing of it.
 */
void status_read(struct status *out, const char *state, const struct settings *settings,
                 struct reason *why);
void status_free(struct status *s);

/* The one line of `status --json`, a part of the contract.  Of `only` one input or
 * output, unless that is NULL. */
void status_json(const struct status *s, const struct status_unit *only, struct buf *out);
/* For people: a table of all, or all about one. */
void status_text(const struct status *s, struct buf *out);
void status_unit_text(const struct status_unit *u, struct buf *out);

#endif
