/* SPDX-License-Identifier: MIT */
/* Paths and the service: the rights of a user, the walls of a unit.  Knows no options. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"

#define TRY_S 10

/* Whether `path` is `folder` or lies in it. */
static bool lies_in(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	while (len > 1 && folder[len - 1] == '/')
		len--;
	if (len == 1)
		return true;
	return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static bool lies_in_any(const char *path, const char *const *folders)
{
	while (*folders != NULL && !lies_in(path, *folders))
		folders++;
	return *folders != NULL;
}

static bool is_home(const char *path)
{
	static const char *const folders[] = {"/home", "/root", "/run/user", NULL};

	return lies_in_any(path, folders);
}

static bool is_tmp(const char *path)
{
	static const char *const folders[] = {"/tmp", "/var/tmp", NULL};

	return lies_in_any(path, folders);
}

static bool is_writable(const struct sandbox *s, const char *path)
{
	size_t at = 0;

	while (at < s->writable.len) {
		if (lies_in(path, s->writable.data + at))
			return true;
		at += strlen(s->writable.data + at) + 1;
	}
	/* these are not part of what is made read-only */
	return lies_in(path, "/dev") || lies_in(path, "/proc");
}

/* Whether the unit lets the service read a path, or write in a folder. */
static bool passes_unit(const struct sandbox *s, const char *path, bool is_write,
                        struct reason *why)
{
	bool is_missing = access(path, F_OK) != 0;

	if (s->has_own_tmp && is_tmp(path))
		return fail(why, "the service has a %s of its own: choose another folder",
		            lies_in(path, "/tmp") ? "/tmp" : "/var/tmp");
	if (s->hides_home && is_home(path))
		return fail(why,
		            "the service cannot see %s: choose another folder, or "
		            "systemctl edit frame-router and add [Service] "
		            "ProtectHome=%s%s",
		            path, is_write ? "no ReadWritePaths=" : "read-only",
		            is_write ? path : "");
	if (is_write && s->is_strict && !is_writable(s, path))
		return fail(why,
		            "%s is not writable for the service: %ssystemctl edit "
		            "frame-router and add [Service] ReadWritePaths=%s",
		            path, is_missing ? "make it, and " : "", path);
	return true;
}

struct attempt {
	const struct account *user; /* NULL: as we are */
	const char *path;
	int mode;
};

static bool try_access(void *context, struct reason *why)
{
	const struct attempt *a = context;

	if (a->user != NULL && !account_become(a->user, why))
		return false;
	/* by the effective user: of ours both are the same after account_become() */
	if (faccessat(AT_FDCWD, a->path, a->mode, AT_EACCESS) == 0)
		return true;
	return fail(why, "%s", strerror(errno));
}

/* Whether the service's user, or we, when that is who we are, may do that. */
static bool passes_rights(const struct sandbox *s, const char *path, int mode,
                          struct reason *why)
{
	struct attempt attempt = {.path = path, .mode = mode};
	bool is_other = s->user.name[0] != '\0' && s->user.uid != geteuid();

	if (is_other && geteuid() != 0)
		return true; /* nobody but root can try it for another */
	if (!is_other)
		return try_access(&attempt, why);
	attempt.user = &s->user;
	return guard_run(try_access, &attempt, TRY_S, why) == GUARD_YES;
}

/* The nearest of `path` and the folders above it that is there. */
static void find_existing(char found[PATH_MAX], const char *path)
{
	snprintf(found, PATH_MAX, "%s", path);
	while (access(found, F_OK) != 0 && strcmp(found, "/") != 0 && found[0] == '/') {
		char *slash = strrchr(found, '/');

		slash[slash == found ? 1 : 0] = '\0';
	}
}

/* " for NAME", or nothing when it is we. */
static const char *for_whom(const struct sandbox *s, char out[48])
{
	snprintf(out, 48, "%s%s", s->user.name[0] == '\0' ? "" : " for ", s->user.name);
	return out;
}

bool sandbox_may_write(const struct sandbox *s, const char *path, bool is_inside,
                       struct reason *why)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	char found[PATH_MAX];
	struct reason error = {""};
	char whom[48];
	bool is_there;

	snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path),
	         path);
	if (!is_inside && s->has_unit && !passes_unit(s, folder, true, why))
		return false;
	find_existing(found, path);
	is_there = strcmp(found, path) == 0;
	if (passes_rights(s, found, is_there ? W_OK : W_OK | X_OK, &error))
		return true;
	if (is_inside && strcmp(error.text, strerror(EROFS)) == 0)
		return fail(why,
		            "%s is read-only here: as a service, systemctl edit "
		            "frame-router and add [Service] ReadWritePaths=%s",
		            folder, folder);
	return fail(why, "%s is not writable%s: %s", found, for_whom(s, whom),
	            error.text);
}

bool sandbox_may_read(const struct sandbox *s, const char *path, bool is_inside,
                      struct reason *why)
{
	struct reason error = {""};
	char whom[48];

	if (!is_inside && s->has_unit && !passes_unit(s, path, false, why))
		return false;
	if (passes_rights(s, path, R_OK, &error))
		return true;
	if (strcmp(error.text, strerror(EACCES)) == 0 && s->user.name[0] != '\0')
		return fail(why,
		            "%s is not readable for %s (chgrp %s %s && chmod g+r %s)",
		            path, s->user.name, s->user.name, path, path);
	return fail(why, "%s is not readable%s: %s", path, for_whom(s, whom), error.text);
}
