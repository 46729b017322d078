/* SPDX-License-Identifier: MIT */
/* The service's unit and its drop-ins, as far as they say what it may do with paths. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sandbox.h"

#define UNIT "frame-router.service"

static void add_folder(struct sandbox *s, const char *above, const char *folder)
{
	int len;

	/* "-": it need not be there; "+": below the root of the service */
	folder += strspn(folder, "-+\"");
	len = (int)strcspn(folder, "\"");
	buf_format(&s->writable, "%s%.*s", above, len, folder);
	buf_char(&s->writable, '\0');
	if (*above == '\0')
		return;
	buf_format(&s->made, "%s%.*s", above, len, folder);
	buf_char(&s->made, '\0');
}

/* A list of folders, parted by blanks, below `above`. */
static void add_folders(struct sandbox *s, const char *above, char *list)
{
	char *rest = NULL;

	for (char *word = strtok_r(list, " \t", &rest); word != NULL;
	     word = strtok_r(NULL, " \t", &rest))
		add_folder(s, above, word);
}

static bool is_yes(const char *value)
{
	return strcmp(value, "yes") == 0 || strcmp(value, "true") == 0 ||
	       strcmp(value, "on") == 0 || strcmp(value, "1") == 0;
}

/* Lists add up, an empty one begins anew, and ~ takes away. */
static void take_capabilities(struct sandbox_capability *c, const char *list)
{
	bool is_named = strstr(list, "CAP_NET_BIND_SERVICE") != NULL;

	if (*list == '\0')
		c->has = false;
	else if (*list == '~')
		c->has = !is_named && (c->has || !c->is_given);
	else
		c->has = c->has || is_named;
	c->is_given = true;
}

static void take_key(struct sandbox *s, const char *key, char *value)
{
	static const struct {
		const char *key, *above;
	} folders[] = {
		{"ReadWritePaths", ""},          {"BindPaths", ""},
		{"StateDirectory", "/var/lib/"}, {"RuntimeDirectory", "/run/"},
		{"LogsDirectory", "/var/log/"},  {"CacheDirectory", "/var/cache/"},
	};

	if (strcmp(key, "User") == 0)
		account_find(&s->user, value);
	else if (strcmp(key, "ProtectSystem") == 0)
		s->is_strict = strcmp(value, "strict") == 0;
	else if (strcmp(key, "ProtectHome") == 0)
		s->hides_home = is_yes(value);
	else if (strcmp(key, "PrivateTmp") == 0)
		s->has_own_tmp = is_yes(value) || strcmp(value, "disconnected") == 0;
	else if (strcmp(key, "AmbientCapabilities") == 0)
		take_capabilities(&s->ambient, value);
	else if (strcmp(key, "CapabilityBoundingSet") == 0)
		take_capabilities(&s->bounding, value);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (strcmp(key, folders[i].key) == 0)
			add_folders(s, folders[i].above, value);
}

static void take_line(struct sandbox *s, char *line, bool *is_service)
{
	char *equals;

	line[strcspn(line, "\r\n")] = '\0';
	line += strspn(line, " \t");
	if (line[0] == '[')
		*is_service = strcmp(line, "[Service]") == 0;
	equals = strchr(line, '=');
	if (!*is_service || line[0] == '#' || line[0] == ';' || equals == NULL)
		return;
	*equals = '\0';
	for (char *end = equals; end > line && strchr(" \t", end[-1]) != NULL;)
		*--end = '\0';
	equals++;
	take_key(s, line, equals + strspn(equals, " \t"));
}

static bool read_file(struct sandbox *s, const char *path)
{
	FILE *file = fopen(path, "re");
	bool is_service = false;
	char line[2048];

	if (file == NULL)
		return false;
	while (fgets(line, sizeof line, file) != NULL)
		take_line(s, line, &is_service);
	fclose(file);
	return true;
}

static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && strcmp(entry->d_name + len - 5, ".conf") == 0;
}

static void read_drop_ins(struct sandbox *s, const char *dir)
{
	struct dirent **entries = NULL;
	char path[1024];
	int count;

	snprintf(path, sizeof path, "%s/" UNIT ".d", dir);
	count = scandir(path, &entries, is_conf, alphasort);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof path, "%s/" UNIT ".d/%s", dir, entries[i]->d_name);
		read_file(s, path);
		free(entries[i]);
	}
	free(entries);
}

void sandbox_read(struct sandbox *s, const char *const *dirs)
{
	size_t count = 0;
	char path[1024];

	*s = (struct sandbox){.has_unit = false};
	for (; dirs[count] != NULL; count++) {
		snprintf(path, sizeof path, "%s/" UNIT, dirs[count]);
		s->has_unit = s->has_unit || read_file(s, path);
	}
	/* the last word is that of the folder that goes first */
	while (s->has_unit && count-- > 0)
		read_drop_ins(s, dirs[count]);
}

void sandbox_find(struct sandbox *s, const char *unit_dir)
{
	const char *dirs[] = {"/etc/systemd/system", "/run/systemd/system", unit_dir,
	                      NULL};

	if (unit_dir[0] == '\0')
		dirs[2] = NULL;
	sandbox_read(s, dirs);
}

void sandbox_free(struct sandbox *s)
{
	buf_free(&s->writable);
	buf_free(&s->made);
}
