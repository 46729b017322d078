/* SPDX-License-Identifier: MIT */
/* Plugins in folders, installed or in a build tree, without loading them. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config.h"
#include "plugin.h"

struct names {
	char **list;
	size_t count;
};

static bool is_there(const char *path, int len)
{
	struct stat st;

	/* a link that leads nowhere is there too: loading it says so */
	return len < PLUGIN_PATH_MAX && lstat(path, &st) == 0;
}

bool plugin_find(char path[PLUGIN_PATH_MAX], const char *name, const char *const *dirs)
{
	if (!config_name_is_valid(name))
		return false;
	for (; *dirs != NULL; dirs++) {
		if (is_there(path,
		             snprintf(path, PLUGIN_PATH_MAX, "%s/%s.so", *dirs, name)))
			return true;
		if (is_there(path, snprintf(path, PLUGIN_PATH_MAX, "%s/%s/.libs/%s.so",
		                            *dirs, name, name)))
			return true;
	}
	return false;
}

/* Adds a name, without a `.so` at its end. */
static void add_name(struct names *names, const char *entry)
{
	char **list = realloc(names->list, (names->count + 1) * sizeof *list);
	size_t len = strlen(entry);

	if (list == NULL)
		return;
	names->list = list;
	if (len > 3 && strcmp(entry + len - 3, ".so") == 0)
		len -= 3;
	list[names->count] = strndup(entry, len);
	if (list[names->count] != NULL)
		names->count++;
}

static void add_folder(struct names *names, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		add_name(names, entry->d_name);
	if (dir != NULL)
		closedir(dir);
}

static int byte_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void plugin_list(const char *const *dirs,
                 void (*each)(void *context, const char *name, const char *path),
                 void *context)
{
	struct names names = {0};
	char path[PLUGIN_PATH_MAX];

	for (const char *const *dir = dirs; *dir != NULL; dir++)
		add_folder(&names, *dir);
	if (names.count > 0)
		qsort(names.list, names.count, sizeof *names.list, byte_order);
	for (size_t i = 0; i < names.count; i++) {
		bool is_again = i > 0 && strcmp(names.list[i], names.list[i - 1]) == 0;

		if (!is_again && plugin_find(path, names.list[i], dirs))
			each(context, names.list[i], path);
	}
	for (size_t i = 0; i < names.count; i++)
		free(names.list[i]);
	free(names.list);
}
