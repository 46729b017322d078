/* SPDX-License-Identifier: MIT */
/* The options of a plugin as a table and as a file for conf.d, both from its own rows. */
#include <stdio.h>
#include <string.h>

#include "option.h"
#include "verb_plugins.h"

#define TEXT_WIDTH 78

void verb_option_limits(const struct frame_option *o, struct buf *out)
{
	char number[OPTION_NUMBER_SIZE];
	const char *last = o->choices == NULL ? NULL : strrchr(o->choices, '|');

	for (const char *c = o->choices; c != NULL && *c != '\0'; c++) {
		if (*c == '|')
			buf_text(out, c == last ? " or " : ", ");
		else
			buf_char(out, *c);
	}
	if (o->choices != NULL || (o->minimum == 0 && o->maximum == 0))
		return;
	option_write_number(o, o->minimum, number);
	buf_format(out, "%s to ", number);
	option_write_number(o, o->maximum, number);
	buf_format(out, "%s%s%s", number, o->unit == NULL ? "" : " ",
	           o->unit == NULL ? "" : o->unit);
}

static const char *default_of(const struct frame_option *o)
{
	if ((o->flags & FRAME_OPTION_REQUIRED) != 0)
		return "(required)";
	return o->default_value == NULL ? "" : o->default_value;
}

struct widths {
	size_t name;
	size_t type;
	size_t value;
	size_t limits;
};

static void widen(size_t *width, size_t len)
{
	if (len > *width)
		*width = len;
}

static void measure(const struct frame_option *const *table, struct widths *w)
{
	for (; *table != NULL; table++) {
		struct buf limits = {0};

		verb_option_limits(*table, &limits);
		widen(&w->name, strlen((*table)->name));
		widen(&w->type, strlen(option_type_name((*table)->type)));
		widen(&w->value, strlen(default_of(*table)));
		widen(&w->limits, limits.len);
		buf_free(&limits);
	}
}

static void add_rows(const struct frame_option *const *table, const struct widths *w,
                     struct buf *out)
{
	for (; *table != NULL; table++) {
		const struct frame_option *o = *table;
		struct buf limits = {0};

		verb_option_limits(o, &limits);
		buf_format(out, "%-*s  %-*s  %-*s  %-*s  %s\n", (int)w->name, o->name,
		           (int)w->type, option_type_name(o->type), (int)w->value,
		           default_of(o), (int)w->limits, buf_string(&limits),
		           o->help == NULL ? "" : o->help);
		buf_free(&limits);
	}
}

/* The common options that the plugin has no row of its own for. */
static void list_common(const struct plugin *p, const struct frame_option **list)
{
	size_t count = 0;

	for (const struct frame_option *const *o = plugin_common(p); *o != NULL; o++)
		if (option_find(p->options, (*o)->name) == NULL)
			list[count++] = *o;
	list[count] = NULL;
}

#define COMMON_MAX 64

void verb_plugin_table(const struct plugin *p, struct buf *out)
{
	const struct frame_option *common[COMMON_MAX];
	struct widths w = {strlen("KEY"), strlen("TYPE"), strlen("DEFAULT"),
	                   strlen("VALUES")};

	list_common(p, common);
	measure(p->options, &w);
	measure(p->group_options, &w);
	measure(common, &w);
	buf_format(out, "%-*s  %-*s  %-*s  %-*s  %s\n", (int)w.name, "KEY", (int)w.type,
	           "TYPE", (int)w.value, "DEFAULT", (int)w.limits, "VALUES", "HELP");
	add_rows(p->options, &w, out);
	add_rows(p->group_options, &w, out);
	buf_format(out, "\nthe same for every %s:\n",
	           p->kind == PLUGIN_OUTPUT ? "output" : "input");
	add_rows(common, &w, out);
}

