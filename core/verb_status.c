/* SPDX-License-Identifier: MIT */
/* frame-router status [NAME] [--json] */
#include <stdio.h>
#include <string.h>

#include "exits.h"
#include "status.h"
#include "verb.h"

const char verb_status_help[] =
	"usage: frame-router status [NAME] [--json] [--state DIR]\n"
	"\n"
	"Shows what runs, how far behind each output is, its oldest waiting frame, and "
	"what\n"
	"went wrong last.  Works from disk when the router does not run.\n"
	"\n"
	"  NAME         only this input or output: in detail, or of --json its part\n"
	"  --json       one line of JSON\n"
	"\n"
	"Exit code 0 when the router (or NAME) runs, 1 when it does not.\n";

static const struct status_unit *find(const struct status *s, const char *name)
{
	for (const struct status_unit *u = s->units; u != NULL; u = u->next)
		if (strcmp(u->name, name) == 0)
			return u;
	return NULL;
}

static int show(const struct status *s, const char *name, bool is_json)
{
	const struct status_unit *u = name == NULL ? NULL : find(s, name);
	struct buf out = {0};

	if (name != NULL && u == NULL) {
		fprintf(stderr, "frame-router: there is no input or output %s\n", name);
		return EXIT_FAILED;
	}
	if (is_json)
		status_json(s, u, &out);
	else if (u != NULL)
		status_unit_text(u, &out);
	else
		status_text(s, &out);
	fputs(buf_string(&out), stdout);
	buf_free(&out);
	return (u == NULL ? s->is_running : u->is_running) ? EXIT_FINE : EXIT_FAILED;
}

int verb_status(int argc, char **argv)
{
	struct surroundings where;
	struct reason why = {""}, silence = {""};
	const char *name = NULL;
	bool is_json = false;
	struct settings settings = {0};
	struct status status;
	bool has_settings;
	int code;

	if (!verb_surroundings(&argc, argv, &where))
		return EXIT_USAGE;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			is_json = true;
		else if (argv[i][0] == '-' || name != NULL)
			return verb_usage(verb_status_help, argv[i]);
		else
			name = argv[i];
	}
	has_settings = verb_settings(&settings, &where, &why);
	status_read(&status, where.state, has_settings ? &settings : NULL, &silence);
	if (!has_settings && status.answer == CONTROL_NOBODY)
		fprintf(stderr, "frame-router: %s\n", why.text);
	code = status.answer == CONTROL_SILENT
	               ? verb_not_answered(status.answer, &silence)
	               : show(&status, name, is_json);
	settings_free(&settings);
	status_free(&status);
	return code;
}
