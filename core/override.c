/* SPDX-License-Identifier: MIT */
/* The files of overrides: read, and written whole. */
#include "override.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "option.h"
#include "statedir.h"
#include "utf8.h"

#define SECTION      "override"
#define SUFFIX       ".conf"
#define OVERRIDE_MAX 65536 /* bytes: some keys of one input or output */

static bool any_key_is_a_list(void *context, const char *plugin, const char *key)
{
	(void)context, (void)plugin, (void)key;
	return true;
}

/* Root, who looks at what the service has, takes what belongs to the owner of the state
 * directory; everybody else what is his own. */
static struct config_reading own(const char *state)
{
	struct config_reading how = {.is_list = any_key_is_a_list, .is_own = true};
	struct stat st;

	if (geteuid() == 0 && stat(state, &st) == 0)
		how.owner = st.st_uid;
	return how;
}

static bool path_of(char out[STATE_PATH_MAX], const char *state, const char *name,
                    const char *end, struct reason *why)
{
	char file[CONFIG_NAME_MAX + 32];

	snprintf(file, sizeof file, OVERRIDE_FOLDER "/%s%s", name, end);
	return statedir_path(out, state, file) ||
	       fail(why, "%s: the path is too long", state);
}

/* The folder, locked: nobody else writes before it is closed.  -1: why. */
static int lock_folder(const char *state, struct reason *why)
{
	char path[STATE_PATH_MAX];
	int fd;

	if (!statedir_path(path, state, OVERRIDE_FOLDER)) {
		fail(why, "%s: the path is too long", state);
		return -1;
	}
	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		fail_errno(why, "cannot make %s", path);
		return -1;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		fail_errno(why, "cannot open %s", path);
		return -1;
	}
	while (flock(fd, LOCK_EX) != 0)
		if (errno != EINTR) {
			fail_errno(why, "cannot lock %s", path);
			goto undo;
		}
	return fd;

undo:
	close(fd);
	return -1;
}

static bool check_words(const char *name, const char *key, const char *value,
                        struct reason *why)
{
	if (!config_name_is_valid(name))
		return fail(why, "\"%.70s\" cannot be a name", name);
	if (!option_name_is_valid(key))
		return fail(why, "\"%.70s\" cannot be a key", key);
	if (value == NULL)
		return true;
	for (const char *c = value; *c != '\0'; c++)
		if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7F)
			return fail(why, "%s: a control character in the value", key);
	if (!utf8_is_valid((const uint8_t *)value, strlen(value)))
		return fail(why, "%s: the value is no UTF-8", key);
	return strlen(value) < CONFIG_LINE_MAX / 2 ||
	       fail(why, "%s: the value is too long", key);
}

bool override_read(struct config *out, const char *state, const char *name,
                   struct reason *why)
{
	char path[STATE_PATH_MAX];
	const struct config_reading how = own(state);
	struct stat st = {0};
	const struct config_section *s;

	*out = (struct config){0};
	if (!path_of(path, state, name, SUFFIX, why))
		return false;
	if (stat(path, &st) != 0 && errno == ENOENT)
		return true;
	/* nobody waits for a list that has no end */
	if (S_ISREG(st.st_mode) && st.st_size > OVERRIDE_MAX)
		return fail(why, "%s is larger than %d bytes", path, OVERRIDE_MAX);
	if (!config_read_file(out, path, &how))
		return fail(why, "%s",
		            out->problems == NULL ? "out of memory"
		                                  : out->problems->text);
	s = out->sections;
	if (s == NULL || s->next != NULL || strcmp(s->plugin, SECTION) != 0 ||
	    strcmp(s->name, name) != 0)
		return fail(why, "%s is not one section [" SECTION " \"%s\"]", path,
		            name);
	return true;
}

static bool write_whole(int fd, const struct buf *text)
{
	const char *at = text->data;

	while (at < text->data + text->len) {
		ssize_t done = write(fd, at, (size_t)(text->data + text->len - at));

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		at += done;
	}
	return fsync(fd) == 0;
}

