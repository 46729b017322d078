/* SPDX-License-Identifier: MIT */
/* Two effective configurations, compared key by key. */
#include "change.h"

#include <stdio.h>
#include <string.h>

enum {
	INPUTS = 1,
	OUTPUTS = 2,
	HOUSEKEEPING = 4,
	ALL = INPUTS | OUTPUTS | HOUSEKEEPING,
	UNITS = 8, /* outputs that tell the units of readings, from the sensor tables */
	NOBODY = 0,
};

/* Who works with a key of [router]. */
static const struct {
	const char *key;
	unsigned users;
} uses[] = {
	{"name", OUTPUTS},
	{"state", NOBODY}, /* cannot change while the router runs */
	{"keep", OUTPUTS | HOUSEKEEPING},
	{"max_size", ALL},
	{"commit", INPUTS},
	{"plugin_dir", NOBODY}, /* what was found there stands in the sections */
	{"overrides", NOBODY},
	{"log_level", ALL},
	{"log_format", ALL},
	{"sensors", INPUTS | UNITS},
	{".sensors", INPUTS | UNITS},
	{".stamp", INPUTS | UNITS}, /* of sensors */
	{".conf", NOBODY},
	{".read", NOBODY},
};

static const unsigned uses_len = sizeof uses / sizeof *uses;

static unsigned users_of(const char *key)
{
	for (unsigned i = 0; i < uses_len; i++)
		if (strcmp(uses[i].key, key) == 0)
			return uses[i].users;
	return ALL;
}

bool change_knows(const char *router_key)
{
	for (unsigned i = 0; i < uses_len; i++)
		if (strcmp(uses[i].key, router_key) == 0)
			return true;
	return false;
}

static bool is_same(const struct config_section *a, const struct config_section *b,
                    const char *key)
{
	const struct config_value *v = config_value(a, key);
	const struct config_value *w = config_value(b, key);

	while (v != NULL && w != NULL && strcmp(v->text, w->text) == 0) {
		v = config_next(v);
		w = config_next(w);
	}
	return v == NULL && w == NULL;
}

static void add_key(struct buf *keys, const char *prefix, const char *key)
{
	if (keys->len > 0)
		buf_text(keys, ", ");
	buf_format(keys, "%s%s", prefix, key + (*key == '.'));
}

/* A stamp is told as what it is of: "plugin", "ca_file". */
static bool compare_stamps(const struct config_section *a, const struct config_section *b,
                           struct buf *keys)
{
	bool differs = false;

	for (const struct config_value *v = config_value(a, ".stamp"); v != NULL;
	     v = config_next(v)) {
		const struct config_value *w = config_value(b, ".stamp");
		char what[STAMP_SIZE];

		while (w != NULL && strcmp(v->text, w->text) != 0)
			w = config_next(w);
		if (w != NULL)
			continue;
		snprintf(what, sizeof what, "file of %.*s", (int)strcspn(v->text, " "),
		         v->text);
		add_key(keys, "", what);
		differs = true;
	}
	return differs;
}

/* Keys that stand in `a` and have other values in `b`; with `is_missing` only those that
 * `b` has not got at all. */
static bool compare(const struct config_section *a, const struct config_section *b,
                    bool is_missing, bool (*counts)(const char *key), struct buf *keys)
{
	bool differs = false;

	for (const struct config_value *v = a->values; v != NULL; v = v->next) {
		if (config_value(a, v->key) != v || !counts(v->key))
			continue; /* one of a list comes once */
		if (is_missing ? config_value(b, v->key) == NULL
		               : !is_same(a, b, v->key)) {
			add_key(keys, "", v->key);
			differs = true;
		}
	}
	return differs;
}

static bool counts(const char *key)
{
	static const char *const silent[] = {"enabled",   ".file",  ".line", ".secret",
	                                     ".override", ".stamp", NULL};

	for (const char *const *s = silent; *s != NULL; s++)
		if (strcmp(*s, key) == 0)
			return false;
	return true;
}

static bool compare_router(const struct settings *was, const struct settings *is,
                           unsigned who, bool knows_max_size, struct buf *keys)
{
	const struct config_section *pair[] = {config_router(&was->config),
	                                       config_router(&is->config)};
	bool differs = false;

	for (unsigned i = 0; i < 2; i++) {
		const struct config_section *a = pair[i], *b = pair[1 - i];

		for (const struct config_value *v = a->values; v != NULL; v = v->next) {
			if (config_value(a, v->key) != v ||
			    (users_of(v->key) & who) == 0 || is_same(a, b, v->key))
				continue;
			if (knows_max_size && strcmp(v->key, "max_size") == 0)
				continue;
			/* in both: told once */
			if (i == 1 && config_value(b, v->key) != NULL)
				continue;
			add_key(keys, "[router] ", v->key);
			differs = true;
		}
	}
	return differs;
}

static unsigned who_is(const struct unit *u)
{
	const char *format = config_text(u->section, "format");
	bool has_units = format != NULL && strcmp(format, "senml") == 0;

	return u->kind != PLUGIN_OUTPUT ? INPUTS : has_units ? OUTPUTS | UNITS : OUTPUTS;
}

bool change_unit(const struct settings *was, const struct settings *is, const char *name,
                 struct buf *keys)
{
	const struct unit *a = settings_unit(was, name);
	const struct unit *b = settings_unit(is, name);
	bool is_output = b->kind == PLUGIN_OUTPUT;
	bool differs = false;

	if (strcmp(a->plugin, b->plugin) != 0) {
		add_key(keys, "", ".plugin");
		return true;
	}
	differs |= compare(a->section, b->section, false, counts, keys);
	differs |= compare(b->section, a->section, true, counts, keys);
	/* where there is another file, its key has been told */
	if (!differs)
		differs = compare_stamps(b->section, a->section, keys);
	/* an output holds a part of max_size, unless it says how much */
	differs |= compare_router(was, is, who_is(b),
	                          is_output && config_value(b->section, "hold") != NULL,
	                          keys);
	return differs;
}

/* Whether every output of `a` is in `b` and holds the same. */
static bool hold_the_same(const struct settings *a, const struct settings *b)
{
	for (const struct unit *u = a->units; u != NULL; u = u->next) {
		const struct unit *v = settings_unit(b, u->name);

		if (u->kind != PLUGIN_OUTPUT)
			continue;
		if (v == NULL || v->kind != PLUGIN_OUTPUT ||
		    !is_same(u->section, v->section, "hold"))
			return false;
	}
	return true;
}

bool change_housekeeping(const struct settings *was, const struct settings *is,
                         struct buf *keys)
{
	bool differs = compare_router(was, is, HOUSEKEEPING, false, keys);

	if (hold_the_same(was, is) && hold_the_same(is, was))
		return differs;
	add_key(keys, "", "hold");
	return true;
}
