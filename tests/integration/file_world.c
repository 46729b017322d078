/* SPDX-License-Identifier: MIT */
/* The directory that tests of the output "file" work in, and the disk below it. */
#include "file_world.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define VISIBLE __attribute__((visibility("default")))

struct file_disk file_disk;
static char world[200];

static void intrude(void)
{
	FILE *f = file_disk.intruder == NULL ? NULL : fopen(file_disk.intruder, "a");

	file_disk.intruder = NULL;
	if (f == NULL)
		return;
	fputs("theirs\n", f);
	fclose(f);
}

/* The plugin finds these three before the C library's, since a program comes first. */
VISIBLE int fdatasync(int fd)
{
	file_disk.syncs++;
	if (file_disk.sync_error != 0) {
		intrude();
		errno = file_disk.sync_error;
		file_disk.sync_error = 0;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

VISIBLE int fsync(int fd)
{
	file_disk.name_syncs++;
	return (int)syscall(SYS_fsync, fd);
}

VISIBLE ssize_t write(int fd, const void *data, size_t len)
{
	if (file_disk.write_error != 0 && file_disk.write_after-- == 0) {
		errno = file_disk.write_error;
		file_disk.write_error = 0;
		file_disk.write_after = 0;
		return -1;
	}
	if (file_disk.write_max != 0 && len > file_disk.write_max)
		len = file_disk.write_max;
	return syscall(SYS_write, fd, data, len);
}

const char *file_world(void)
{
	const char *tmp = getenv("TMPDIR");

	if (world[0] == '\0') {
		snprintf(world, sizeof world, "%s/frame-router-file-XXXXXX",
		         tmp == NULL ? "/tmp" : tmp);
		assert(mkdtemp(world) != NULL);
	}
	return world;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void file_world_end(void)
{
	nftw(file_world(), remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *file_path(const char *format, ...)
{
	static char ring[8][4096];
	static unsigned turn;
	char *path = ring[turn++ % 8];
	size_t len = (size_t)snprintf(path, sizeof ring[0], "%s/", file_world());
	va_list args;

	va_start(args, format);
	vsnprintf(path + len, sizeof ring[0] - len, format, args);
	va_end(args);
	return path;
}

struct plugin_host *file_load(const char *path, const char *sync)
{
	const char *build = getenv("top_builddir");
	struct plugin_host *h;
	char object[512];

	snprintf(object, sizeof object, "%s/plugins/file/.libs/file.so",
	         build == NULL ? "." : build);
	h = plugin_host_load(object);
	plugin_host_set(h, "path", file_path("%s", path));
	plugin_host_set(h, "sync", sync);
	return h;
}

struct plugin_host *file_start(const char *path, const char *sync)
{
	struct plugin_host *h = file_load(path, sync);

	if (!plugin_host_open(h)) {
		printf("Bail out! %s: %s\n", path, plugin_host_why(h));
		exit(99);
	}
	file_disk = (struct file_disk){0};
	return h;
}

enum frame_verdict file_send(struct plugin_host *h, uint64_t id, const char *path)
{
	char payload[40];

	snprintf(payload, sizeof payload, "{\"n\":%" PRIu64 "}", id);
	plugin_host_render(h, file_path("%s", path));
	return plugin_host_send(h, id, "", payload);
}

unsigned file_drive(struct plugin_host *h, uint64_t first, uint64_t last,
                    const char *path)
{
	unsigned before = plugin_host_count(h, FRAME_DELIVERED);

	for (uint64_t id = first; id <= last; id++)
		file_send(h, id, path);
	plugin_host_flush(h);
	return plugin_host_count(h, FRAME_DELIVERED) - before;
}

const char *file_text(const char *path)
{
	static char *text;
	FILE *f = fopen(file_path("%s", path), "r");
	size_t size = 0;

	free(text);
	text = NULL;
	if (f == NULL)
		return text = strdup("(none)");
	if (getdelim(&text, &size, '\0', f) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(f);
	return text;
}

bool file_holds(const char *path, uint64_t first, uint64_t last)
{
	const char *text = file_text(path);
	char line[40];

	for (uint64_t id = first; id <= last; id++) {
		int len = snprintf(line, sizeof line, "{\"n\":%" PRIu64 "}\n", id);

		if (strncmp(text, line, (size_t)len) != 0)
			return false;
		text += len;
	}
	return *text == '\0';
}

void file_put(const char *path, const char *text)
{
	FILE *f = fopen(file_path("%s", path), "w");

	assert(f != NULL && fputs(text, f) >= 0);
	fclose(f);
}