/* Where a line of a text ends: at the last blank that fits. */
static size_t line_length(const char *text)
{
	size_t len = strlen(text);

	if (len <= TEXT_WIDTH)
		return len;
	len = TEXT_WIDTH;
	while (len > 0 && text[len] != ' ')
		len--;
	return len > 0 ? len : strcspn(text, " "); /* one long word */
}

/* Adds a text as comment lines; a tab in it is a blank where no line ends. */
static void add_comment(const char *text, struct buf *out)
{
	while (*text != '\0') {
		size_t len = line_length(text);

		buf_text(out, "# ");
		for (size_t i = 0; i < len; i++)
			buf_char(out, text[i] == '\t' ? ' ' : text[i]);
		buf_char(out, '\n');
		text += len;
		text += strspn(text, " ");
	}
}

/* Adds the values that were given for a key; false when there are none. */
static bool add_given(const char *name, char **given, struct buf *out)
{
	size_t len = strlen(name);
	bool is_given = false;

	for (; *given != NULL; given++) {
		if (strncmp(*given, name, len) != 0 || (*given)[len] != '=')
			continue;
		buf_format(out, "%s = %s\n", name, *given + len + 1);
		is_given = true;
	}
	return is_given;
}

/* Whether a value is given that is not the default. */
static bool is_changed(const struct frame_option *o, char **given)
{
	size_t len = strlen(o->name);

	for (; o->default_value != NULL && *given != NULL; given++)
		if (strncmp(*given, o->name, len) == 0 && (*given)[len] == '=' &&
		    strcmp(*given + len + 1, o->default_value) != 0)
			return true;
	return false;
}

static void add_example(const struct frame_option *o, char **given, struct buf *out)
{
	struct buf text = {0};
	struct buf limits = {0};

	if ((o->flags & FRAME_OPTION_REQUIRED) != 0)
		buf_text(&limits, "required");
	else
		verb_option_limits(o, &limits);
	buf_text(&text, o->help == NULL ? option_type_name(o->type) : o->help);
	if (limits.len > 0)
		buf_text(&text, " (");
	for (size_t i = 0; i < limits.len; i++)
		buf_char(&text, limits.data[i] == ' ' ? '\t' : limits.data[i]);
	if (limits.len > 0)
		buf_char(&text, ')');
	if (is_changed(o, given))
		buf_format(&text, "; %s when unset", o->default_value);
	add_comment(buf_string(&text), out);
	if (!add_given(o->name, given, out))
		buf_format(out, "#%s =%s%s\n", o->name,
		           o->default_value == NULL ? "" : " ",
		           o->default_value == NULL ? "" : o->default_value);
	buf_free(&limits);
	buf_free(&text);
}

static void add_examples(const struct frame_option *const *table, char **given,
                         struct buf *out)
{
	for (; *table != NULL; table++) {
		if (strcmp((*table)->name, "enabled") == 0)
			continue;
		buf_char(out, '\n');
		add_example(*table, given, out);
	}
}

void verb_plugin_example(const struct plugin *p, const char *name, char **given,
                         struct buf *out)
{
	const char *kind = p->kind == PLUGIN_OUTPUT ? "output" : "input";
	const struct frame_option *common[COMMON_MAX];
	struct buf text = {0};

	list_common(p, common);
	buf_format(&text, "%s, an %s: %s.", p->name, kind, p->description);
	add_comment(buf_string(&text), out);
	add_comment("Every option stands here, behind a # with its default.  A path that "
	            "does not "
	            "begin with / "
	            "lies in the state directory.  `frame-router check` looks at what "
	            "you change.",
	            out);
	buf_format(out, "\n[%s \"%s\"]\n", p->name, name);
	add_example(option_find(plugin_common(p), "enabled"), given, out);
	add_examples(p->options, given, out);
	add_examples(p->group_options, given, out);
	if (common[0] != NULL && common[1] != NULL) {
		buf_format(out, "\n# ---- the same for every %s ----\n", kind);
		add_examples(common, given, out);
	}
	buf_free(&text);
}
