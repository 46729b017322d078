/* SPDX-License-Identifier: MIT */
/* Opening files below a base: the walk, and words for what stands in its way. */
#include "beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY_MODE 0750
#define FILE_MODE      0640

bool why_not(struct why *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof why->text, format, args);
	va_end(args);
	return false;
}

/* Cuts the last component off; false when nothing is left. */
static bool cut_component(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL || path[1] == '\0')
		return false;
	slash[slash == path] = '\0';
	return true;
}

/* Where the file system of `path` is mounted: the highest parent on the same device. */
static const char *mount_point(char out[PATH_MAX], const char *path)
{
	char resolved[PATH_MAX], higher[PATH_MAX];
	struct stat here, above;

	snprintf(higher, sizeof higher, "%s", path);
	while (realpath(higher, resolved) == NULL)
		if (!cut_component(higher))
			return path;
	if (stat(resolved, &here) != 0)
		return path;
	snprintf(higher, sizeof higher, "%s", resolved);
	do
		memcpy(out, higher, sizeof higher);
	while (cut_component(higher) && stat(higher, &above) == 0 &&
	       above.st_dev == here.st_dev);
	return out;
}

bool why_errno(struct why *why, const char *path)
{
	char place[PATH_MAX];
	int error = errno;

	switch (error) {
	case ENOSPC:
		return why_not(why, "no space left on %.400s", mount_point(place, path));
	case EDQUOT:
		return why_not(why, "the disk quota on %.400s is used up",
		               mount_point(place, path));
	case EROFS:
		return why_not(why, "%.400s is mounted read-only",
		               mount_point(place, path));
	case EFBIG:
		return why_not(why,
		               "%.400s has reached the largest size allowed for a file",
		               path);
	default:
		return why_not(why, "%.400s: %s", path, strerror(error));
	}
}

size_t beneath_base(const char *template)
{
	size_t literal = strcspn(template, "#%");

	while (literal > 0 && template[literal - 1] != '/')
		literal--;
	return literal;
}

bool beneath_is_path(const char *below, struct why *why)
{
	const char *at = below;
	size_t len;

	if (strlen(below) >= PATH_MAX)
		return why_not(why, "the path is longer than %d bytes", PATH_MAX - 1);
	do {
		at += strspn(at, "/");
		len = strcspn(at, "/");
		if (len > NAME_MAX)
			return why_not(why, "a part of the path is longer than %d bytes",
			               NAME_MAX);
		if (len == 2 && memcmp(at, "..", 2) == 0)
			return why_not(why, "'..' is not allowed in %.400s", below);
		if (at[len] == '\0' && (len == 0 || (len == 1 && *at == '.')))
			return why_not(why, "%.400s names no file", below);
		at += len;
	} while (*at != '\0');
	return true;
}

/* Syncs the directory that holds `path`: a new name in it is durable then. */
static void sync_parent(const char *path)
{
	char parent[PATH_MAX];
	int fd;

	snprintf(parent, sizeof parent, "%s", path);
	if (!cut_component(parent))
		return;
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

static bool make_one(const char *path, struct why *why)
{
	if (mkdir(path, DIRECTORY_MODE) == 0) {
		chmod(path, DIRECTORY_MODE); /* the umask may have taken bits away */
		sync_parent(path);
		return true;
	}
	return errno == EEXIST || why_errno(why, path);
}

bool beneath_make_base(const char *path, size_t base_len, struct why *why)
{
	char base[PATH_MAX];

	if (base_len >= sizeof base)
		return why_not(why, "the path is longer than %d bytes", PATH_MAX - 1);
	if (base_len == 0)
		return true;
	memcpy(base, path, base_len);
	base[base_len] = '\0';
	for (char *at = base + 1; *at != '\0'; at++)
		if (*at == '/' && at[-1] != '/') {
			*at = '\0';
			if (!make_one(base, why))
				return false;
			*at = '/';
		}
	return faccessat(AT_FDCWD, base, W_OK | X_OK, AT_EACCESS) == 0 ||
	       why_errno(why, base);
}

/* Says what stands at `name`, where `wanted` should be: openat()'s own errors mislead. */
static bool why_in_the_way(int dir, const char *name, const char *path,
                           const char *wanted, struct why *why)
{
	int error = errno;
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (S_ISLNK(st.st_mode))
			return why_not(why,
			               "%.300s: '%.100s' is a symbolic link, which is "
			               "not followed",
			               path, name);
		if ((st.st_mode & S_IFMT) !=
		    (strcmp(wanted, "directory") == 0 ? S_IFDIR : S_IFREG))
			return why_not(why, "%.300s: '%.100s' is no %s", path, name,
			               wanted);
	}
	errno = error;
	return why_errno(why, path);
}

