/* SPDX-License-Identifier: MIT */
/* Users of this machine: the one that the service runs as, and whoever owns a folder. */
#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include <stdbool.h>
#include <sys/types.h>

#include "reason.h"

#define ACCOUNT_SERVICE "frame-router"

struct account {
	char name[33]; /* "" when the machine knows none */
	uid_t uid;
	gid_t gid; /* the user's own group */
};

/* False: there is no such user. */
bool account_find(struct account *out, const char *name);

/* Whose a file or folder is; false: there is none. */
bool account_of(struct account *out, const char *path);

/* Becomes that user, for good: only root can.  False: the process is not to go on. */
bool account_become(const struct account *a, struct reason *why);

/*
 * What root does in a folder of another user, that user does: otherwise what root makes
 * there would shut the user out, and what the user made there would be root's to trust.
 * True when there was nothing to do, too.
 */
bool account_become_owner(const char *path, struct reason *why);

/* The same for what cannot change its user: false when root is in another's folder. */
bool account_is_ours(const char *path, struct reason *why);

#endif
