/* SPDX-License-Identifier: MIT */
/* Paths and the service: the rights of a user, the walls of a unit.  Knows no options. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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

static bool lies_in_list(const char *path, const struct buf *folders)
{
	size_t at = 0;

	while (at < folders->len) {
		if (lies_in(path, folders->data + at))
			return true;
		at += strlen(folders->data + at) + 1;
	}
	return false;
}

static bool is_writable(const struct sandbox *s, const char *path)
{
	if (lies_in_list(path, &s->writable))
		return true;
	/* these are not part of what is made read-only */
	return lies_in(path, "/dev") || lies_in(path, "/proc");
}

/* What has to be done with a folder before its unit is told of it. */
static const char *first_for(const struct sandbox *s, const char *folder,
                             char out[PATH_MAX + 80])
{
	bool is_known = s->user.name[0] != '\0';
	struct stat st;

	out[0] = '\0';
	if (stat(folder, &st) != 0)
		snprintf(out, PATH_MAX + 80,
		         is_known ? "make it, chown %s %s, and " : "make it, and ",
		         s->user.name, folder);
	else if (is_known && st.st_uid != s->user.uid)
		snprintf(out, PATH_MAX + 80, "chown %s %s, and ", s->user.name, folder);
	return out;
}

/* Whether the unit lets the service read a path, or write in a folder. */
static bool passes_unit(const struct sandbox *s, const char *path, bool is_write,
                        struct reason *why)
{
	char first[PATH_MAX + 80];

	if (s->has_own_tmp && is_tmp(path))
		return fail(why,
		            "the service has a %s of its own (PrivateTmp=yes): choose "
		            "another folder",
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
		            path, first_for(s, path, first), path);
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

static void add_chown(const struct sandbox *s, const char *path, struct reason *why)
{
	bool is_missing = access(path, F_OK) != 0;
	size_t len = strlen(why->text);

	snprintf(why->text + len, sizeof why->text - len, " (%s%s%schown %s %s)",
	         is_missing ? "mkdir -p " : "", is_missing ? path : "",
	         is_missing ? " && " : "", s->user.name, path);
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
	if (access(folder, F_OK) != 0 && lies_in_list(folder, &s->made))
		return true; /* it is there, and the service's, when that runs */
	find_existing(found, path);
	is_there = strcmp(found, path) == 0;
	if (passes_rights(s, found, is_there ? W_OK : W_OK | X_OK, &error))
		return true;
	if (is_inside && strcmp(error.text, strerror(EROFS)) == 0)
		return fail(why,
		            "%s is read-only here: as a service, systemctl edit "
		            "frame-router and add [Service] ReadWritePaths=%s",
		            folder, folder);
	fail(why, "%s is not writable%s: %s", found, for_whom(s, whom), error.text);
	if (strcmp(error.text, strerror(EACCES)) == 0 && s->user.name[0] != '\0')
		add_chown(s, is_there ? path : folder, why);
	return false;
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

/* The first port that everybody may listen on. */
static unsigned first_free_port(void)
{
	FILE *file = fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "re");
	unsigned port = 1024;

	if (file != NULL && fscanf(file, "%u", &port) != 1)
		port = 1024;
	if (file != NULL)
		fclose(file);
	return port;
}

bool sandbox_may_bind(const struct sandbox *s, unsigned port, struct reason *why)
{
	if (!s->has_unit || port == 0 || port >= first_free_port())
		return true;
	if (s->ambient.has && (s->bounding.has || !s->bounding.is_given))
		return true;
	return fail(why,
	            "the service may not listen on port %u: choose another, or systemctl "
	            "edit frame-router and add [Service] "
	            "AmbientCapabilities=CAP_NET_BIND_SERVICE "
	            "CapabilityBoundingSet=CAP_NET_BIND_SERVICE",
	            port);
}