/* Enters the directory `name`, made if it is missing; closes `dir`.  -1 with why. */
static int enter(int dir, const char *name, const char *path, struct why *why)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(dir, name, flags);

	if (fd < 0 && errno == ENOENT) {
		bool is_new = mkdirat(dir, name, DIRECTORY_MODE) == 0;

		if (is_new || errno == EEXIST)
			fd = openat(dir, name, flags);
		if (is_new && fd >= 0) {
			fchmod(fd, DIRECTORY_MODE);
			fsync(dir);
		}
	}
	if (fd < 0)
		why_in_the_way(dir, name, path, "directory", why);
	close(dir);
	return fd;
}

/* The directory that holds the file; `*name` is the file's name in it.  -1 with why. */
static int open_directory(const char *path, size_t base_len, const char **name,
                          struct why *why)
{
	char part[PATH_MAX];
	size_t len;
	int dir;

	memcpy(part, path, base_len);
	part[base_len] = '\0';
	dir = open(base_len == 0 ? "." : part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		why_errno(why, part);
	for (const char *at = path + base_len; dir >= 0; at += len) {
		at += strspn(at, "/");
		len = strcspn(at, "/");
		if (at[len] == '\0') {
			*name = at;
			return dir;
		}
		memcpy(part, at, len);
		part[len] = '\0';
		dir = enter(dir, part, path, why);
	}
	return -1;
}

/* -1 with errno; ENOENT when it is not there and must not be made. */
static int open_file(int dir, const char *name, bool *may_create)
{
	/* O_NONBLOCK has no meaning for a regular file, and no FIFO can hold us up. */
	const int flags =
		O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	bool is_wanted = *may_create;
	struct stat st;
	int fd;

	*may_create = false;
	/* Looked at before it is opened: to open some devices is to operate them. */
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EINVAL;
		return S_ISREG(st.st_mode) ? openat(dir, name, flags) : -1;
	}
	if (errno != ENOENT || !is_wanted)
		return -1;
	fd = openat(dir, name, flags | O_CREAT | O_EXCL, FILE_MODE);
	if (fd >= 0) {
		fchmod(fd, FILE_MODE);
		*may_create = true;
	}
	return fd;
}

int beneath_open(const char *path, size_t base_len, bool is_durable, bool *may_create,
                 struct why *why)
{
	bool is_wanted = *may_create;
	const char *name;
	struct stat st;
	int dir, fd = -1;

	if (!beneath_make_base(path, base_len, why))
		return -1;
	dir = open_directory(path, base_len, &name, why);
	if (dir < 0)
		return -1;
	fd = open_file(dir, name, may_create);
	if (fd < 0 && errno == ENOENT && !is_wanted) {
		why_not(why, "%.400s: too many new files", path);
		goto undo;
	}
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		why_in_the_way(dir, name, path, "regular file", why);
		goto undo;
	}
	if (is_durable && fsync(dir) != 0) {
		why_errno(why, path);
		goto undo;
	}
	close(dir);
	return fd;
undo:
	if (fd >= 0)
		close(fd);
	close(dir);
	return -1;
}
