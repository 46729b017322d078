/* SPDX-License-Identifier: MIT */
/* Overrides as they overlay conf.d.  Whatever is wrong with one, conf.d counts: a router
 * never stays away because of an override. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option.h"
#include "override.h"
#include "settings_private.h"

struct overlay {
	struct overlay *next;
	char name[CONFIG_NAME_MAX + 1];
	const char *place; /* "override of NAME"; owned by the configuration */
	struct config values;
};

/*
 * Whether programs may override a key of a plugin; NULL: of one that cannot be loaded.
 * Commands, paths and files of secrets are for conf.d alone.
 */
static bool is_allowed(const struct plugin *p, const char *key, struct reason *why)
{
	const struct frame_option *o =
		p == NULL ? option_find(option_every_input, key) : plugin_option(p, key);
	uint32_t forbidden = FRAME_OPTION_DANGEROUS | FRAME_OPTION_IS_PATH;

	if (o == NULL && p == NULL)
		return fail(why, "its plugin cannot be loaded");
	if (o == NULL && plugin_secret_of(p, key) == NULL)
		return fail(why, "unknown key");
	if (o == NULL || (o->flags & forbidden) != 0 ||
	    o->type == (uint32_t)FRAME_OPTION_PATH)
		return fail(why, "only conf.d may set it");
	return true;
}

/* Keeps what may be set and can be read; tells of the rest. */
static void sift(struct checker *k, struct overlay *o, const struct plugin *p)
{
	struct config_section *s = o->values.sections;
	struct config_value *next;

	for (struct config_value *v = s->values; v != NULL; v = next) {
		const struct frame_option *option =
			p == NULL ? option_find(option_every_input, v->key)
				  : plugin_option(p, v->key);
		struct reason why = {""};

		next = v->next;
		v->file = o->place;
		v->line = 0;
		if (is_allowed(p, v->key, &why) && option_check(option, v->text, &why))
			continue;
		config_warning(k->c, o->place, 0, "%s is ignored: %s", v->key, why.text);
		config_drop_value(s, v);
	}
}

static void add_overlay(void *checker, const char *name)
{
	struct checker *k = checker;
	const struct config_section *s = config_find(k->c, name);
	const char *allowed = config_text(config_router(k->c), "overrides");
	struct overlay *o = calloc(1, sizeof *o);
	const struct known *known;
	struct reason why = {""};
	char place[CONFIG_NAME_MAX + 16];

	if (o == NULL)
		return;
	o->next = k->overlays;
	k->overlays = o;
	snprintf(o->name, sizeof o->name, "%s", name);
	snprintf(place, sizeof place, "override of %s", name);
	o->place = config_keep_name(k->c, place);
	if (k->c->files != NULL)
		k->c->files->is_private = true; /* nobody else reads the folder */
	if (allowed != NULL && strcmp(allowed, "no") == 0)
		fail(&why, "overrides = no in [router]");
	else if (s == NULL)
		fail(&why, "there is no input or output of that name");
	else if (override_read(&o->values, k->where.state, name, &why)) {
		known = settings_known(k, s->plugin);
		if (o->values.sections != NULL)
			sift(k, o,
			     known != NULL && known->is_loaded ? &known->plugin : NULL);
		return;
	}
	config_free(&o->values);
	config_warning(k->c, o->place, 0,
	               "is left out: %s (frame-router reset %s drops it)", why.text,
	               name);
}

void settings_read_overrides(struct checker *k)
{
	struct reason why = {""};

	if (!override_each(k->where.state, add_overlay, k, &why))
		config_warning(k->c, config_keep_name(k->c, k->where.state), 0,
		               "no override counts: %s", why.text);
}

void settings_forget_overrides(struct checker *k)
{
	while (k->overlays != NULL) {
		struct overlay *first = k->overlays;

		k->overlays = first->next;
		config_free(&first->values);
		free(first);
	}
	config_free(&k->overlaid);
}

/* Whether a key is overlaid; `only` is NULL for all keys. */
static bool is_overlaid(const struct config_section *with, const char *only,
                        const char *key)
{
	return (only == NULL || strcmp(only, key) == 0) &&
	       config_value(with, key) != NULL;
}

/* The section with the values of the override in the place of its own. */
static struct config_section *overlay(struct checker *k, const struct config_section *s,
                                      const struct config_section *with, const char *only)
{
	struct config *to = &k->overlaid;
	struct config_section *made =
		config_add_section(to, s->plugin, s->name, s->file, s->line);

	if (made == NULL)
		return NULL;
	for (const struct config_value *v = s->values; v != NULL; v = v->next)
		if (!is_overlaid(with, only, v->key))
			config_add_value(to, made, v);
	for (const struct config_value *v = with->values; v != NULL; v = v->next)
		if (is_overlaid(with, only, v->key))
			config_add_value(to, made, v);
	return made;
}

static void note_keys(struct checker *k, const struct config_section *with,
                      const char *only)
{
	for (const struct config_value *v = with->values; v != NULL; v = v->next)
		if (is_overlaid(with, only, v->key) && config_value(with, v->key) == v)
			settings_add_own(k, k->made.last, ".override", v->key);
}

static bool try_overlaid(struct checker *k, const struct config_section *s,
                         const struct config_section *with, const char *only,
                         struct reason *why)
{
	struct config_mark mark = config_mark(k->c);
	struct config_section *last = k->made.last;
	struct config_section *made = overlay(k, s, with, only);

	if (made == NULL)
		return false;
	settings_check_unit(k, made);
	if (k->c->errors > mark.errors) {
		config_forget(k->c, &mark, why);
		if (k->made.last != last)
			config_drop_section(&k->made, k->made.last);
		return false;
	}
	if (k->made.last != last)
		note_keys(k, with, only);
	return true;
}

static void check_section(struct checker *k, const struct config_section *s)
{
	const struct config_section *with;
	const struct overlay *o = k->overlays;
	struct reason why = {""};
	unsigned before;

	while (o != NULL && strcmp(o->name, s->name) != 0)
		o = o->next;
	with = o == NULL ? NULL : o->values.sections;
	if (with == NULL || with->values == NULL) {
		settings_check_unit(k, s);
		return;
	}
	if (try_overlaid(k, s, with, NULL, &why))
		return;
	before = k->c->errors;
	/* what was stopped stays stopped, whatever else is wrong */
	if (config_value(with, "enabled") != NULL &&
	    try_overlaid(k, s, with, "enabled", NULL)) {
		config_warning(k->c, o->place, 0, "is left out but for enabled: %s",
		               why.text);
		return;
	}
	settings_check_unit(k, s);
	if (k->c->errors == before)
		config_warning(k->c, o->place, 0,
		               "is left out: %s (frame-router reset %s drops it)",
		               why.text, o->name);
}

void settings_check_section(struct checker *k, struct config_section *s)
{
	unsigned before = k->c->errors;

	check_section(k, s);
	if (k->c->errors > before)
		s->is_broken = true;
}
