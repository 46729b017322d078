/* SPDX-License-Identifier: MIT */
/* Files, locks and the wake-up of the state directory.  Knows their names, not their
 * contents. */
#include "statedir.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fits(int len)
{
	return len >= 0 && len < STATE_PATH_MAX;
}

bool statedir_path(char out[STATE_PATH_MAX], const char *state, const char *name)
{
	return fits(snprintf(out, STATE_PATH_MAX, "%s/%s", state, name));
}

bool statedir_file(char out[STATE_PATH_MAX], const char *state, const char *folder,
                   const char *name, const char *suffix)
{
	return fits(snprintf(out, STATE_PATH_MAX, "%s/%s/%s.%s", state, folder, name,
	                     suffix));
}

static bool make_folder(const char *path, struct reason *why)
{
	if (mkdir(path, 0750) != 0 && errno != EEXIST)
		return fail_errno(why, "cannot make %s", path);
	return true;
}

bool statedir_make(const char *state, struct reason *why)
{
	static const char *const folders[] = {"inputs", "outputs"};
	char path[STATE_PATH_MAX];

	if (!make_folder(state, why))
		return false;
	for (unsigned i = 0; i < sizeof folders / sizeof *folders; i++) {
		if (!statedir_path(path, state, folders[i]))
			return fail(why, "%s: the path is too long", state);
		if (!make_folder(path, why))
			return false;
	}
	return true;
}

int statedir_open(const char *state, const char *name, struct reason *why)
{
	char path[STATE_PATH_MAX];
	int fd;

	if (!statedir_path(path, state, name)) {
		fail(why, "%s: the path is too long", state);
		return -1;
	}
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0)
		fail_errno(why, "cannot open %s", path);
	return fd;
}

bool statedir_sync(const char *state, struct reason *why)
{
	int fd = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_synced = fd >= 0 && fsync(fd) == 0;

	if (!is_synced)
		fail_errno(why, "cannot sync %s", state);
	if (fd >= 0)
		close(fd);
	return is_synced;
}

static pid_t read_holder(int fd)
{
	char text[24] = "";
	ssize_t len = pread(fd, text, sizeof text - 1, 0);

	return len > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

static bool write_holder(int fd)
{
	char text[24];
	int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());

	return ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)len, 0) == len;
}

bool statedir_lock(int *fd, const char *path, pid_t *holder, struct reason *why)
{
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);

	*holder = 0;
	if (file < 0)
		return fail_errno(why, "cannot open %s", path);
	if (flock(file, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK) {
			fail_errno(why, "cannot lock %s", path);
			goto undo;
		}
		*holder = read_holder(file);
		if (*holder > 0)
			fail(why, "already running as process %ld", (long)*holder);
		else
			fail(why, "already running");
		if (*holder == 0)
			*holder = -1; /* somebody who has not written it yet */
		goto undo;
	}
	/* The lock is what counts: on a full disk the number may be missing. */
	if (!write_holder(file) && errno != ENOSPC && errno != EDQUOT) {
		fail_errno(why, "cannot write %s", path);
		goto undo;
	}
	*fd = file;
	return true;

undo:
	close(file);
	return false;
}

bool statedir_join(int fd, struct reason *why)
{
	while (flock(fd, LOCK_SH) != 0)
		if (errno != EINTR)
			return fail_errno(why, "cannot lock the store");
	return true;
}

bool statedir_use(int *fd, const char *state, bool *is_alone, struct reason *why)
{
	int file = statedir_open(state, "users", why);

	if (file < 0)
		return false;
	*is_alone = flock(file, LOCK_EX | LOCK_NB) == 0;
	if (!*is_alone && !statedir_join(file, why)) {
		close(file);
		return false;
	}
	*fd = file;
	return true;
}

/* The stem of "NAME.suffix" into `name`; false when the file is called otherwise. */
static bool cut_suffix(char name[NAME_MAX + 1], const char *file, const char *suffix)
{
	size_t len = strlen(file), tail = strlen(suffix) + 1;

	if (len <= tail || file[len - tail] != '.' ||
	    strcmp(file + len - tail + 1, suffix) != 0)
		return false;
	memcpy(name, file, len - tail);
	name[len - tail] = '\0';
	return true;
}

