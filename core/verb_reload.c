/* SPDX-License-Identifier: MIT */
/* frame-router reload; and how the answer of any reload is shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "exits.h"
#include "option.h"
#include "statedir.h"
#include "verb.h"

#define CHECK_MS   120000  /* that the check of a reload has */
#define MARGIN_MS  60000   /* beyond what a stop may take by itself */
#define LONGEST_MS 3700000 /* the longest `timeout` there can be, and a margin */

const char verb_reload_help[] =
	"usage: frame-router reload [--state DIR]\n"
	"\n"
	"Has the running router read conf.d again.  All is checked first: with an error "
	"nothing\n"
	"changes, and the errors are shown.  Then what was changed is restarted, started "
	"or\n"
	"stopped, and nothing else is touched.  What an admin stopped stays stopped, "
	"unless its\n"
	"`enabled` has changed.  Nothing is lost: a restarted output may repeat frames "
	"that "
	"were\n"
	"in flight.  A changed `state` of [router] needs a restart of the router.\n"
	"\n"
	"Says of each input and output what became of it.  Exit code 0, or 1 when "
	"nothing "
	"was\n"
	"changed because of an error.\n";

static int64_t stop_ms(const struct unit *u)
{
	const char *timeout = config_text(u->section, "timeout");
	int64_t ms = 0;

	if (timeout != NULL)
		option_parse_duration(timeout, &ms, NULL);
	return ms;
}

int64_t verb_patience_ms(const struct settings *running, const char *name)
{
	int64_t longest = 0;

	if (running == NULL)
		return LONGEST_MS;
	for (const struct unit *u = running->units; u != NULL; u = u->next)
		if ((name == NULL || strcmp(u->name, name) == 0) && stop_ms(u) > longest)
			longest = stop_ms(u);
	return longest + MARGIN_MS;
}

/* Lines "out", "err" or "exit", a tab, and the rest.  Others are those of a router that
 * could not. */
static int show(char *reply)
{
	int code = EXIT_FAILED;
	char *rest = NULL;

	for (char *line = strtok_r(reply, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (strncmp(line, "out\t", 4) == 0)
			printf("%s\n", line + 4);
		else if (strncmp(line, "err\t", 4) == 0)
			fprintf(stderr, "%s\n", line + 4);
		else if (strncmp(line, "error\t", 6) == 0)
			fprintf(stderr, "frame-router: %s\n", line + 6);
		else if (strncmp(line, "exit\t", 5) == 0)
			code = atoi(line + 5);
	}
	return code;
}

int verb_ask_reload(const char *state, const char *line, const struct settings *running)
{
	/* another one may be on its way */
	int64_t patience = 2 * (CHECK_MS + verb_patience_ms(running, NULL));
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	struct buf reply = {0};
	enum control_answer answer;
	int code;

	statedir_path(path, state, "control");
	answer = control_ask(path, line, patience, &reply, &why);
	code = answer == CONTROL_ANSWERED ? show(reply.data)
	                                  : verb_not_answered(answer, &why);
	buf_free(&reply);
	return code;
}

int verb_reload(int argc, char **argv)
{
	struct settings running = {0};
	struct surroundings where;
	bool is_known;
	int code;

	if (!verb_surroundings(&argc, argv, &where))
		return EXIT_USAGE;
	if (argc != 1)
		return verb_usage(verb_reload_help, argv[1]);
	if (!verb_become_owner(&where))
		return EXIT_FAILED;
	is_known = settings_load(&running, where.state, NULL);
	code = verb_ask_reload(where.state, "reload", is_known ? &running : NULL);
	settings_free(&running);
	return code;
}
