/* SPDX-License-Identifier: MIT */
/* frame-router plugins [NAME [--example [INSTANCE [key=value...]]]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "option.h"
#include "verb.h"
#include "verb_plugins.h"

const char verb_plugins_help[] =
	"usage: frame-router plugins [NAME [--example [INSTANCE [key=value...]]]] "
	"[--conf DIR]\n"
	"\n"
	"Lists the plugins that are installed, and why one of them cannot be loaded.\n"
	"\n"
	"  NAME         the options of one plugin: key, type, default, values\n"
	"  --example    a file for conf.d: a section of the name INSTANCE with every "
	"option as\n"
	"               a comment, but those that are given, which are set\n"
	"\n"
	"Plugins are looked for in FRAME_ROUTER_PLUGINS (folders, parted by colons), in\n"
	"plugin_dir of [router], and where they were installed.\n"
	"\n"
	"Exit code 0, 1 when NAME cannot be loaded or a key or value is wrong, 2 for "
	"wrong\n"
	"usage.\n";

static void show_one(void *context, const char *name, const char *path)
{
	struct plugin p;
	struct reason why;
	FILE *out = context;

	if (plugin_load_guarded(&p, path, &why))
		fprintf(out, "%-16s %-6s  %-7s %s\n%-16s %s\n", p.name,
		        p.kind == PLUGIN_OUTPUT ? "output" : "input", p.version,
		        p.description, "", path);
	else
		fprintf(out, "%-16s cannot be loaded: %s\n", name, why.text);
}

static bool load(struct plugin *p, const char *name, const char *const *dirs,
                 struct reason *why)
{
	char path[PLUGIN_PATH_MAX];

	if (plugin_find(path, name, dirs))
		return plugin_load_guarded(p, path, why);
	return fail(why,
	            "there is no plugin %s (frame-router plugins shows what there is)",
	            name);
}

static void show_plugin(const struct plugin *p, FILE *out)
{
	struct buf text = {0};

	verb_plugin_table(p, &text);
	fprintf(out, "%s %s, an %s: %s\n%s\n\n%s", p->name, p->version,
	        p->kind == PLUGIN_OUTPUT ? "output" : "input", p->description, p->path,
	        buf_string(&text));
	buf_free(&text);
}

/* An example that would be refused is none. */
static bool check_given(const struct plugin *p, char **given, struct reason *why)
{
	for (; *given != NULL; given++) {
		size_t len = strcspn(*given, "=");
		char key[OPTION_FILE_KEY_SIZE];
		const struct frame_option *o;

		if ((*given)[len] != '=' || len >= sizeof key)
			return fail(why, "%.60s is not key=value", *given);
		memcpy(key, *given, len);
		key[len] = '\0';
		o = plugin_option(p, key);
		if (o == NULL)
			return fail(why, "%s has no option %s", p->name, key);
		if (!option_check(o, *given + len + 1, why))
			return fail_context(why, "%s", key);
	}
	return true;
}

static bool show_example(const struct plugin *p, char **words, FILE *out,
                         struct reason *why)
{
	const char *name = *words == NULL ? p->name : *words++;
	struct buf text = {0};

	if (!config_name_is_valid(name))
		return fail(why, "\"%.60s\" cannot be the name of a section", name);
	if (!check_given(p, words, why))
		return false;
	verb_plugin_example(p, name, words, &text);
	fputs(buf_string(&text), out);
	buf_free(&text);
	return true;
}

/* `words` are those behind the verb, ending with NULL. */
static int run(char **words, const char *const *dirs, FILE *out)
{
	struct reason why = {""};
	struct plugin p;
	bool is_fine;

	if (words[0] == NULL) {
		plugin_list(dirs, show_one, out);
		return EXIT_FINE;
	}
	if (words[0][0] == '-' ||
	    (words[1] != NULL && strcmp(words[1], "--example") != 0))
		return verb_usage(verb_plugins_help);
	is_fine = load(&p, words[0], dirs, &why);
	if (is_fine && words[1] == NULL)
		show_plugin(&p, out);
	else if (is_fine)
		is_fine = show_example(&p, words + 2, out, &why);
	if (is_fine)
		return EXIT_FINE;
	fprintf(stderr, "frame-router: %s\n", why.text);
	return EXIT_FAILED;
}

int verb_plugins(int argc, char **argv)
{
	const char *dirs[SURROUNDINGS_PLUGINS_MAX + 1];
	struct surroundings where;
	FILE *out;
	int code;

	if (!verb_surroundings(&argc, argv, &where))
		return EXIT_USAGE;
	surroundings_dirs(&where, dirs);
	out = verb_keep_stdout();
	if (out == NULL)
		return EXIT_FAILED;
	code = run(argv + 1, dirs, out);
	if (fclose(out) != 0 && code == EXIT_FINE)
		code = EXIT_FAILED;
	return code;
}