bool statedir_each(const char *state, const char *folder, const char *suffix,
                   bool (*each)(void *context, const char *path, const char *name),
                   void *context, struct reason *why)
{
	char path[STATE_PATH_MAX], name[NAME_MAX + 1];
	bool goes_on = true;
	struct dirent *entry;
	DIR *dir;

	if (!statedir_path(path, state, folder))
		return fail(why, "%s: the path is too long", state);
	dir = opendir(path);
	if (dir == NULL)
		return fail_errno(why, "cannot read %s", path);
	while (goes_on && (entry = readdir(dir)) != NULL) {
		if (!cut_suffix(name, entry->d_name, suffix))
			continue;
		if (statedir_file(path, state, folder, name, suffix))
			goes_on = each(context, path, name);
	}
	closedir(dir);
	return goes_on;
}

void statedir_touch(int fd)
{
	/* There is nothing to be done when it fails: outputs look once a minute. */
	if (futimens(fd, NULL) != 0)
		return;
}

void statedir_wake(const char *state)
{
	int fd = statedir_open(state, "wake", NULL);

	if (fd < 0)
		return;
	statedir_touch(fd);
	close(fd);
}

static int watch_file(const struct statedir_watch *w, const char *name)
{
	char path[STATE_PATH_MAX];

	return statedir_path(path, w->state, name)
	               ? inotify_add_watch(w->fd, path, IN_ATTRIB | IN_MODIFY)
	               : -1;
}

bool statedir_watch(struct statedir_watch *w, const char *state, struct reason *why)
{
	int wake;

	*w = (struct statedir_watch){.fd = -1};
	if (!fits(snprintf(w->state, sizeof w->state, "%s", state)))
		return fail(why, "%s: the path is too long", state);
	wake = statedir_open(state, "wake", why); /* so that there is one to watch */
	if (wake < 0)
		return false;
	close(wake);
	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->fd < 0)
		return fail_errno(why, "cannot watch %s", state);
	w->folder = inotify_add_watch(w->fd, state, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
	w->wake = watch_file(w, "wake");
	w->log = watch_file(w, "frames.db-wal");
	if (w->folder >= 0 && w->wake >= 0)
		return true;
	fail_errno(why, "cannot watch %s", state);
	statedir_watch_close(w);
	return false;
}

/* What one event says: 2 for a wake, 1 for the log, 0 for nothing of interest. */
static int take_event(struct statedir_watch *w, const struct inotify_event *event)
{
	if ((event->mask & IN_Q_OVERFLOW) != 0)
		return 2;
	if ((event->mask & IN_IGNORED) != 0) {
		if (event->wd == w->log)
			w->log = -1;
		return 0;
	}
	if (event->wd == w->wake)
		return 2;
	if (event->wd == w->log)
		return 1;
	if (event->wd != w->folder || event->len == 0)
		return 0;
	if (strcmp(event->name, "wake") == 0) {
		w->wake = watch_file(w, "wake");
		return 2;
	}
	if (strcmp(event->name, "frames.db-wal") == 0) {
		w->log = watch_file(w, "frames.db-wal");
		return 1;
	}
	return 0;
}

bool statedir_watch_read(struct statedir_watch *w)
{
	_Alignas(struct inotify_event) char events[4096];
	int last = 0;
	ssize_t len;

	while ((len = read(w->fd, events, sizeof events)) > 0) {
		for (char *at = events; at < events + len;) {
			struct inotify_event *event = (struct inotify_event *)at;
			int kind = take_event(w, event);

			/* what came last: a write after a wake is another's */
			if (kind != 0)
				last = kind;
			at += sizeof *event + event->len;
		}
	}
	w->foreign = last == 1;
	return last > 0;
}

void statedir_watch_close(struct statedir_watch *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}
