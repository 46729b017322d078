/* SPDX-License-Identifier: MIT */
/* What conf.d may say and can hardly mean, the same for every plugin that has the keys.
 */
#include <stdio.h>
#include <string.h>

#include "option.h"
#include "quote.h"
#include "settings_private.h"
#include "template.h"

static bool is_given(const struct config_section *s, const char *key)
{
	const char *text = config_text(s, key);

	return text != NULL && *text != '\0';
}

/* Whether a file holds a certificate in the form that every TLS library reads. */
static bool has_certificate(const char *path)
{
	static const char *const heads[] = {
		"-----BEGIN CERTIFICATE-----",
		"-----BEGIN TRUSTED CERTIFICATE-----",
		"-----BEGIN X509 CERTIFICATE-----",
	};
	bool has_one = false;
	char line[256];
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return true; /* that is told by the plugin */
	while (!has_one && fgets(line, sizeof line, f) != NULL)
		for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
			has_one |= strncmp(line, heads[i], strlen(heads[i])) == 0;
	fclose(f);
	return has_one;
}

static void warn_of_certificates(struct checker *k, const struct config_section *s,
                                 const struct unit *u, const struct plugin *p)
{
	static const char *const keys[] = {"ca_file", "cert_file"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const struct config_value *v = config_value(s, keys[i]);
		const char *path = unit_text(u, p, keys[i]);

		if (option_find(p->group_options, keys[i]) != NULL &&
		    is_given(s, keys[i]) && !has_certificate(path))
			config_warning(k->c, v->file, v->line,
			               "%s: %s holds no certificate (PEM)", keys[i],
			               path);
	}
}

/* A mark before JSON makes plain text of it, which nothing checks. */
static bool is_marked_json(const struct frame_option *o, const char *text)
{
	return o->type == FRAME_OPTION_TEMPLATE && strcmp(o->name, "message") == 0 &&
	       (*text == '"' || *text == '\'') && (text[1] == '{' || text[1] == '[');
}

void settings_warn_of_value(struct checker *k, const struct frame_option *o,
                            const struct config_value *v)
{
	const char *meant = NULL;

	if (quote_is_around(v->text) || is_marked_json(o, v->text))
		config_warning(k->c, v->file, v->line,
		               "%s: quotation marks belong to the value here: leave them "
		               "out",
		               v->key);
	if (o->type == FRAME_OPTION_TEMPLATE)
		meant = template_unclosed(v->text);
	if (meant != NULL)
		config_warning(k->c, v->file, v->line,
		               "%s: a wildcard without its last # is plain text: is %s "
		               "meant?",
		               v->key, meant);
}

void settings_warn(struct checker *k, const struct config_section *s,
                   const struct unit *u, const struct plugin *p)
{
	const struct config_value *batch = config_value(s, "batch");

	if (p->kind == PLUGIN_OUTPUT && batch != NULL &&
	    unit_number(u, p, "batch") > unit_number(u, p, "window"))
		config_warning(k->c, batch->file, batch->line,
		               "batch is larger than window (%lld): it never fills",
		               (long long)unit_number(u, p, "window"));
	warn_of_certificates(k, s, u, p);
}

static bool is_enabled(const struct config_section *s)
{
	const char *enabled = config_text(s, "enabled");

	return enabled != NULL && strcmp(enabled, "yes") == 0;
}

static bool have_same(const struct config_section *a, const struct config_section *b,
                      const char *key)
{
	const char *x = config_text(a, key), *y = config_text(b, key);

	return x == NULL || y == NULL ? x == y : strcmp(x, y) == 0;
}

/* A broker lets one client of a name in, and throws the other out. */
void settings_warn_of_pairs(struct checker *k)
{
	for (const struct config_section *a = k->made.sections; a != NULL; a = a->next) {
		if (!is_given(a, "client_id") || !is_enabled(a))
			continue;
		for (const struct config_section *b = a->next; b != NULL; b = b->next)
			if (is_enabled(b) && strcmp(a->plugin, b->plugin) == 0 &&
			    have_same(a, b, "client_id") && have_same(a, b, "host") &&
			    have_same(a, b, "port"))
				config_warning(k->c, b->file, b->line,
				               "\"%s\" has the client_id and host of "
				               "\"%s\": they would throw each other out",
				               b->name, a->name);
	}
}
