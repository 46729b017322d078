/* SPDX-License-Identifier: MIT */
/* Users, by name and by what they own.  Knows nothing of what they may do. */
#include "account.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fill(struct account *out, const struct passwd *user)
{
	if (user == NULL)
		return false;
	*out = (struct account){.uid = user->pw_uid, .gid = user->pw_gid};
	snprintf(out->name, sizeof out->name, "%s", user->pw_name);
	return true;
}

bool account_find(struct account *out, const char *name)
{
	*out = (struct account){.name = ""};
	return fill(out, getpwnam(name));
}

bool account_of(struct account *out, const char *path)
{
	struct stat st;

	*out = (struct account){.name = ""};
	if (stat(path, &st) != 0)
		return false;
	if (!fill(out, getpwuid(st.st_uid)))
		*out = (struct account){.uid = st.st_uid, .gid = st.st_gid};
	return true;
}

bool account_become(const struct account *a, struct reason *why)
{
	bool has_groups = a->name[0] != '\0' ? initgroups(a->name, a->gid) == 0
	                                     : setgroups(1, &a->gid) == 0;

	if (!has_groups || setresgid(a->gid, a->gid, a->gid) != 0 ||
	    setresuid(a->uid, a->uid, a->uid) != 0)
		return fail_errno(why, "cannot become user %u", (unsigned)a->uid);
	return true;
}

bool account_become_owner(const char *path, struct reason *why)
{
	struct account owner;

	if (geteuid() != 0 || !account_of(&owner, path) || owner.uid == 0)
		return true;
	return account_become(&owner, why) || fail_context(why, "%s", path);
}

bool account_is_ours(const char *path, struct reason *why)
{
	struct account owner;

	if (geteuid() != 0 || !account_of(&owner, path) || owner.uid == 0)
		return true;
	if (owner.name[0] == '\0')
		snprintf(owner.name, sizeof owner.name, "%u", (unsigned)owner.uid);
	return fail(why,
	            "%s belongs to %s, and root would shut it out: systemctl start "
	            "frame-router, or runuser -u %s -- frame-router run",
	            path, owner.name, owner.name);
}
