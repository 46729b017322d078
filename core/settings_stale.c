/* SPDX-License-Identifier: MIT */
/* Whether conf.d is still what it was.  Looks at files, reads none. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "settings.h"

/* How many files of conf.d there are; -1: it cannot be listed. */
static int count_files(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	int count = 0;

	if (d == NULL)
		return -1;
	while ((entry = readdir(d)) != NULL) {
		size_t len = strlen(entry->d_name);

		count += entry->d_name[0] != '.' && len > 5 &&
		         strcmp(entry->d_name + len - 5, ".conf") == 0;
	}
	closedir(d);
	return count;
}

bool settings_is_stale(const struct settings *s)
{
	const struct config_section *router = config_router(&s->config);
	const struct config_value *v = config_value(router, ".read");
	int count = 0;

	for (; v != NULL; v = config_next(v)) {
		const char *path = strchr(v->text, ' ');
		char stamp[STAMP_SIZE];

		if (path == NULL)
			return true;
		stamp_of(stamp, path + 1);
		if (strncmp(stamp, v->text, (size_t)(path - v->text)) != 0 ||
		    strlen(stamp) != (size_t)(path - v->text))
			return true;
		count++;
	}
	return count != count_files(s->conf);
}
