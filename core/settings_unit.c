/* SPDX-License-Identifier: MIT */
/* One section of conf.d, checked by the tables of its plugin. */
#include <stdio.h>
#include <string.h>

#include "guard.h"
#include "option.h"
#include "settings_private.h"

#define CHECK_S 10 /* the time that a plugin's check() has */

static bool is_disabled(const struct config_section *s)
{
	const char *text = config_text(s, "enabled");

	return text != NULL && strcmp(text, "no") == 0;
}

/* A section whose plugin cannot be loaded says nothing that could be checked. */
static void tell_missing(struct checker *k, const struct config_section *s,
                         const struct known *known)
{
	if (known == NULL)
		config_error(k->c, s->file, s->line, "out of memory");
	else if (is_disabled(s))
		config_warning(k->c, s->file, s->line,
		               "%s; \"%s\" is disabled and left out", known->why.text,
		               s->name);
	else
		config_error(k->c, s->file, s->line, "%s", known->why.text);
}

static bool add_values(struct checker *k, const struct config_section *s,
                       const struct plugin *p, struct config_section *to)
{
	const struct frame_option *const *tables[] = {p->options, p->group_options,
	                                              plugin_common(p), NULL};
	bool is_fine = true;

	for (const struct config_value *v = s->values; v != NULL; v = v->next) {
		struct settings_place place = {
			.to = to,
			.option = plugin_option(p, v->key),
			.is_secret_file = plugin_secret_of(p, v->key) != NULL,
		};

		if (place.option == NULL) {
			settings_unknown_key(k, v, tables);
			is_fine = false;
		} else if (!settings_add_value(k, &place, v)) {
			is_fine = false;
		}
	}
	return is_fine;
}

static bool is_given(const struct config_section *s, const char *key)
{
	const char *text = config_text(s, key);

	return text != NULL && *text != '\0';
}

/* Adds what the section leaves out, and tells what it must not leave out. */
static bool add_defaults(struct checker *k, const struct config_section *s,
                         const struct frame_option *const *table,
                         struct config_section *to)
{
	bool is_fine = true;

	for (; *table != NULL; table++) {
		const struct frame_option *o = *table;
		struct settings_place place = {.to = to, .option = o};

		if ((o->flags & FRAME_OPTION_REQUIRED) != 0 && !is_given(s, o->name)) {
			config_error(k->c, s->file, s->line, "%s is missing: %s", o->name,
			             o->help == NULL ? "it is required" : o->help);
			is_fine = false;
		} else if (config_value(s, o->name) == NULL &&
		           config_value(to, o->name) == NULL &&
		           !settings_add_default(k, &place)) {
			is_fine = false;
		}
	}
	return is_fine;
}

struct call {
	const struct plugin *plugin;
	struct option_source options;
};

/* In a child: what a plugin does there stays there. */
static bool call_check(void *context, struct reason *why)
{
	struct call *call = context;
	const struct plugin *p = call->plugin;
	char text[sizeof why->text - 100] = "";
	int answer;

	if (p->kind == PLUGIN_OUTPUT)
		answer = p->output.check(&call->options, &option_source_services, text,
		                         sizeof text);
	else
		answer = p->input.check(&call->options, &option_source_input_services,
		                        text, sizeof text);
	text[sizeof text - 1] = '\0';
	if (answer != 0)
		return fail(why, "%s", *text == '\0' ? "refused" : text);
	if (p->kind == PLUGIN_INPUT)
		fail(why, "%s", text); /* a warning, or nothing */
	return true;
}

/* What a plugin says of one option begins with its name: that option's line, of a list
 * the line of the value that is named, else the section's. */
static struct config_value place_of(const struct config_section *s, const char *said)
{
	struct config_value place = {.file = s->file, .line = s->line};
	size_t len = strspn(said, "abcdefghijklmnopqrstuvwxyz0123456789_");
	char key[OPTION_NAME_MAX + 1];
	const struct config_value *v;

	if (len > OPTION_NAME_MAX || (said[len] != ':' && said[len] != ' '))
		return place;
	snprintf(key, sizeof key, "%.*s", (int)len, said);
	v = config_value(s, key);
	if (v == NULL)
		return place;
	place = *v;
	for (; v != NULL; v = config_next(v))
		if (*v->text != '\0' && strstr(said, v->text) != NULL)
			return *v;
	return place;
}

