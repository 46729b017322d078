/* SPDX-License-Identifier: MIT */
/* conf.d as a whole: read, every section checked, and the effective configuration made.
 */
#include <stdio.h>
#include <string.h>

#include "option.h"
#include "settings_private.h"

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

static void warn_of_nothing(struct checker *k)
{
	for (const struct config_section *s = k->made.sections; s != NULL; s = s->next) {
		const char *enabled = config_text(s, "enabled");

		if (enabled != NULL && strcmp(enabled, "yes") == 0)
			return;
	}
	if (k->c->errors == 0)
		config_warning(k->c, k->source, 0, "no input or output is enabled");
}

bool settings_check(struct config *c, const struct surroundings *where,
                    const char *const *files, bool is_final, struct buf *effective)
{
	struct checker k = {.c = c, .where = *where, .is_final = is_final};
	const struct config_reading how = {
		.is_list = settings_is_list,
		.nearest_key = settings_nearest_key,
		.context = &k,
	};

	k.source = config_keep_name(c, files != NULL && *files != NULL ? *files
	                                                               : where->conf);
	look(&k.where, files);
	read_all(c, where, files, &how);
	if (files == NULL || *files == NULL)
		settings_read_overrides(&k);
	settings_check_router(&k);
	for (struct config_section *s = c->sections; s != NULL; s = s->next)
		if (s->name[0] != '\0')
			settings_check_section(&k, s);
	settings_check_service(&k);
	warn_of_nothing(&k);
	settings_warn_of_pairs(&k);
	for (const struct config_section *s = k.made.sections; s != NULL; s = s->next) {
		config_write_section(effective, s);
		buf_char(effective, '\n');
	}
	if (k.made.failed || effective->failed) {
		c->failed = true;
		c->errors++;
	}
	config_free(&k.made);
	settings_forget_overrides(&k);
	settings_forget_known(&k);
	return c->errors == 0;
}
