/* SPDX-License-Identifier: MIT */
/* frame-router check [--effective] [FILE...] */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "verb.h"

const char verb_check_help[] =
	"usage: frame-router check [--effective] [FILE...] [--conf DIR] [--state DIR]\n"
	"\n"
	"Reads conf.d, or the files instead, loads the plugins that they name, and "
	"reports\n"
	"every unknown key, wrong value, bad template and unsafe secret, with file and "
	"line.\n"
	"Changes nothing, connects nowhere.\n"
	"\n"
	"  --effective  print every value in force instead, as the processes get it; "
	"secrets\n"
	"               are hidden on a terminal\n"
	"\n"
	"Exit code 0 without an error, 1 with one (with --effective 78), 2 for wrong "
	"usage.\n";

static void hide_secrets(struct settings *s)
{
	for (struct config_section *at = s->config.sections; at != NULL; at = at->next) {
		const struct config_value *secret = config_value(at, ".secret");

		for (; secret != NULL; secret = config_next(secret))
			for (struct config_value *v = at->values; v != NULL; v = v->next)
				if (strcmp(v->key, secret->text) == 0)
					config_set_text(&s->config, v, "(hidden)");
	}
}

static int show_effective(FILE *out, struct settings *s, const struct buf *effective)
{
	struct buf shown = {0};
	bool is_terminal = isatty(fileno(out)) == 1;

	if (is_terminal)
		hide_secrets(s);
	for (struct config_section *at = s->config.sections; is_terminal && at != NULL;
	     at = at->next) {
		config_write_section(&shown, at);
		buf_char(&shown, '\n');
	}
	fputs(buf_string(is_terminal ? &shown : effective), out);
	buf_free(&shown);
	if (fflush(out) == 0)
		return EXIT_FINE;
	fprintf(stderr, "frame-router: cannot write the configuration: %s\n",
	        strerror(errno));
	return EXIT_CONFIG;
}

static void show_count(FILE *out, unsigned count, const char *what, const char *end)
{
	fprintf(out, "%u %s%s%s", count, what, count == 1 ? "" : "s", end);
}

static int show_summary(FILE *out, const struct settings *s, const struct config *c)
{
	for (const struct unit *u = s->units; u != NULL; u = u->next)
		fprintf(out, "%-6s %-20s %-16s %s\n",
		        u->kind == PLUGIN_OUTPUT ? "output" : "input", u->name, u->plugin,
		        u->is_enabled ? "enabled" : "disabled");
	show_count(out, c->errors, "error", ", ");
	show_count(out, c->warnings, "warning", "\n");
	return c->errors == 0 ? EXIT_FINE : EXIT_FAILED;
}

static int check(const struct surroundings *where, const char *const *files,
                 bool is_effective, FILE *out)
{
	struct settings settings = {0};
	struct buf effective = {0};
	struct buf report = {0};
	struct config c = {0};
	struct reason why;
	bool is_fine = settings_check(&c, where, files, is_effective, &effective);
	int code = EXIT_CONFIG;

	config_report(&c, &report);
	fputs(buf_string(&report), stderr);
	/* what could not be understood is not among the units */
	if (!settings_read(&settings, buf_string(&effective), effective.len, &why) &&
	    is_fine) {
		fprintf(stderr, "frame-router: %s\n", why.text);
		is_fine = false;
	}
	if (!is_effective)
		code = show_summary(out, &settings, &c);
	else if (is_fine)
		code = show_effective(out, &settings, &effective);
	settings_free(&settings);
	config_free(&c);
	buf_free(&report);
	if (effective.data != NULL)
		explicit_bzero(effective.data, effective.size);
	buf_free(&effective);
	return code;
}

int verb_check(int argc, char **argv)
{
	struct surroundings where;
	bool is_effective = false;
	int files = 1;
	FILE *out;
	int code;

	if (!verb_surroundings(&argc, argv, &where))
		return EXIT_USAGE;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--effective") == 0)
			is_effective = true;
		else if (argv[i][0] == '-')
			return verb_usage(verb_check_help);
		else
			argv[files++] = argv[i];
	}
	argv[files] = NULL;
	out = verb_keep_stdout();
	if (out == NULL)
		return EXIT_FAILED;
	code = check(&where, (const char *const *)argv + 1, is_effective, out);
	if (fclose(out) != 0 && code == EXIT_FINE)
		code = EXIT_FAILED;
	return code;
}
