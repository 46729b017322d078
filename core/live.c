/* SPDX-License-Identifier: MIT */
/*
 * A page shared with whoever asks for the status.  Its lock tells whether somebody lives
 * behind it (a process id may be another's by now); a counter that is odd while the
 * writer writes tells a reader to look again.
 */
#include "live.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clock.h"

#define LOOKS_AT_ALL      100000
#define LOOKS_AT_THE_DEAD 1000 /* in a row, at the same unfinished change */

struct page {
	char magic[8]; /* of this layout */
	_Atomic uint64_t turns;
	struct live_data data;
};

static const char magic[8] = "FRLIVE2";

struct live {
	int fd;
	struct page *page;
	pthread_mutex_t mutex;
	bool is_fatal; /* the last words have been said */
};

/* A reader may hold the lock for a moment: that is no reason to fail. */
static bool take_lock(int fd)
{
	for (int tries = 0; tries < 100; tries++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		usleep(1000);
	}
	return false;
}

/* Written, not only made longer: a page without a block would kill us on a full disk. */
static bool write_page(int fd)
{
	struct page page = {.data.pid = getpid()};

	memcpy(page.magic, magic, sizeof magic);
	return pwrite(fd, &page, sizeof page, 0) == sizeof page &&
	       ftruncate(fd, sizeof page) == 0;
}

bool live_open(struct live **out, const char *path, struct reason *why)
{
	struct live *l = calloc(1, sizeof *l);
	void *page;

	if (l == NULL)
		return fail(why, "out of memory");
	pthread_mutex_init(&l->mutex, NULL);
	l->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (l->fd < 0 || !take_lock(l->fd) || !write_page(l->fd)) {
		fail_errno(why, "cannot use %s", path);
		goto undo;
	}
	page = mmap(NULL, sizeof *l->page, PROT_READ | PROT_WRITE, MAP_SHARED, l->fd, 0);
	if (page == MAP_FAILED) {
		fail_errno(why, "cannot map %s", path);
		goto undo;
	}
	l->page = page;
	*out = l;
	return true;

undo:
	live_close(l);
	return false;
}

static void begin(struct live *l)
{
	pthread_mutex_lock(&l->mutex);
	atomic_fetch_add(&l->page->turns, 1);
	atomic_thread_fence(memory_order_seq_cst);
}

static void end(struct live *l)
{
	atomic_thread_fence(memory_order_seq_cst);
	atomic_fetch_add(&l->page->turns, 1);
	pthread_mutex_unlock(&l->mutex);
}

void live_close(struct live *l)
{
	if (l == NULL)
		return;
	if (l->page != NULL) {
		begin(l);
		l->page->data = (struct live_data){0};
		end(l);
		munmap(l->page, sizeof *l->page);
	}
	if (l->fd >= 0)
		close(l->fd);
	pthread_mutex_destroy(&l->mutex);
	free(l);
}

void live_version(struct live *l, const char *version)
{
	begin(l);
	snprintf(l->page->data.version, sizeof l->page->data.version, "%s", version);
	end(l);
}

void live_reason(struct live *l, int64_t until_ms, const char *format, ...)
{
	struct live_data *data = &l->page->data;
	char text[sizeof data->reason];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	begin(l);
	if (strcmp(text, data->reason) != 0)
		data->changed_ms = clock_wall_ms();
	memcpy(data->reason, text, sizeof text);
	data->until_ms = until_ms;
	end(l);
}

void live_error(struct live *l, const char *text)
{
	struct live_data *data = &l->page->data;

	begin(l);
	data->error_ms = clock_wall_ms();
	snprintf(data->error, sizeof data->error, "%s", text);
	end(l);
}

void live_fatal(struct live *l, const char *text)
{
	if (l == NULL)
		return;
	live_reason(l, 0, "%s", text);
	l->is_fatal = true;
}

void live_count(struct live *l, const char *name, uint64_t n)
{
	struct live_metric *metrics = l->page->data.metrics;
	size_t size = sizeof metrics->name;

	begin(l);
	for (unsigned i = 0; i < LIVE_METRICS; i++) {
		if (metrics[i].name[0] == '\0')
			snprintf(metrics[i].name, size, "%s", name);
		if (strncmp(metrics[i].name, name, size - 1) == 0) {
			metrics[i].count += n;
			break;
		}
	}
	end(l);
}

void live_in_flight(struct live *l, uint64_t in_flight, uint64_t late)
{
	begin(l);
	l->page->data.in_flight = in_flight;
	l->page->data.late = late;
	end(l);
}

static bool read_turns(int fd, uint64_t *turns)
{
	return pread(fd, turns, sizeof *turns, offsetof(struct page, turns)) ==
	       sizeof *turns;
}

/*
 * Not in the middle of a change, and none came meanwhile: the counter is read before and
 * behind the page, as one copy promises no order within.  By pread, not by a map: the
 * next process of that name may be writing the file anew.  A writer that was killed in
 * the middle leaves what it has: nobody changes that any more.
 */
static bool copy_page(int fd, struct page *out)
{
	uint64_t before = 0, behind = 1;
	int still = 0;

	for (int look = 0; look < LOOKS_AT_ALL && still < LOOKS_AT_THE_DEAD; look++) {
		if (!read_turns(fd, &before) ||
		    pread(fd, out, sizeof *out, 0) != sizeof *out ||
		    !read_turns(fd, &behind))
			return false;
		if (before % 2 == 0 && before == behind)
			break;
		still = before == behind ? still + 1 : 0;
	}
	return before == behind && memcmp(out->magic, magic, sizeof magic) == 0 &&
	       out->data.pid != 0;
}

/* Whatever is in the file, these are texts. */
static void end_texts(struct live_data *data)
{
	data->reason[sizeof data->reason - 1] = '\0';
	data->version[sizeof data->version - 1] = '\0';
	data->error[sizeof data->error - 1] = '\0';
	for (unsigned i = 0; i < LIVE_METRICS; i++)
		data->metrics[i].name[sizeof data->metrics[i].name - 1] = '\0';
}

bool live_read(const char *path, struct live_data *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool is_alive = false;
	struct page page;

	if (fd < 0)
		return false;
	if (flock(fd, LOCK_SH | LOCK_NB) != 0)
		is_alive = copy_page(fd, &page);
	close(fd);
	if (!is_alive)
		return false;
	*out = page.data;
	end_texts(out);
	return true;
}

bool live_read_last(const char *path, int64_t pid, struct live_data *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool is_there = false;
	struct page page;

	if (fd < 0)
		return false;
	is_there = copy_page(fd, &page) && page.data.pid == pid;
	close(fd);
	if (!is_there)
		return false;
	*out = page.data;
	end_texts(out);
	return true;
}

void live_words(const struct live_data *data, struct buf *out)
{
	int64_t rest = data->until_ms - clock_wall_ms();

	if (data->until_ms != 0)
		buf_format(out, "backing off %lld s: ",
		           rest <= 0 ? 0LL : (long long)((rest + 999) / 1000));
	buf_text(out, data->reason);
}
