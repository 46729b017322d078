/* SPDX-License-Identifier: MIT */
/* Overrides as status tells of them.  Secrets are not shown. */
#include <string.h>

#include "override.h"
#include "status.h"

static bool is_secret(const struct config_section *s, const char *key)
{
	for (const struct config_value *v = config_value(s, ".secret"); v != NULL;
	     v = config_next(v))
		if (strcmp(v->text, key) == 0)
			return true;
	return false;
}

static void add(struct status_unit *u, const char *key, const char *text)
{
	if (u->overrides.len > 0)
		buf_text(&u->overrides, ", ");
	buf_text(&u->overrides, key);
	if (text != NULL)
		buf_format(&u->overrides, " = %s", text);
}

/* As the process has them. */
static void add_in_force(struct status_unit *u, const struct settings *settings)
{
	const struct unit *unit = settings_unit(settings, u->name);
	const struct config_value *v;

	if (unit == NULL)
		return;
	for (v = config_value(unit->section, ".override"); v != NULL; v = config_next(v))
		add(u, v->text,
		    is_secret(unit->section, v->text)
		            ? "(hidden)"
		            : config_text(unit->section, v->text));
}

/* As they are written; which of them are secrets is not known here. */
static void add_written(struct status_unit *u, const char *state)
{
	const struct config_value *v;
	struct config c = {0};

	if (override_read(&c, state, u->name, NULL) && c.sections != NULL)
		for (v = c.sections->values; v != NULL; v = v->next)
			add(u, v->key, strcmp(v->key, "enabled") == 0 ? v->text : NULL);
	config_free(&c);
}

void status_add_overrides(struct status *s, const char *state,
                          const struct settings *settings)
{
	for (struct status_unit *u = s->units; u != NULL; u = u->next) {
		if (!s->is_running)
			add_written(u, state);
		else if (settings != NULL)
			add_in_force(u, settings);
	}
}
