/* SPDX-License-Identifier: MIT */
/* Whether the service will be able to do with files what conf.d asks of it. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "option.h"
#include "sandbox.h"
#include "settings_private.h"

enum use { USE_NONE, USE_READ, USE_WRITE };

static enum use use_of(const struct plugin *p, const char *key)
{
	const struct frame_option *o = plugin_option(p, key);

	if (plugin_secret_of(p, key) != NULL)
		return USE_READ;
	if (o == NULL)
		return USE_NONE;
	if ((o->flags & FRAME_OPTION_IS_PATH) != 0)
		return USE_WRITE;
	return o->type == FRAME_OPTION_PATH ? USE_READ : USE_NONE;
}

/*
 * What is certain of a path with wildcards: some file, `*`, in the folder before the
 * first of them.  `%%` is a per cent sign.
 */
static void fixed_path(char path[PATH_MAX], const char *pattern)
{
	size_t at = 0;

	for (; *pattern != '\0' && at + 2 < PATH_MAX; pattern++) {
		bool is_percent = pattern[0] == '%' && pattern[1] == '%';

		if (*pattern == '#' || (*pattern == '%' && !is_percent)) {
			while (at > 0 && path[at - 1] != '/')
				at--;
			path[at++] = '*';
			break;
		}
		path[at++] = *pattern;
		pattern += is_percent;
	}
	path[at] = '\0';
}

static bool lies_in_state(const struct checker *k, const char *path)
{
	size_t len = strlen(k->where.state);

	return strncmp(path, k->where.state, len) == 0 && path[len] == '/';
}

static void check_path(struct checker *k, const struct sandbox *s,
                       const struct config_value *v, enum use use)
{
	struct reason why = {""};
	char path[PATH_MAX];
	bool is_fine = true;

	fixed_path(path, v->text);
	if (path[0] != '/' || lies_in_state(k, path))
		return;
	if (use == USE_WRITE)
		is_fine = sandbox_may_write(s, path, k->is_final, &why);
	else if (access(v->text, F_OK) == 0) /* what is not there, others tell */
		is_fine = sandbox_may_read(s, v->text, k->is_final, &why);
	if (!is_fine)
		config_warning(k->c, v->file, v->line, "%s: %s", v->key, why.text);
}

/* The port at the end of ADDRESS:PORT, 0: there is none. */
static unsigned port_of(const char *address)
{
	const char *colon = strrchr(address, ':');
	unsigned port = 0;

	for (colon = colon == NULL ? "" : colon + 1; *colon != '\0'; colon++) {
		if (*colon < '0' || *colon > '9' || port > 65535)
			return 0;
		port = port * 10 + (unsigned)(*colon - '0');
	}
	return port;
}

/* An address of an input: the folder of a socket, or a port. */
static void check_listen(struct checker *k, const struct sandbox *s,
                         const struct config_value *v)
{
	const char *slash = strrchr(v->text, '/');
	struct config_value folder = *v;
	struct reason why = {""};
	char path[PATH_MAX];

	if (strncmp(v->text, "unix:/", 6) == 0) {
		/* a socket that is there is made anew */
		snprintf(path, sizeof path, "%.*s/*", (int)(slash - v->text) - 5,
		         v->text + 5);
		folder.text = path;
		check_path(k, s, &folder, USE_WRITE);
	} else if (!sandbox_may_bind(s, port_of(v->text), &why)) {
		config_warning(k->c, v->file, v->line, "%s: %s", v->key, why.text);
	}
}

static void check_section(struct checker *k, const struct sandbox *s,
                          const struct config_section *section)
{
	const struct known *known = settings_known(k, section->plugin);
	const char *enabled = config_text(section, "enabled");

	if (known == NULL || !known->is_loaded || enabled == NULL ||
	    strcmp(enabled, "yes") != 0)
		return;
	for (const struct config_value *v = section->values; v != NULL; v = v->next) {
		enum use use = use_of(&known->plugin, v->key);

		if (use != USE_NONE && v->text[0] != '\0')
			check_path(k, s, v, use);
		else if (known->plugin.kind == PLUGIN_INPUT &&
		         strcmp(v->key, "listen") == 0)
			check_listen(k, s, v);
	}
}

static void check_router(struct checker *k, const struct sandbox *s,
                         const struct config_section *section)
{
	const struct config_value *given = config_value(config_router(k->c), "state");
	const struct config_value *v = config_value(section, "sensors");
	struct reason why = {""};

	for (; v != NULL; v = config_next(v))
		check_path(k, s, v, USE_READ);
	/* its own is made for the service, by its unit */
	if (given != NULL && !k->where.is_state_given &&
	    strcmp(k->where.state, FRAME_ROUTER_STATEDIR) != 0 &&
	    !sandbox_may_write(s, k->where.state, k->is_final, &why))
		config_warning(k->c, given->file, given->line, "state: %s", why.text);
}

/* Root reads every file of conf.d, the service may not. */
static void check_files(struct checker *k, const struct sandbox *s)
{
	size_t len = strlen(k->where.conf);
	struct reason why = {""};

	for (const struct config_file *f = k->c->files; f != NULL; f = f->next)
		if (strncmp(f->name, k->where.conf, len) == 0 && f->name[len] == '/' &&
		    !sandbox_may_read(s, f->name, k->is_final, &why))
			config_warning(k->c, f->name, 0, "%s", why.text);
}

void settings_check_service(struct checker *k)
{
	struct sandbox s = {.has_unit = false};

	/* a build tree, or another conf.d, is for whoever runs it */
	if (!k->is_final && !k->where.is_build_tree &&
	    strcmp(k->where.conf, FRAME_ROUTER_CONFDIR) == 0)
		sandbox_find(&s, FRAME_ROUTER_UNITDIR);
	check_files(k, &s);
	for (const struct config_section *at = k->made.sections; at != NULL;
	     at = at->next)
		if (at->name[0] == '\0')
			check_router(k, &s, at);
		else
			check_section(k, &s, at);
	sandbox_free(&s);
}
