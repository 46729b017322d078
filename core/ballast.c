/* SPDX-License-Identifier: MIT */
/* Room kept for hard times.  Knows the disk, not who needs the room. */
#include "ballast.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "statedir.h"

#define SIZE_MAX_BYTES (INT64_C(4) << 20)
#define SHARE          16    /* of the disk */
#define NOTHING        65536 /* bytes that are as good as none */

static int64_t wanted_size(const struct statvfs *disk)
{
	int64_t share = (int64_t)disk->f_blocks * (int64_t)disk->f_frsize / SHARE;

	return share < SIZE_MAX_BYTES ? share : SIZE_MAX_BYTES;
}

int64_t ballast_size(const char *state)
{
	struct statvfs disk;

	return statvfs(state, &disk) == 0 ? wanted_size(&disk) : SIZE_MAX_BYTES;
}

bool ballast_is_there(const char *state)
{
	char path[STATE_PATH_MAX];

	return statedir_path(path, state, "ballast") && access(path, F_OK) == 0;
}

/* posix_fallocate() writes where the file system cannot reserve. */
static enum ballast_state make_file(const char *state, const char *path, int64_t size)
{
	char half[STATE_PATH_MAX];
	int fd = statedir_open(state, "ballast.new", NULL);
	int error;

	if (fd < 0 || !statedir_path(half, state, "ballast.new"))
		return errno == ENOSPC || errno == EDQUOT ? BALLAST_NO_ROOM
		                                          : BALLAST_FAILED;
	error = posix_fallocate(fd, 0, (off_t)size);
	close(fd);
	if (error == 0 && rename(half, path) == 0)
		return BALLAST_THERE;
	unlink(half);
	return error == ENOSPC || error == EDQUOT ? BALLAST_NO_ROOM : BALLAST_FAILED;
}

enum ballast_state ballast_make(const char *state)
{
	char path[STATE_PATH_MAX];
	struct statvfs disk;
	int64_t size;

	if (!statedir_path(path, state, "ballast") || statvfs(state, &disk) != 0)
		return BALLAST_FAILED;
	if (access(path, F_OK) == 0)
		return BALLAST_THERE;
	size = wanted_size(&disk);
	if ((int64_t)disk.f_bavail * (int64_t)disk.f_frsize < 2 * size)
		return BALLAST_NO_ROOM;
	return make_file(state, path, size);
}

void ballast_give_up(const char *state)
{
	char path[STATE_PATH_MAX];

	if (statedir_path(path, state, "ballast"))
		unlink(path);
}

bool ballast_is_needed(const char *state)
{
	struct statvfs disk;

	if (!ballast_is_there(state) || statvfs(state, &disk) != 0 ||
	    (int64_t)disk.f_bavail * (int64_t)disk.f_frsize > NOTHING)
		return false;
	ballast_give_up(state);
	return true;
}
