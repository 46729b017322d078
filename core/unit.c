/* SPDX-License-Identifier: MIT */
/* What a unit says of an option, or else its table. */
#include "unit.h"

#include "option.h"

const char *unit_text(const struct unit *u, const struct plugin *p, const char *key)
{
	const struct config_value *v = config_value(u->section, key);
	const struct frame_option *o;

	if (v != NULL)
		return v->text;
	o = plugin_option(p, key);
	return o == NULL ? NULL : o->default_value;
}

int64_t unit_number(const struct unit *u, const struct plugin *p, const char *key)
{
	const struct frame_option *o = plugin_option(p, key);
	const char *text = unit_text(u, p, key);

	/* what was checked when the router started may have been another plugin's */
	if (o == NULL || text == NULL || !option_has_number(o) ||
	    !option_check(o, text, NULL))
		return 0;
	return option_number(o, text);
}

const char *unit_list(const struct unit *u, const struct plugin *p, const char *key,
                      size_t index)
{
	const struct config_value *v = config_value(u->section, key);

	if (v == NULL)
		return index == 0 ? unit_text(u, p, key) : NULL;
	for (; v != NULL && index > 0; index--)
		v = config_next(v);
	return v == NULL ? NULL : v->text;
}
