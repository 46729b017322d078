/* SPDX-License-Identifier: MIT */
/* frame-router check [--effective] [FILE...] */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "option.h"
#include "process.h"
#include "verb.h"

const char verb_check_help[] =
	"usage: frame-router check [--effective] [FILE...] [--conf DIR] [--state DIR]\n"
	"\n"
	"Reads conf.d and the overrides of it, loads the plugins that it names, and "
	"reports\n"
	"every unknown key, wrong value, bad template and unsafe secret, with file and "
	"line.\n"
	"Changes nothing, connects nowhere.\n"
	"\n"
	"  FILE         checked as if these files alone, in this order, were conf.d, and "
	"without\n"
	"               overrides: a new file before it is put there.  A whole folder: "
	"--conf DIR\n"
	"  --effective  print every value in force instead, as the processes get it; "
	"secrets\n"
	"               are hidden on a terminal\n"
	"\n"
	"Exit code 0 without an error, 1 with one (with --effective 78), 2 for wrong "
	"usage.\n";

/* What was asked for. */
struct asked {
	const char *const *files; /* ends with NULL */
	const char *only;         /* NULL: all of conf.d */
	bool is_effective;
};

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
	bool is_whole;

	if (is_terminal)
		hide_secrets(s);
	for (struct config_section *at = s->config.sections; is_terminal && at != NULL;
	     at = at->next) {
		config_write_section(&shown, at);
		buf_char(&shown, '\n');
	}
	/* half of a configuration must not pass for one */
	is_whole = fputs(buf_string(is_terminal ? &shown : effective), out) >= 0 &&
	           fflush(out) == 0;
	buf_free(&shown);
	/* what is no file cannot be synced and need not be */
	if (is_whole && (fsync(fileno(out)) == 0 || errno == EINVAL || errno == EROFS ||
	                 errno == ENOTSUP))
		return EXIT_FINE;
	fprintf(stderr, "frame-router: cannot write the configuration: %s\n",
	        strerror(errno));
	return EXIT_CONFIG;
}

/*
 * The configuration that the router runs with, with one section as it is now in conf.d:
 * what else was changed there has to wait for its own reload.
 */
static bool replace_one(const struct settings *checked, const struct surroundings *where,
                        const char *name, struct buf *out, struct reason *why)
{
	const struct unit *fresh = settings_unit(checked, name);
	struct settings running = {0};
	bool is_fine = settings_load(&running, where->state, why);

	buf_clear(out);
	for (const struct config_section *s = running.config.sections;
	     is_fine && s != NULL; s = s->next) {
		bool is_it = s->name[0] != '\0' && strcmp(s->name, name) == 0;

		if (!is_it)
			config_write_section(out, s);
		else if (fresh != NULL)
			config_write_section(out, fresh->section);
		buf_char(out, '\n');
	}
	if (is_fine && fresh != NULL && settings_unit(&running, name) == NULL)
		config_write_section(out, fresh->section);
	settings_free(&running);
	return is_fine && (!out->failed || fail(why, "out of memory"));
}

/* Errors elsewhere in conf.d are no matter of this one. */
static bool check_one(const struct config *c, const struct settings *checked,
                      const struct surroundings *where, const char *name,
                      struct buf *effective)
{
	const struct config_section *s = config_find(c, name);
	struct reason why = {""};

	if (s == NULL)
		fail(&why, "there is no input or output %s in %s", name, where->conf);
	else if (s->is_broken)
		return false; /* that has been reported */
	else if (replace_one(checked, where, name, effective, &why))
		return true;
	fprintf(stderr, "frame-router: %s\n", why.text);
	return false;
}

static void show_overrides(FILE *out, const struct config_section *s)
{
	const char *before = "  override: ";

	for (const struct config_value *v = config_value(s, ".override"); v != NULL;
	     v = config_next(v)) {
		fprintf(out, "%s%s", before, v->text);
		before = ", ";
	}
}

static void show_count(FILE *out, unsigned count, const char *what, const char *end)
{
	fprintf(out, "%u %s%s%s", count, what, count == 1 ? "" : "s", end);
}

/* "enabled", or what is no word for it. */
static const char *state_of(const struct unit *u, const struct config *c)
{
	const char *given = config_text(config_find(c, u->name), "enabled");
	bool is_enabled;

	if (u->is_enabled)
		return "enabled";
	return given == NULL || option_parse_yes_no(given, &is_enabled, NULL) ? "disabled"
	                                                                      : "?";
}

static int show_summary(FILE *out, const struct settings *s, const struct config *c)
{
	for (const struct unit *u = s->units; u != NULL; u = u->next) {
		fprintf(out, "%-6s %-20s %-16s %s",
		        u->kind == PLUGIN_OUTPUT ? "output" : "input", u->name, u->plugin,
		        state_of(u, c));
		show_overrides(out, u->section);
		fputc('\n', out);
	}
	show_count(out, c->errors, "error", ", ");
	show_count(out, c->warnings, "warning", "\n");
	return c->errors == 0 ? EXIT_FINE : EXIT_FAILED;
}

static int check(const struct surroundings *where, const struct asked *asked, FILE *out)
{
	struct settings settings = {0};
	struct buf effective = {0};
	struct buf report = {0};
	struct config c = {0};
	struct reason why;
	bool is_fine =
		settings_check(&c, where, asked->files, asked->is_effective, &effective);
	int code = EXIT_CONFIG;
	bool is_read;

	config_report(&c, &report);
	fputs(buf_string(&report), stderr);
	/* what could not be understood is not among the units */
	is_read = settings_read(&settings, buf_string(&effective), effective.len, &why);
	if (!is_read)
		settings_free(&settings); /* half of them would be a wrong summary */
	if (!is_read && is_fine) {
		fprintf(stderr, "frame-router: %s\n", why.text);
		is_fine = false;
	}
	if (asked->only != NULL && is_read)
		is_fine = check_one(&c, &settings, where, asked->only, &effective);
	if (!asked->is_effective)
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
	struct asked asked = {0};
	int files = 1;
	FILE *out;
	int code;

	if (!verb_surroundings(&argc, argv, &where))
		return EXIT_USAGE;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--effective") == 0)
			asked.is_effective = true;
		else if (strcmp(argv[i], "--only") == 0 && argv[i + 1] != NULL)
			asked.only = argv[++i]; /* a reload asks so */
		else if (argv[i][0] == '-')
			return verb_usage(verb_check_help, NULL);
		else
			argv[files++] = argv[i];
	}
	argv[files] = NULL;
	asked.files = (const char *const *)argv + 1;
	process_end_with_parent();
	out = verb_keep_stdout();
	if (out == NULL)
		return EXIT_FAILED;
	code = check(&where, &asked, out);
	if (fclose(out) != 0 && code == EXIT_FINE)
		code = EXIT_FAILED;
	return code;
}
