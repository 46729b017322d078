/* SPDX-License-Identifier: MIT */
/* Files and folders of configuration.  Knows whether they can be trusted, not what they
 * say. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trust.h"

static bool read_all(int fd, struct buf *out, struct reason *why)
{
	char block[16384];
	ssize_t got;

	while ((got = read(fd, block, sizeof block)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_errno(why, "cannot be read");
		if (out->len + (size_t)got > CONFIG_FILE_MAX)
			return fail(why, "is larger than %d bytes", CONFIG_FILE_MAX);
		buf_add(out, block, (size_t)got);
	}
	return !out->failed || fail(why, "out of memory");
}

static bool fail_file(struct config *c, const char *path, const struct reason *why)
{
	config_error(c, config_keep_name(c, path), 0, "%s", why->text);
	return false;
}

bool config_read_file(struct config *c, const char *path,
                      const struct config_reading *how)
{
	struct reason why = {""};
	struct buf text = {0};
	struct stat st;
	int fd = trust_open(path, &st, &why);
	bool is_fine = false;

	if (fd < 0)
		return fail_file(c, path, &why);
	if (trust_file_of(&st, how->owner, path, &why) && read_all(fd, &text, &why)) {
		is_fine = config_read_text(c, path, buf_string(&text), text.len, how);
		if (c->files != NULL) {
			c->files->is_private = trust_secret(&st, path, NULL);
			stamp_write(c->files->stamp, &st);
		}
	} else {
		fail_file(c, path, &why);
	}
	if (text.data != NULL)
		explicit_bzero(text.data, text.size);
	buf_free(&text);
	close(fd);
	return is_fine;
}

static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 &&
	       strcmp(entry->d_name + len - 5, ".conf") == 0;
}

static int byte_order(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool trust_dir(int fd, const char *dir, struct reason *why)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fail_errno(why, "cannot look at %s", dir);
	return trust_file(&st, dir, why);
}

bool config_read_dir(struct config *c, const char *dir, const struct config_reading *how)
{
	struct reason why = {""};
	struct dirent **entries = NULL;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int count = 0;
	bool is_fine = true;

	if (fd < 0)
		is_fine = fail_errno(&why, "cannot open the folder");
	else if (!trust_dir(fd, dir, &why))
		is_fine = false;
	else if ((count = scandirat(fd, ".", &entries, is_conf, byte_order)) < 0)
		is_fine = fail_errno(&why, "cannot list the folder");
	if (!is_fine)
		fail_file(c, dir, &why);
	for (int i = 0; i < count; i++) {
		char *path;

		if (asprintf(&path, "%s/%s", dir, entries[i]->d_name) < 0) {
			c->failed = true;
			c->errors++;
			path = NULL;
		}
		if (path != NULL && !config_read_file(c, path, how))
			is_fine = false;
		free(path);
		free(entries[i]);
	}
	free(entries);
	if (fd >= 0)
		close(fd);
	return is_fine && !c->failed;
}
