/* SPDX-License-Identifier: MIT */
/* Options of plugins, copied into rows as this router knows them, and checked. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option.h"
#include "plugin_table.h"
#include "template.h"

#define OPTIONS_MAX  200 /* a table without its NULL would go on for ever */
#define OPTION_LEAST offsetof(struct frame_option, default_value)
#define KNOWN_FLAGS                                                                      \
	(uint32_t)(FRAME_OPTION_REQUIRED | FRAME_OPTION_DANGEROUS |                      \
	           FRAME_OPTION_IS_PATH | FRAME_OPTION_IS_URL)

struct row {
	struct frame_option option;
	char name[OPTION_FILE_KEY_SIZE]; /* of a NAME_file */
	char help[OPTION_NAME_MAX + 80];
};

struct rows {
	struct rows *next;
	const struct frame_option *list[2 * OPTIONS_MAX + 1]; /* ends with NULL */
	unsigned count;
	struct row row[];
};

static struct rows *kept; /* of every plugin that was loaded */

static bool is_of_type(const struct frame_option *o, enum frame_option_type type)
{
	return o->type == (uint32_t)type;
}

/* The row of every input or output takes the plugin's default and help, nothing else:
 * limits and types are what the router was built for. */
static bool overlay_common(struct frame_option *o, const struct frame_option *common,
                           struct reason *why)
{
	struct frame_option row = *common;

	if (o->type != common->type)
		return fail(why, "the option %s is common to all, as a %s", o->name,
		            option_type_name(common->type));
	if (o->default_value != NULL)
		row.default_value = o->default_value;
	if (o->help != NULL)
		row.help = o->help;
	*o = row;
	return true;
}

static bool check_default(const struct frame_option *o, struct reason *why)
{
	struct template *t = NULL;
	bool is_fine = o->default_value == NULL || option_check(o, o->default_value, why);

	if (is_fine && o->default_value != NULL && is_of_type(o, FRAME_OPTION_TEMPLATE))
		is_fine = template_compile(&t, o->default_value, template_use_of(o), why);
	template_free(t);
	return is_fine || fail_context(why, "the default of the option %s", o->name);
}

static bool check_row(const struct frame_option *o, struct reason *why)
{
	if (o->name == NULL || !option_name_is_valid(o->name))
		return fail(why,
		            "has an option whose name is not lower-case letters, digits "
		            "and _");
	if (o->type > FRAME_OPTION_LIST || (o->flags & ~KNOWN_FLAGS) != 0)
		return fail(why,
		            "the option %s is of a kind that this router does not know",
		            o->name);
	if (is_of_type(o, FRAME_OPTION_CHOICE) && (o->choices == NULL || !*o->choices))
		return fail(why, "the option %s is a choice of nothing", o->name);
	if (o->minimum > o->maximum)
		return fail(why, "the option %s has its limits the wrong way round",
		            o->name);
	if (o->default_value != NULL && (o->flags & FRAME_OPTION_REQUIRED) != 0)
		return fail(why, "the option %s is required, but has a default", o->name);
	if (o->default_value != NULL && is_of_type(o, FRAME_OPTION_SECRET))
		return fail(why, "the secret %s has a default that everybody knows",
		            o->name);
	return true;
}

static bool add_row(struct rows *rows, const struct plugin *p,
                    const struct frame_option *o, struct reason *why)
{
	const struct frame_option *common = option_find(plugin_common(p), o->name);
	struct row *row = &rows->row[rows->count];

	if (option_find(rows->list, o->name) != NULL ||
	    option_find(p->group_options, o->name) != NULL)
		return fail(why, "has the option %s twice", o->name);
	row->option = *o;
	row->option.struct_size = sizeof *o;
	if (common != NULL && !overlay_common(&row->option, common, why))
		return false;
	if (!check_default(&row->option, why))
		return false;
	rows->list[rows->count++] = &row->option;
	return true;
}

/* Adds the NAME_file of a secret. */
static bool add_file_row(struct rows *rows, const struct plugin *p, const char *secret,
                         struct reason *why)
{
	struct row *row = &rows->row[rows->count];
	struct frame_option o = {.type = FRAME_OPTION_PATH};

	option_file_key(secret, row->name);
	snprintf(row->help, sizeof row->help,
	         "a file that holds %s; a name without a / is a systemd credential",
	         secret);
	o.name = row->name;
	o.help = row->help;
	if (strlen(row->name) > OPTION_NAME_MAX)
		return fail(why, "the secret %s has too long a name", secret);
	return add_row(rows, p, &o, why);
}

static bool add_option(struct rows *rows, const struct plugin *p,
                       const struct frame_option *theirs, struct reason *why)
{
	struct frame_option o = {0};
	uint32_t size = theirs->struct_size;

	if (size < OPTION_LEAST)
		return fail(why, "has an option of %u bytes, the least is %zu", size,
		            OPTION_LEAST);
	memcpy(&o, theirs, size < sizeof o ? size : sizeof o);
	if (!check_row(&o, why) || !add_row(rows, p, &o, why))
		return false;
	return !is_of_type(&o, FRAME_OPTION_SECRET) || add_file_row(rows, p, o.name, why);
}

static bool count_options(const struct frame_option *const *options, size_t *count,
                          struct reason *why)
{
	*count = 0;
	while (options != NULL && options[*count] != NULL)
		if (++*count > OPTIONS_MAX)
			return fail(why,
			            "has more than %d options: its table does not end "
			            "with NULL",
			            OPTIONS_MAX);
	return true;
}

bool plugin_table_options(struct plugin *out, struct reason *why)
{
	bool is_output = out->kind == PLUGIN_OUTPUT;
	const struct frame_option *const *theirs =
		is_output ? out->output.options : out->input.options;
	uint32_t groups = is_output ? out->output.groups : out->input.groups;
	struct rows *rows;
	size_t count;

	if ((groups & ~OPTION_GROUPS) != 0)
		return fail(why,
		            "wants options of a group that this router does not know");
	if (!count_options(theirs, &count, why))
		return false;
	rows = calloc(1, sizeof *rows + 2 * count * sizeof *rows->row);
	if (rows == NULL)
		return fail(why, "out of memory");
	out->group_options = option_group(groups);
	for (size_t i = 0; i < count; i++) {
		if (!add_option(rows, out, theirs[i], why)) {
			free(rows);
			return false;
		}
	}
	rows->next = kept;
	kept = rows;
	out->options = rows->list;
	return true;
}
