/* SPDX-License-Identifier: MIT */
/* [router]: what is common to all inputs and outputs, and fit for this machine. */
#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "option.h"
#include "sensors.h"
#include "settings_private.h"

#define NAME_MAX_LEN 255
#define SENSORS_MAX  64

static bool is_path_key(const char *key)
{
	return strcmp(key, "state") == 0 || strcmp(key, "plugin_dir") == 0 ||
	       strcmp(key, "sensors") == 0;
}

/* What the table of options cannot say of a value. */
static bool check_own(struct checker *k, const struct config_value *v, struct reason *why)
{
	if (strcmp(v->key, "name") == 0 && *v->text == '\0')
		return fail(why, "is empty");
	if (strcmp(v->key, "name") == 0 && strlen(v->text) > NAME_MAX_LEN)
		return fail(why, "is longer than %d bytes", NAME_MAX_LEN);
	if (is_path_key(v->key) && v->text[0] != '/')
		return fail(why, "must be an absolute path");
	if (is_path_key(v->key) && strlen(v->text) >= SURROUNDINGS_PATH_MAX - 100)
		return fail(why, "is too long for a path");
	if (strcmp(v->key, "plugin_dir") == 0)
		return surroundings_add_plugins(&k->where, v->text, why);
	return true;
}

static bool check_router_value(struct checker *k, const struct config_value *v)
{
	struct reason why = {""};

	if (check_own(k, v, &why))
		return true;
	config_error(k->c, v->file, v->line, "%s: %s", v->key, why.text);
	return false;
}

static void add_values(struct checker *k, const struct config_section *s,
                       struct config_section *to)
{
	const struct frame_option *const *tables[] = {option_router, NULL};

	for (const struct config_value *v = s->values; v != NULL; v = v->next) {
		struct settings_place place = {
			.to = to, .option = option_find(option_router, v->key)};

		if (place.option == NULL)
			settings_unknown_key(k, v, tables);
		else if (check_router_value(k, v) && strcmp(v->key, "state") != 0)
			settings_add_value(k, &place, v);
	}
}

/* Names that many machines have: documents of two routers could not be told apart. */
static void warn_of_name(struct checker *k, const char *name)
{
	static const char *const common[] = {"localhost", "raspberrypi", "debian",
	                                     "meshlium"};
	const struct config_section *s = config_router(k->c);
	const struct config_value *v = config_value(s, "name");

	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (strcmp(name, common[i]) == 0)
			config_warning(k->c, v != NULL ? v->file : k->source,
			               v != NULL ? v->line : 0,
			               "this router is called %s, as many are: give it a "
			               "name of its own, name = ... in [router]",
			               name);
}

static void add_name(struct checker *k, struct config_section *to)
{
	char name[NAME_MAX_LEN + 1] = "";

	if (config_text(to, "name") == NULL) {
		if (gethostname(name, sizeof name) != 0 || name[0] == '\0')
			snprintf(name, sizeof name, "localhost");
		name[sizeof name - 1] = '\0';
		settings_add_own(k, to, "name", name);
	}
	if (config_text(to, "name") != NULL)
		warn_of_name(k, config_text(to, "name"));
}

/* A table with an error would stop every input when it starts. */
static void check_sensors(struct checker *k, const struct config_section *to)
{
	const struct config_value *first = config_value(to, "sensors");
	const char *own[SENSORS_MAX + 1] = {NULL};
	struct sensors *sensors = NULL;
	struct reason why = {""};
	size_t count = 0;

	for (const struct config_value *v = first; v != NULL; v = config_next(v))
		if (count < SENSORS_MAX)
			own[count++] = v->text;
	if (first != NULL && !sensors_load(&sensors, k->where.sensors, own, &why))
		config_error(k->c, first->file, first->line, "sensors: %s", why.text);
	sensors_free(sensors);
}

/* The files that it was made of, as they were. */
static void add_stamps(struct checker *k, struct config_section *to)
{
	char text[SURROUNDINGS_PATH_MAX + STAMP_SIZE + 1], stamp[STAMP_SIZE];
	const struct config_value *v = config_value(to, "sensors");

	for (; v != NULL; v = config_next(v))
		settings_add_own(k, to, ".stamp", stamp_of(stamp, v->text));
	for (const struct config_file *f = k->c->files; f != NULL; f = f->next) {
		snprintf(text, sizeof text, "%s %s", f->stamp, f->name);
		if (f->stamp[0] != '\0')
			settings_add_own(k, to, ".read", text);
	}
}

/* Writes the folder above, at last "/". */
static void go_up(char *path)
{
	char *slash = strrchr(path, '/');

	slash[slash == path ? 1 : 0] = '\0';
}

/* SQLite's log is shared by mapped memory and locks, which do not work over a network. */
static void warn_of_filesystem(struct checker *k)
{
	static const struct {
		unsigned long magic;
		const char *name;
	} remote[] = {
		{NFS_SUPER_MAGIC, "NFS"},   {SMB_SUPER_MAGIC, "SMB"},
		{SMB2_SUPER_MAGIC, "SMB"},  {CIFS_SUPER_MAGIC, "CIFS"},
		{V9FS_MAGIC, "9P"},         {AFS_SUPER_MAGIC, "AFS"},
		{CODA_SUPER_MAGIC, "Coda"}, {CEPH_SUPER_MAGIC, "Ceph"},
	};
	char path[SURROUNDINGS_PATH_MAX];
	struct statfs fs;

	snprintf(path, sizeof path, "%s", k->where.state);
	while (statfs(path, &fs) != 0) {
		if (errno != ENOENT || strcmp(path, "/") == 0)
			return;
		go_up(path);
	}
	for (size_t i = 0; i < sizeof remote / sizeof *remote; i++)
		if ((unsigned long)fs.f_type == remote[i].magic)
			config_warning(
				k->c, config_keep_name(k->c, k->where.state), 0,
				"lies on %s, where several processes cannot share a "
				"database: use a local disk",
				remote[i].name);
}

void settings_check_router(struct checker *k)
{
	const struct config_section *s = config_router(k->c);
	struct config_section *to =
		config_add_section(&k->made, "router", "", s == NULL ? "" : s->file, 0);

	if (to == NULL)
		return;
	settings_add_own(k, to, ".conf", k->where.conf);
	settings_add_own(k, to, ".sensors", k->where.sensors);
	settings_add_own(k, to, "state", k->where.state);
	if (s != NULL)
		add_values(k, s, to);
	for (const struct frame_option *const *o = option_router; *o != NULL; o++) {
		struct settings_place place = {.to = to, .option = *o};

		if (config_value(to, (*o)->name) == NULL)
			settings_add_default(k, &place);
	}
	add_name(k, to);
	check_sensors(k, to);
	add_stamps(k, to);
	warn_of_filesystem(k);
}
