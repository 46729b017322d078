/* SPDX-License-Identifier: MIT */
/* conf.d as a whole: [router], every section, and the effective configuration of them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "option.h"
#include "settings_private.h"

#define NAME_MAX_LEN 255

static bool read_all(struct config *c, const struct surroundings *where,
                     const char *const *files, const struct config_reading *how)
{
	bool is_fine = true;

	if (files == NULL || *files == NULL)
		return config_read_dir(c, where->conf, how);
	for (; *files != NULL; files++)
		is_fine = config_read_file(c, *files, how) && is_fine;
	return is_fine;
}

/* Keys of plugins that are not known yet are no matter here. */
static bool is_list_or_foreign(void *context, const char *plugin, const char *key)
{
	const struct frame_option *o = option_find(option_router, key);

	(void)context;
	return strcmp(plugin, "router") != 0 ||
	       (o != NULL && o->type == FRAME_OPTION_LIST);
}

static void look(struct surroundings *where, const char *const *files)
{
	const struct config_reading how = {.is_list = is_list_or_foreign};
	struct config c = {0};
	const struct config_section *s;
	const char *state;
	const struct config_value *v;

	read_all(&c, where, files, &how);
	s = config_router(&c);
	state = config_text(s, "state");
	if (!where->is_state_given && state != NULL && state[0] == '/' &&
	    strlen(state) < SURROUNDINGS_PATH_MAX - 100)
		snprintf(where->state, sizeof where->state, "%s", state);
	for (v = config_value(s, "plugin_dir"); v != NULL; v = config_next(v))
		if (v->text[0] == '/')
			surroundings_add_plugins(where, v->text, NULL);
	config_free(&c);
}

void settings_look(struct surroundings *where)
{
	look(where, NULL);
}

/* Paths of the whole router begin nowhere else than at the root. */
static bool check_router_value(struct checker *k, const struct config_value *v)
{
	const char *fault = NULL;

	if (strcmp(v->key, "name") == 0)
		fault = *v->text == '\0'                 ? "is empty"
		        : strlen(v->text) > NAME_MAX_LEN ? "is longer than 255 bytes"
		                                         : NULL;
	else if (strcmp(v->key, "state") == 0 || strcmp(v->key, "plugin_dir") == 0 ||
	         strcmp(v->key, "sensors") == 0)
		fault = v->text[0] != '/' ? "must be an absolute path"
		        : strlen(v->text) >= SURROUNDINGS_PATH_MAX - 100
		                ? "is too long for a path"
		                : NULL;
	if (fault == NULL)
		return true;
	config_error(k->c, v->file, v->line, "%s: %s", v->key, fault);
	return false;
}

static void add_router_values(struct checker *k, const struct config_section *s,
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
			config_warning(k->c,
			               v != NULL ? v->file
			                         : config_keep_name(k->c, k->where.conf),
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

static void check_router(struct checker *k)
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
		add_router_values(k, s, to);
	for (const struct frame_option *const *o = option_router; *o != NULL; o++) {
		struct settings_place place = {.to = to, .option = *o};

		if (config_value(to, (*o)->name) == NULL)
			settings_add_default(k, &place);
	}
	add_name(k, to);
}

static void warn_of_nothing(struct checker *k)
{
	for (const struct config_section *s = k->made.sections; s != NULL; s = s->next) {
		const char *enabled = config_text(s, "enabled");

		if (enabled != NULL && strcmp(enabled, "yes") == 0)
			return;
	}
	if (k->c->errors == 0)
		config_warning(k->c, config_keep_name(k->c, k->where.conf), 0,
		               "no input or output is enabled");
}

bool settings_check(struct config *c, const struct surroundings *where,
                    const char *const *files, bool is_final, struct buf *effective)
{
	struct checker k = {.c = c, .where = *where, .is_final = is_final};
	const struct config_reading how = {.is_list = settings_is_list, .context = &k};

	look(&k.where, files);
	read_all(c, where, files, &how);
	check_router(&k);
	for (const struct config_section *s = c->sections; s != NULL; s = s->next)
		if (s->name[0] != '\0')
			settings_check_unit(&k, s);
	warn_of_nothing(&k);
	for (const struct config_section *s = k.made.sections; s != NULL; s = s->next) {
		config_write_section(effective, s);
		buf_char(effective, '\n');
	}
	if (k.made.failed || effective->failed) {
		c->failed = true;
		c->errors++;
	}
	config_free(&k.made);
	settings_forget_known(&k);
	return c->errors == 0;
}
