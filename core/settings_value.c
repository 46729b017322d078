/* SPDX-License-Identifier: MIT */
/* Single values of conf.d: checked by their options, and made what is in force. */
#include <stdio.h>
#include <string.h>

#include "option.h"
#include "quote.h"
#include "secret.h"
#include "settings_private.h"
#include "store.h"
#include "template.h"
#include "trust.h"

static bool is_of_type(const struct frame_option *o, enum frame_option_type type)
{
	return o->type == (uint32_t)type;
}

/* Where an empty value means that there is none. */
static bool is_unset(const struct frame_option *o, const char *text)
{
	if (*text != '\0' || o->default_value != NULL)
		return false;
	return !is_of_type(o, FRAME_OPTION_TEXT) && !is_of_type(o, FRAME_OPTION_LIST);
}

static bool check_template(const struct frame_option *o, const char *text,
                           struct reason *why)
{
	struct template *t = NULL;

	if (!template_compile(&t, text, template_use_of(o), why))
		return false;
	template_free(t);
	return true;
}

static bool check_secret(struct checker *k, const struct config_value *v,
                         struct reason *why)
{
	if (*v->text == '\0' || v->is_variable || config_is_private(k->c, v->file))
		return true;
	return trust_tell_readable(v->file, why);
}

static bool check_value(struct checker *k, const struct frame_option *o,
                        const struct config_value *v, struct reason *why)
{
	if (!option_check(o, v->text, why))
		return false;
	if (is_of_type(o, FRAME_OPTION_TEMPLATE))
		return check_template(o, v->text, why);
	if (o->type == OPTION_SQL)
		return *v->text == '\0' || store_check_sql(v->text, why);
	if (is_of_type(o, FRAME_OPTION_SECRET))
		return check_secret(k, v, why);
	return true;
}

/* Paths that are not absolute lie in the state directory. */
static void add_path(struct buf *out, const struct checker *k,
                     const struct frame_option *o, const char *text)
{
	bool is_pattern = (o->flags & FRAME_OPTION_IS_PATH) != 0;

	if (*text != '/' && *text != '\0') {
		for (const char *c = k->where.state; *c != '\0'; c++) {
			buf_char(out, *c);
			if (*c == '%' && is_pattern)
				buf_char(out, '%');
		}
		buf_char(out, '/');
	}
	buf_text(out, text);
}

/* The file of a secret must be there; a credential is there only when systemd starts us.
 */
static bool add_secret_path(struct checker *k, struct buf *out,
                            const struct config_value *v, struct reason *why)
{
	char path[SURROUNDINGS_PATH_MAX];
	struct buf secret = {0};
	bool is_credential = v->text[0] != '/' && strchr(v->text, '/') == NULL;

	if (*v->text == '\0')
		return true;
	if (!secret_path(v->text, path, sizeof path, why)) {
		if (k->is_final || !is_credential)
			return false;
		config_warning(k->c, v->file, v->line, "%s: %s", v->key, why->text);
		return true;
	}
	buf_text(out, path);
	if (!secret_read(path, &secret, why))
		return false;
	secret_forget(&secret);
	return true;
}

static bool resolve(struct checker *k, const struct settings_place *place,
                    const struct config_value *v, struct buf *out, struct reason *why)
{
	const struct frame_option *o = place->option;

	if (place->is_secret_file)
		return add_secret_path(k, out, v, why);
	if (is_of_type(o, FRAME_OPTION_PATH) || (o->flags & FRAME_OPTION_IS_PATH) != 0)
		add_path(out, k, o, v->text);
	else
		buf_text(out, v->text);
	return true;
}

static bool add_resolved(struct checker *k, const struct settings_place *place,
                         const struct config_value *v, struct reason *why)
{
	struct config_value made = *v;
	struct buf text = {0};
	bool is_fine = resolve(k, place, v, &text, why);

	if (is_fine) {
		buf_text(&text, ""); /* so that there is a text */
		made.text = text.data;
		is_fine = !text.failed && config_add_value(&k->made, place->to, &made);
		if (!is_fine)
			fail(why, "out of memory");
	}
	secret_forget(&text);
	return is_fine;
}

/* What looks like one behind a value is a part of it. */
static bool has_comment(const char *text)
{
	return strstr(text, " #") != NULL || strstr(text, " ;") != NULL ||
	       strstr(text, "\t#") != NULL || strstr(text, "\t;") != NULL;
}

static const char *hint_of(const char *text)
{
	if (has_comment(text))
		return " (a comment needs a line of its own)";
	return quote_is_around(text) ? " (leave the quotation marks out)" : "";
}

bool settings_add_value(struct checker *k, const struct settings_place *place,
                        const struct config_value *v)
{
	struct reason why = {""};

	if (is_unset(place->option, v->text))
		return true;
	if (check_value(k, place->option, v, &why) && add_resolved(k, place, v, &why)) {
		settings_warn_of_value(k, place->option, v);
		/* its value is nothing to be shown */
		if (is_of_type(place->option, FRAME_OPTION_SECRET))
			settings_add_own(k, place->to, ".secret", v->key);
		return true;
	}
	config_error(k->c, v->file, v->line, "%s: %s%s", v->key, why.text,
	             hint_of(v->text));
	return false;
}

bool settings_add_default(struct checker *k, const struct settings_place *place)
{
	const struct frame_option *o = place->option;
	struct reason why = {""};
	struct config_value v = {
		.key = (char *)o->name,
		.text = (char *)o->default_value,
		.file = place->to->file,
		.line = place->to->line,
	};

	/* defaults were checked when the plugin was loaded */
	if (o->default_value == NULL || add_resolved(k, place, &v, &why))
		return true;
	config_error(k->c, v.file, v.line, "%s: %s", o->name, why.text);
	return false;
}

void settings_add_own(struct checker *k, struct config_section *to, const char *key,
                      const char *text)
{
	config_add_value(&k->made, to,
	                 &(struct config_value){.key = (char *)key,
	                                        .text = (char *)text,
	                                        .file = to->file,
	                                        .line = to->line});
}

void settings_unknown_key(struct checker *k, const struct config_value *v,
                          const struct frame_option *const *const *tables)
{
	struct option_nearest near = {.word = v->key};

	for (; *tables != NULL; tables++)
		for (const struct frame_option *const *o = *tables; *o != NULL; o++)
			option_nearest_try(&near, (*o)->name);
	if (near.best != NULL)
		config_error(k->c, v->file, v->line, "unknown key %s: is %s meant?",
		             v->key, near.best);
	else
		config_error(k->c, v->file, v->line, "unknown key %s", v->key);
}
