/* SPDX-License-Identifier: MIT */
/* The plugins that conf.d names, each looked for and loaded once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "option.h"
#include "settings_private.h"

struct names {
	struct option_nearest nearest;
	char best[CONFIG_NAME_MAX + 1];
	struct buf all; /* "file, mqtt" */
};

static void try_name(void *context, const char *name, const char *path)
{
	struct names *n = context;

	(void)path;
	buf_format(&n->all, "%s%s", n->all.len > 0 ? ", " : "", name);
	option_nearest_try(&n->nearest, name);
	if (n->nearest.best == name) { /* which is gone when this returns */
		snprintf(n->best, sizeof n->best, "%s", name);
		n->nearest.best = n->best;
	}
}

static void explain_folders(const char *name, const char *const *dirs,
                            const struct names *names, struct reason *why)
{
	struct buf text = {0};

	for (; *dirs != NULL; dirs++)
		buf_format(&text, " %s%s", *dirs, dirs[1] == NULL ? "" : ",");
	fail(why, "the plugin \"%s\" is not installed%s%.150s%s; looked in%s", name,
	     names->all.len > 0 ? ", but " : "", buf_string(&names->all),
	     names->all.len > 0 ? " are" : "", buf_string(&text));
	buf_free(&text);
}

static void explain_missing(const char *name, const char *const *dirs, struct reason *why)
{
	struct names names = {.nearest = {.word = name}};

	plugin_list(dirs, try_name, &names);
	if (names.nearest.best != NULL)
		fail(why, "there is no plugin \"%s\": is %s meant?", name, names.best);
	else
		explain_folders(name, dirs, &names, why);
	buf_free(&names.all);
}

static void load(struct known *known, const struct surroundings *where)
{
	const char *dirs[SURROUNDINGS_PLUGINS_MAX + 1];
	char path[PLUGIN_PATH_MAX];

	surroundings_dirs(where, dirs);
	known->is_found = plugin_find(path, known->name, dirs);
	if (!known->is_found)
		explain_missing(known->name, dirs, &known->why);
	else
		known->is_loaded = plugin_load_guarded(&known->plugin, path, &known->why);
}

struct known *settings_known(struct checker *k, const char *name)
{
	struct known *known = k->known;

	while (known != NULL && strcmp(known->name, name) != 0)
		known = known->next;
	if (known != NULL)
		return known;
	known = calloc(1, sizeof *known);
	if (known == NULL)
		return NULL;
	snprintf(known->name, sizeof known->name, "%s", name);
	load(known, &k->where);
	known->next = k->known;
	k->known = known;
	return known;
}

void settings_forget_known(struct checker *k)
{
	while (k->known != NULL) {
		struct known *first = k->known;

		k->known = first->next;
		free(first);
	}
}

static bool is_list(const struct frame_option *option)
{
	return option != NULL && option->type == FRAME_OPTION_LIST;
}

bool settings_is_list(void *checker, const char *plugin, const char *key)
{
	const struct known *known;

	if (strcmp(plugin, "router") == 0)
		return is_list(option_find(option_router, key));
	known = settings_known(checker, plugin);
	/* of a plugin that is not there nobody knows, and that is told */
	return known == NULL || !known->is_loaded ||
	       is_list(plugin_option(&known->plugin, key));
}

static void try_table(struct option_nearest *near,
                      const struct frame_option *const *table)
{
	for (; *table != NULL; table++)
		option_nearest_try(near, (*table)->name);
}

const char *settings_nearest_key(void *checker, const char *plugin, const char *word)
{
	struct option_nearest near = {.word = word};
	const struct known *known;

	if (strcmp(plugin, "router") == 0) {
		try_table(&near, option_router);
		return near.best;
	}
	known = settings_known(checker, plugin);
	if (known == NULL || !known->is_loaded)
		return NULL;
	try_table(&near, known->plugin.options);
	try_table(&near, known->plugin.group_options);
	try_table(&near, plugin_common(&known->plugin));
	return near.best;
}
