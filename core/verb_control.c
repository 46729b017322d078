/* SPDX-License-Identifier: MIT */
/* frame-router start|stop|restart NAME: asks the supervisor. */
#include <stdio.h>
#include <string.h>

#include "control.h"
#include "exits.h"
#include "statedir.h"
#include "verb.h"

const char verb_control_help[] =
	"usage: frame-router start|stop|restart NAME [--state DIR]\n"
	"\n"
	"Starts, stops or restarts one input or output of the running router, now, and "
	"returns\n"
	"when that has come about.  Nothing is lost: a stopped output keeps its place, "
	"and\n"
	"frames wait for it.  A changed conf.d counts after frame-router reload.  enable "
	"and\n"
	"disable last over a restart of the router.\n";

static int ask(const struct surroundings *where, const char *verb, const char *name,
               const struct settings *running)
{
	char path[STATE_PATH_MAX], line[256];
	struct reason why = {""};
	struct buf reply = {0};
	enum control_answer answer;
	int code = EXIT_FAILED;

	snprintf(line, sizeof line, "%s %s", verb, name);
	statedir_path(path, where->state, "control");
	answer = control_ask(path, line, verb_patience_ms(running, name), &reply, &why);
	if (answer != CONTROL_ANSWERED)
		code = verb_not_answered(answer, &why);
	else if (strncmp(reply.data, "error\t", 6) == 0)
		fprintf(stderr, "frame-router: %s", reply.data + 6);
	else
		code = EXIT_FINE;
	buf_free(&reply);
	return code;
}

int verb_control(int argc, char **argv)
{
	struct settings running = {0};
	struct surroundings where;
	bool is_known;
	int code;

	if (!verb_surroundings(&argc, argv, &where))
		return EXIT_USAGE;
	if (argc != 2 || !config_name_is_valid(argv[1]))
		return verb_usage(verb_control_help, NULL);
	if (!verb_become_owner(&where))
		return EXIT_FAILED;
	is_known = settings_load(&running, where.state, NULL);
	code = ask(&where, argv[0], argv[1], is_known ? &running : NULL);
	if (code == EXIT_FINE && is_known && strcmp(argv[0], "stop") != 0 &&
	    settings_is_stale(&running))
		fprintf(stderr, "frame-router: conf.d has changed since: frame-router "
		                "reload applies it\n");
	settings_free(&running);
	return code;
}
