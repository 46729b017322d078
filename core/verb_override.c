/* SPDX-License-Identifier: MIT */
/* frame-router enable|disable|reset NAME: overrides, and what a running router makes of
 * them. */
#include <stdio.h>
#include <string.h>

#include "control.h"
#include "exits.h"
#include "override.h"
#include "statedir.h"
#include "verb.h"

const char verb_override_help[] =
	"usage: frame-router enable|disable|reset NAME [--conf DIR] [--state DIR]\n"
	"\n"
	"enable and disable start or stop one input or output, now and whenever the "
	"router "
	"is\n"
	"started again: they keep `enabled` in STATE/override/NAME.conf, which counts "
	"more "
	"than\n"
	"conf.d.  reset drops what is kept there, so that conf.d counts again.  `status` "
	"and\n"
	"`check` show every override.\n"
	"\n"
	"Without a running router they count from its next start.  `overrides = no` in "
	"[router]\n"
	"forbids them.\n";

struct wish {
	struct surroundings where;
	const char *verb;
	const char *name;
	const char *value; /* of `enabled`; NULL: drop all */
	bool is_running;
	struct settings running; /* all zero unless it is */
};

static void complain_of(const struct reason *why)
{
	fprintf(stderr, "frame-router: %s\n", why->text);
}

/* A running router knows best where its conf.d is.  False, said why: it may run, and
 * cannot be asked. */
static bool find_router(struct wish *w)
{
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	struct buf reply = {0};
	enum control_answer answer;

	statedir_path(path, w->where.state, "control");
	answer = control_ask(path, "status", CONTROL_SOON_MS, &reply, &why);
	buf_free(&reply);
	w->is_running = answer == CONTROL_ANSWERED;
	if (answer == CONTROL_SILENT)
		verb_not_answered(answer, &why);
	if (w->is_running && settings_load(&w->running, w->where.state, NULL))
		snprintf(w->where.conf, sizeof w->where.conf, "%s", w->running.conf);
	return answer != CONTROL_SILENT;
}

static bool is_allowed(const struct config *c, const struct wish *w, struct reason *why)
{
	const char *overrides = config_text(config_router(c), "overrides");

	if (overrides != NULL && strcmp(overrides, "no") == 0)
		return fail(why,
		            "cannot %s %s: overrides = no in [router] (write enabled = "
		            "%s into %s)",
		            w->verb, w->name, w->value, w->where.conf);
	return config_find(c, w->name) != NULL ||
	       fail(why, "there is no input or output %s in %s%s", w->name, w->where.conf,
	            c->errors == 0 ? ""
	                           : ", which has errors: frame-router check shows them");
}

static bool may(const struct wish *w, struct reason *why)
{
	struct buf effective = {0};
	struct config c = {0};
	bool is_fine;

	settings_check(&c, &w->where, NULL, false, &effective);
	is_fine = is_allowed(&c, w, why);
	config_free(&c);
	buf_free(&effective);
	return is_fine;
}

static bool is_in_force(const struct settings *s, const struct wish *w)
{
	const struct unit *u = settings_unit(s, w->name);
	const struct config_value *v;

	/* one whose plugin is not there is left out when it is disabled */
	if (u == NULL)
		return strcmp(w->value, "no") == 0;
	for (v = config_value(u->section, ".override"); v != NULL; v = config_next(v))
		if (strcmp(v->text, "enabled") == 0)
			return true;
	return false;
}

/* Without a router: what it will find when it starts. */
static int look_ahead(const struct wish *w)
{
	struct settings settings = {0};
	struct buf effective = {0}, report = {0};
	struct config c = {0};
	struct reason why = {""};
	int code = EXIT_FINE;

	settings_check(&c, &w->where, NULL, false, &effective);
	if (settings_read(&settings, buf_string(&effective), effective.len, &why) &&
	    is_in_force(&settings, w)) {
		printf("%s: %sd from the next start of the router on\n", w->name,
		       w->verb);
		if (c.errors > 0)
			fprintf(stderr,
			        "frame-router: %s has errors: frame-router check "
			        "shows them\n",
			        w->where.conf);
	} else {
		config_report(&c, &report);
		fprintf(stderr, "%sframe-router: cannot %s %s\n", buf_string(&report),
		        w->verb, w->name);
		code = EXIT_FAILED;
	}
	settings_free(&settings);
	config_free(&c);
	buf_free(&report);
	buf_free(&effective);
	return code;
}

static int apply(const struct wish *w)
{
	char line[CONFIG_NAME_MAX + 32];

	if (!w->is_running)
		return look_ahead(w);
	snprintf(line, sizeof line, "%s %s", w->verb, w->name);
	return verb_ask_reload(w->where.state, line, &w->running);
}

static bool read_before(struct config *out, const struct wish *w, struct reason *why)
{
	return override_read(out, w->where.state, w->name, why) ||
	       fail_context(
		       why,
		       "the override of %s is damaged (frame-router reset %s drops it)",
		       w->name, w->name);
}

/* What cannot be is not kept either. */
static int set(const struct wish *w)
{
	struct reason why = {""};
	struct config before = {0};
	int code = EXIT_FAILED;

	if (may(w, &why) && read_before(&before, w, &why) &&
	    override_set(w->where.state, w->name, "enabled", w->value, &why)) {
		code = apply(w);
		if (code != EXIT_FINE &&
		    !override_set(w->where.state, w->name, "enabled",
		                  config_text(before.sections, "enabled"), &why))
			complain_of(&why);
	} else {
		complain_of(&why);
	}
	config_free(&before);
	return code;
}

static int reset(const struct wish *w)
{
	struct reason why = {""};
	bool was_any;

	if (!override_reset(w->where.state, w->name, &was_any, &why)) {
		complain_of(&why);
		return EXIT_FAILED;
	}
	if (!was_any || settings_unit(&w->running, w->name) == NULL) {
		printf("%s: %s\n", w->name,
		       was_any ? "what conf.d says counts" : "there is no override");
		return EXIT_FINE;
	}
	return apply(w);
}

int verb_override(int argc, char **argv)
{
	struct wish w = {.verb = argv[0]};
	int code;

	if (!verb_surroundings(&argc, argv, &w.where))
		return EXIT_USAGE;
	if (argc != 2 || !config_name_is_valid(argv[1]))
		return verb_usage(verb_override_help, NULL);
	if (!verb_become_owner(&w.where))
		return EXIT_FAILED;
	w.name = argv[1];
	if (strcmp(w.verb, "reset") != 0)
		w.value = strcmp(w.verb, "enable") == 0 ? "yes" : "no";
	if (!find_router(&w))
		return EXIT_FAILED;
	code = w.value == NULL ? reset(&w) : set(&w);
	settings_free(&w.running);
	return code;
}
