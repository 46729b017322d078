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
	"frames wait for it.  A changed conf.d counts after a restart of the router.\n";

int verb_control(int argc, char **argv)
{
	struct surroundings where;
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	struct buf reply = {0};
	char line[256];
	int code = EXIT_FAILED;

	if (!verb_surroundings(&argc, argv, &where))
		return EXIT_USAGE;
	if (argc != 2 || !config_name_is_valid(argv[1]))
		return verb_usage(verb_control_help, NULL);
	snprintf(line, sizeof line, "%s %s", argv[0], argv[1]);
	statedir_path(path, where.state, "control");
	if (!control_ask(path, line, &reply, &why))
		fprintf(stderr,
		        "frame-router: cannot ask the router: %s (if it does not run: "
		        "frame-router run)\n",
		        why.text);
	else if (strncmp(reply.data, "error\t", 6) == 0)
		fprintf(stderr, "frame-router: %s", reply.data + 6);
	else
		code = EXIT_FINE;
	buf_free(&reply);
	return code;
}