static void ask_plugin(struct checker *k, const struct config_section *s,
                       const struct unit *u, const struct plugin *p)
{
	struct call call = {.plugin = p};
	struct reason why = {""};
	struct config_value at;
	bool has_check = p->kind == PLUGIN_OUTPUT ? p->output.check != NULL
	                                          : p->input.check != NULL;

	if (!has_check)
		return;
	option_source_init(&call.options, u, p);
	switch (guard_run(call_check, &call, CHECK_S, &why)) {
	case GUARD_YES:
		at = place_of(s, why.text);
		if (u->is_enabled && why.text[0] != '\0')
			config_warning(k->c, at.file, at.line, "%s", why.text);
		break;
	case GUARD_NO:
		at = place_of(s, why.text);
		config_error(k->c, at.file, at.line, "%s", why.text);
		break;
	default:
		config_error(k->c, s->file, s->line, "the check of the plugin %s %s",
		             p->name, why.text);
		break;
	}
	option_source_forget(&call.options);
}

static void add_stamp(struct checker *k, struct config_section *to, const char *what,
                      const char *path)
{
	char stamp[STAMP_SIZE], text[STAMP_SIZE + OPTION_FILE_KEY_SIZE];

	snprintf(text, sizeof text, "%s %s", what, stamp_of(stamp, path));
	settings_add_own(k, to, ".stamp", text);
}

/* Files that are read when the plugin begins: another content is a change. */
static void add_stamps(struct checker *k, struct config_section *to,
                       const struct plugin *p)
{
	for (const struct config_value *v = to->values; v != NULL; v = v->next) {
		const struct frame_option *o = plugin_option(p, v->key);
		bool is_path = o != NULL && o->type == (uint32_t)FRAME_OPTION_PATH;

		if ((is_path || plugin_secret_of(p, v->key) != NULL) && *v->text == '/')
			add_stamp(k, to, v->key, v->text);
	}
}

static struct config_section *
add_section(struct checker *k, const struct config_section *s, const struct plugin *p)
{
	struct config_section *to =
		config_add_section(&k->made, s->plugin, s->name, s->file, s->line);
	char line[16];

	if (to == NULL)
		return NULL;
	snprintf(line, sizeof line, "%u", s->line);
	settings_add_own(k, to, ".kind", p->kind == PLUGIN_OUTPUT ? "output" : "input");
	settings_add_own(k, to, ".plugin", p->path);
	add_stamp(k, to, "plugin", p->path);
	settings_add_own(k, to, ".file", s->file);
	settings_add_own(k, to, ".line", line);
	return to;
}

void settings_check_unit(struct checker *k, const struct config_section *s)
{
	const struct known *known = settings_known(k, s->plugin);
	const struct plugin *p = &known->plugin;
	struct unit u = {.is_enabled = !is_disabled(s)};
	struct config_section *to;
	bool is_fine;

	if (known == NULL || !known->is_loaded) {
		tell_missing(k, s, known);
		return;
	}
	to = add_section(k, s, p);
	if (to == NULL)
		return;
	is_fine = add_values(k, s, p, to);
	if (config_value(s, "enabled") != NULL && config_value(to, "enabled") == NULL)
		settings_add_own(k, to, "enabled", "no"); /* what it says is wrong */
	settings_add_implied(k, s, p, to);
	/* its own first: it may have another default for a common option */
	is_fine = add_defaults(k, s, p->options, to) && is_fine;
	is_fine = add_defaults(k, s, p->group_options, to) && is_fine;
	is_fine = add_defaults(k, s, plugin_common(p), to) && is_fine;
	add_stamps(k, to, p);
	u.kind = p->kind;
	u.section = to;
	snprintf(u.name, sizeof u.name, "%s", s->name);
	/* together they can only be looked at when each is right */
	if (!is_fine)
		return;
	settings_warn(k, s, &u, p);
	if (settings_check_rules(k, s, &u, p))
		ask_plugin(k, s, &u, p);
}
