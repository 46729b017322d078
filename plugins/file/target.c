/* SPDX-License-Identifier: MIT */
/* Appending whole lines to a file, and taking back what did not get there whole. */
#include "target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_SIZE  4096
#define FIRST_LINES 64

bool target_name(struct target *t, const char *path, size_t base_len)
{
	*t = (struct target){.path = strdup(path), .base_len = base_len, .fd = -1};
	return t->path != NULL;
}

static void close_file(struct target *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	t->is_dirty = false;
}

void target_free(struct target *t)
{
	close_file(t);
	free(t->path);
	free(t->data);
	free(t->line);
	*t = (struct target){.fd = -1};
}

/* Whether the path still names the open file: log rotation puts another in its place. */
static bool is_current(const struct target *t)
{
	struct stat st;

	return t->fd >= 0 && lstat(t->path, &st) == 0 && st.st_ino == t->inode &&
	       st.st_dev == t->device;
}

/* Looks at the length; a last line without an end gets one. */
static bool end_last_line(struct target *t, struct why *why)
{
	struct stat st;
	char last;

	if (fstat(t->fd, &st) != 0)
		return why_errno(why, t->path);
	if (st.st_size != t->end && st.st_size > 0) {
		if (pread(t->fd, &last, 1, st.st_size - 1) != 1)
			return why_errno(why, t->path);
		if (last != '\n') {
			if (write(t->fd, "\n", 1) != 1)
				return why_errno(why, t->path);
			st.st_size++;
		}
	}
	t->end = st.st_size;
	return true;
}

bool target_open(struct target *t, struct target_wish *wish, struct why *why)
{
	struct stat st;

	wish->is_new = false;
	if (is_current(t))
		return true;
	/* Lines that another program rotated away unsynced are still ours to sync. */
	if (t->is_dirty)
		fdatasync(t->fd);
	close_file(t);
	wish->is_new = wish->may_create;
	t->fd = beneath_open(t->path, t->base_len, wish->is_durable, &wish->is_new, why);
	if (t->fd < 0)
		return false;
	if (fstat(t->fd, &st) != 0) {
		why_errno(why, t->path);
		close_file(t);
		return false;
	}
	t->device = st.st_dev;
	t->inode = st.st_ino;
	t->end = 0;
	return true;
}

static bool reserve(struct target *t, size_t len)
{
	if (t->count == t->room) {
		size_t room = t->room == 0 ? FIRST_LINES : t->room * 2;
		struct target_line *line = realloc(t->line, room * sizeof *line);

		if (line == NULL)
			return false;
		t->line = line;
		t->room = room;
	}
	if (t->size - t->len < len) {
		size_t size = t->size == 0 ? FIRST_SIZE : t->size * 2;
		char *data;

		while (size - t->len < len)
			size *= 2;
		data = realloc(t->data, size);
		if (data == NULL)
			return false;
		t->data = data;
		t->size = size;
	}
	return true;
}

bool target_add(struct target *t, uint64_t id, const char *text, size_t len)
{
	if (!reserve(t, len + 1))
		return false;
	t->line[t->count++] = (struct target_line){.id = id, .at = t->len};
	memcpy(t->data + t->len, text, len);
	t->data[t->len + len] = '\n';
	t->len += len + 1;
	return true;
}

/*
 * Cuts the file back to where our lines began.  When it does not end with them, another
 * program appended meanwhile, whose lines are not ours to cut: the next opening ends a
 * torn line instead.
 */
static void take_back(struct target *t, size_t written)
{
	struct stat st;

	if (written > 0 && fstat(t->fd, &st) == 0 &&
	    st.st_size == t->start + (off_t)written && ftruncate(t->fd, t->start) == 0)
		t->end = t->start;
	else if (written > 0)
		close_file(t);
}

bool target_write(struct target *t, struct why *why)
{
	size_t done = 0;

	if (!end_last_line(t, why))
		return false;
	t->start = t->end;
	while (done < t->len) {
		ssize_t n = write(t->fd, t->data + done, t->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n == 0 ? ENOSPC : errno;
			why_errno(why, t->path);
			take_back(t, done);
			return false;
		}
		done += (size_t)n;
	}
	/* Where the system put them, if another program appended since we looked. */
	t->end = lseek(t->fd, 0, SEEK_CUR);
	t->start = t->end - (off_t)t->len;
	t->is_dirty = true;
	return true;
}

bool target_sync(struct target *t, struct why *why)
{
	int failed;

	do
		failed = fdatasync(t->fd);
	while (failed != 0 && errno == EINTR);
	t->is_dirty = false;
	if (failed == 0)
		return true;
	why_errno(why, t->path);
	/* A second fdatasync would say "fine" of pages that the kernel has given up. */
	if (t->count > 0)
		take_back(t, t->len);
	close_file(t);
	return false;
}

void target_clear(struct target *t)
{
	t->len = 0;
	t->count = 0;
}