static bool write_file(const char *state, const char *name,
                       const struct config_section *s, struct reason *why)
{
	char path[STATE_PATH_MAX], fresh[STATE_PATH_MAX];
	struct buf text = {0};
	bool is_fine;
	int fd;

	if (!path_of(path, state, name, SUFFIX, why) ||
	    !path_of(fresh, state, name, ".new", why))
		return false;
	buf_format(&text, "# Written by the router: frame-router reset %s drops it.\n",
	           name);
	config_write_section(&text, s);
	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		is_fine = fail_errno(why, "cannot write %s", fresh);
	else if (text.failed)
		is_fine = fail(why, "out of memory");
	else
		is_fine = write_whole(fd, &text) ||
		          fail_errno(why, "cannot write %s", fresh);
	if (fd >= 0)
		close(fd);
	if (is_fine && rename(fresh, path) != 0)
		is_fine = fail_errno(why, "cannot write %s", path);
	if (!is_fine && fd >= 0)
		unlink(fresh);
	if (text.data != NULL)
		explicit_bzero(text.data, text.size);
	buf_free(&text);
	return is_fine;
}

static bool change(struct config *c, const char *name, const char *key, const char *value)
{
	struct config_value v = {.key = (char *)key, .text = (char *)value, .file = ""};

	if (c->sections == NULL && config_add_section(c, SECTION, name, "", 0) == NULL)
		return false;
	config_drop_others(c->sections, key, NULL);
	return value == NULL || config_add_value(c, c->sections, &v);
}

static bool remove_file(const char *state, const char *name, bool *was_any,
                        struct reason *why)
{
	char path[STATE_PATH_MAX];

	if (!path_of(path, state, name, SUFFIX, why))
		return false;
	*was_any = unlink(path) == 0;
	return *was_any || errno == ENOENT || fail_errno(why, "cannot remove %s", path);
}

bool override_set(const char *state, const char *name, const char *key, const char *value,
                  struct reason *why)
{
	struct config c = {0};
	bool was_any, is_fine;
	int folder;

	if (!check_words(name, key, value, why))
		return false;
	folder = lock_folder(state, why);
	if (folder < 0)
		return false;
	if (!override_read(&c, state, name, why))
		is_fine = fail_context(why,
		                       "the override of %s is damaged (frame-router "
		                       "reset %s drops it)",
		                       name, name);
	else if (!change(&c, name, key, value))
		is_fine = fail(why, "out of memory");
	else if (c.sections->values == NULL)
		is_fine = remove_file(state, name, &was_any, why);
	else
		is_fine = write_file(state, name, c.sections, why);
	if (is_fine && fsync(folder) != 0)
		is_fine = fail_errno(why, "cannot sync %s/" OVERRIDE_FOLDER, state);
	config_free(&c);
	close(folder);
	return is_fine;
}

bool override_reset(const char *state, const char *name, bool *was_any,
                    struct reason *why)
{
	bool is_fine;
	int folder;

	*was_any = false;
	if (!check_words(name, "enabled", NULL, why))
		return false;
	folder = lock_folder(state, why);
	if (folder < 0)
		return false;
	is_fine = remove_file(state, name, was_any, why);
	if (is_fine && fsync(folder) != 0)
		is_fine = fail_errno(why, "cannot sync %s/" OVERRIDE_FOLDER, state);
	close(folder);
	return is_fine;
}

/* A name of ours with SUFFIX. */
static int is_override(const struct dirent *entry)
{
	char name[CONFIG_NAME_MAX + 1];
	size_t len = strlen(entry->d_name), tail = strlen(SUFFIX);

	if (len <= tail || len - tail > CONFIG_NAME_MAX ||
	    strcmp(entry->d_name + len - tail, SUFFIX) != 0)
		return 0;
	memcpy(name, entry->d_name, len - tail);
	name[len - tail] = '\0';
	return config_name_is_valid(name);
}

static int byte_order(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

bool override_each(const char *state, void (*each)(void *context, const char *name),
                   void *context, struct reason *why)
{
	struct dirent **entries = NULL;
	char path[STATE_PATH_MAX];
	int count;

	if (!statedir_path(path, state, OVERRIDE_FOLDER))
		return fail(why, "%s: the path is too long", state);
	count = scandir(path, &entries, is_override, byte_order);
	if (count < 0)
		return errno == ENOENT || fail_errno(why, "cannot read %s", path);
	for (int i = 0; i < count; i++) {
		entries[i]->d_name[strlen(entries[i]->d_name) - strlen(SUFFIX)] = '\0';
		each(context, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return true;
}
