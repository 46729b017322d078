/* SPDX-License-Identifier: MIT */
/*
 * frame-router input NAME, output NAME, housekeeping, prepare: the processes that the
 * supervisor starts.  They may be run by hand as well, under a debugger.
 */
#include <stdio.h>
#include <string.h>

#include "account.h"
#include "clock.h"
#include "deliver.h"
#include "exits.h"
#include "housekeep.h"
#include "log.h"
#include "process.h"
#include "receive.h"
#include "secret.h"
#include "statedir.h"
#include "store_prepare.h"
#include "verb.h"

const char verb_unit_help[] =
	"usage: frame-router input|output NAME [--state DIR]\n"
	"\n"
	"Runs one input or output as `run` does, for a look under a debugger: stop it "
	"first by\n"
	"`frame-router stop NAME`.  Reads STATE/effective, which `run` writes.\n";

const char verb_internal_help[] =
	"usage: frame-router housekeeping|prepare [--state DIR]\n"
	"\n"
	"The processes in which `run` purges and checks the store.\n";

static bool load(struct surroundings *where, struct settings *settings, const char *name)
{
	struct reason why = {""};

	log_init(name, LOG_LEVEL_INFO);
	secret_guard();
	if (!account_become_owner(where->state, &why) ||
	    !settings_load(settings, where->state, &why)) {
		log_error("%s", why.text);
		return false;
	}
	settings_log(settings, name);
	return true;
}

int verb_unit(int argc, char **argv)
{
	enum plugin_kind kind =
		strcmp(argv[0], "input") == 0 ? PLUGIN_INPUT : PLUGIN_OUTPUT;
	struct settings settings = {0};
	struct surroundings where;
	struct unit *u;
	int code = EXIT_CONFIG;

	if (!verb_places(&argc, argv, &where))
		return EXIT_USAGE;
	if (argc != 2)
		return verb_usage(verb_unit_help, NULL);
	if (!load(&where, &settings, argv[1]))
		return EXIT_CONFIG;
	u = settings_unit(&settings, argv[1]);
	if (u == NULL || u->kind != kind)
		log_error("there is no %s of that name in the configuration", argv[0]);
	else if (kind == PLUGIN_OUTPUT)
		code = deliver_run(&settings, u, where.state);
	else
		code = receive_run(&settings, u, where.state);
	settings_free(&settings);
	return code;
}

int verb_housekeeping(int argc, char **argv)
{
	struct settings settings = {0};
	struct surroundings where;
	int code;

	if (!verb_places(&argc, argv, &where))
		return EXIT_USAGE;
	if (!load(&where, &settings, "housekeeping"))
		return EXIT_CONFIG;
	code = housekeep_run(&settings, where.state);
	settings_free(&settings);
	return code;
}

int verb_prepare(int argc, char **argv)
{
	struct settings settings = {0};
	enum prepare_result result;
	struct surroundings where;
	struct reason why = {""};
	bool is_alone;
	int users;

	if (!verb_places(&argc, argv, &where))
		return EXIT_USAGE;
	if (argc != 1)
		return verb_usage(verb_internal_help, NULL);
	process_end_with_parent();
	if (!verb_become_owner(&where))
		return EXIT_DENIED;
	if (settings_load(&settings, where.state, NULL))
		settings_log(&settings, "frame-router");
	settings_free(&settings);
	if (!statedir_use(&users, where.state, &is_alone, &why)) {
		log_error("%s", why.text);
		return EXIT_STORAGE;
	}
	/* whoever works with it has prepared it */
	result = is_alone ? store_prepare(where.state, &why) : PREPARE_FINE;
	if (result != PREPARE_FINE)
		log_error("%s", why.text);
	return result == PREPARE_FINE    ? EXIT_FINE
	       : result == PREPARE_NEWER ? EXIT_CONFIG
	                                 : EXIT_STORAGE;
}
