/* SPDX-License-Identifier: MIT */
/*
 * What the service may do with a path: by the rights of its user, and by what its unit
 * and the drop-ins of the operator confine it to.  Knows systemd's files, not what runs
 * already.
 */
#ifndef CORE_SANDBOX_H
#define CORE_SANDBOX_H

#include <stdbool.h>

#include "account.h"
#include "buf.h"
#include "reason.h"

struct sandbox {
	struct account user; /* that it runs as; "" when it is not known */
	bool has_unit;       /* else only the rights of the user count */
	bool is_strict;      /* ProtectSystem=strict */
	bool hides_home;     /* ProtectHome=yes */
	bool has_own_tmp;    /* PrivateTmp= */
	/* folders, each with a NUL behind it: */
	struct buf writable; /* that it may write */
	struct buf made;     /* those of them that systemd makes for it */
	struct sandbox_capability {
		bool is_given;
		bool has; /* CAP_NET_BIND_SERVICE */
	} ambient, bounding;
};

/*
 * Reads the unit, from the first of `dirs` that has it, and its drop-ins from all of
 * them.  `dirs` are folders of units, the one that goes first before the others, and end
 * with NULL.
 */
void sandbox_read(struct sandbox *s, const char *const *dirs);
/* The same, of this machine; `unit_dir` is where the unit was installed, or "". */
void sandbox_find(struct sandbox *s, const char *unit_dir);
void sandbox_free(struct sandbox *s);

/*
 * Whether the service can write a file, which may be still to be made, as its folders
 * may; or read one.  False: why, and how to allow it.  Where the service runs as somebody
 * whose rights we cannot take on, only the unit counts; in the service itself
 * (`is_inside`) only what the system says.
 */
bool sandbox_may_write(const struct sandbox *s, const char *path, bool is_inside,
                       struct reason *why);
bool sandbox_may_read(const struct sandbox *s, const char *path, bool is_inside,
                      struct reason *why);
/* Whether the unit lets it listen on a port. */
bool sandbox_may_bind(const struct sandbox *s, unsigned port, struct reason *why);

#endif
