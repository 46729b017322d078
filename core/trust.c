/* SPDX-License-Identifier: MIT */
/* Owners and modes of files.  Knows nothing of what is in them. */
#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "account.h"

static bool is_trusted_owner(uid_t owner)
{
	struct stat program;

	if (owner == 0 || owner == geteuid())
		return true;
	return stat("/proc/self/exe", &program) == 0 && program.st_uid == owner;
}

/* Whether what the group may do, others than we may do: root's group is not private. */
static bool is_foreign_group(gid_t group)
{
	return geteuid() == 0 || group != getegid();
}

bool trust_file(const struct stat *st, const char *path, struct reason *why)
{
	return trust_file_of(st, 0, path, why);
}

bool trust_file_of(const struct stat *st, uid_t owner, const char *path,
                   struct reason *why)
{
	if (st->st_uid != owner && !is_trusted_owner(st->st_uid))
		return fail(
			why,
			"%s belongs to user %u; it must be root's or that of the user "
			"who runs the router",
			path, (unsigned)st->st_uid);
	if ((st->st_mode & S_IWOTH) != 0 ||
	    ((st->st_mode & S_IWGRP) != 0 && is_foreign_group(st->st_gid)))
		return fail(why, "%s can be written by others (chmod go-w %s)", path,
		            path);
	return true;
}

/*
 * Whether others than we may read what the group may read.  Root looks at it for the
 * service, whose group is no other.  For the service a file of root's group is one that
 * systemd made: a credential is 0440 root:root, with an ACL for our user.
 */
static bool is_foreign_reader(gid_t group)
{
	struct account service;

	if (geteuid() != 0)
		return group != getegid() && group != 0;
	return group == 0 || !account_find(&service, ACCOUNT_SERVICE) ||
	       service.gid != group;
}

bool trust_tell_readable(const char *path, struct reason *why)
{
	struct account service;

	if (geteuid() == 0 && account_find(&service, ACCOUNT_SERVICE))
		return fail(why,
		            "%s holds a secret and can be read by others (chgrp %s %s && "
		            "chmod 640 %s)",
		            path, service.name, path, path);
	return fail(why, "%s holds a secret and can be read by others (chmod 600 %s)",
	            path, path);
}

bool trust_secret(const struct stat *st, const char *path, struct reason *why)
{
	if (!trust_file(st, path, why))
		return false;
	if ((st->st_mode & S_IROTH) != 0 ||
	    ((st->st_mode & S_IRGRP) != 0 && is_foreign_reader(st->st_gid)))
		return trust_tell_readable(path, why);
	return true;
}

bool trust_folder_of(const char *path, struct reason *why)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct stat st;

	if (slash == NULL)
		snprintf(folder, sizeof folder, ".");
	else if ((size_t)(slash - path) >= sizeof folder)
		return fail(why, "%.60s... is too long", path);
	else
		snprintf(folder, sizeof folder, "%.*s",
		         slash == path ? 1 : (int)(slash - path), path);
	if (stat(folder, &st) != 0)
		return fail_errno(why, "cannot look at %s", folder);
	return trust_file(&st, folder, why);
}

int trust_open(const char *path, struct stat *st, struct reason *why)
{
	/* O_NONBLOCK: opening a FIFO would wait for its writer */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0) {
		fail_errno(why, "cannot open %s", path);
		return -1;
	}
	if (fstat(fd, st) != 0)
		fail_errno(why, "cannot look at %s", path);
	else if (S_ISDIR(st->st_mode))
		fail(why, "%s is a folder, no file", path);
	else if (!S_ISREG(st->st_mode))
		fail(why, "%s is no regular file", path);
	else
		return fd;
	close(fd);
	return -1;
}
