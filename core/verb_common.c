/* SPDX-License-Identifier: MIT */
/* What verbs have in common: where things are, how to say what went wrong, the settings.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "exits.h"
#include "verb.h"

/* Takes `--NAME VALUE` or `--NAME=VALUE` at argv[at] out of the words.  False: it is
 * another. */
static bool take_option(int *argc, char **argv, int at, const char *name,
                        const char **value)
{
	size_t len = strlen(name);
	int words = 1;

	if (strncmp(argv[at], name, len) != 0)
		return false;
	if (argv[at][len] == '=') {
		*value = argv[at] + len + 1;
	} else if (argv[at][len] == '\0') {
		*value = argv[at + 1]; /* NULL at the end */
		words = *value == NULL ? 1 : 2;
	} else {
		return false;
	}
	if (*value == NULL)
		*value = "";
	*argc -= words;
	memmove(argv + at, argv + at + words, (size_t)(*argc - at + 1) * sizeof *argv);
	return true;
}

bool verb_places(int *argc, char **argv, struct surroundings *out)
{
	struct reason why = {""};
	const char *conf = NULL;
	const char *state = NULL;
	int at = 1;

	while (at < *argc && strcmp(argv[at], "--") != 0)
		if (!take_option(argc, argv, at, "--conf", &conf) &&
		    !take_option(argc, argv, at, "--state", &state))
			at++;
	if ((conf != NULL && *conf == '\0') || (state != NULL && *state == '\0'))
		fail(&why, "%s needs a folder",
		     conf != NULL && *conf == '\0' ? "--conf" : "--state");
	else if (surroundings_find(out, conf, state, &why))
		return true;
	fprintf(stderr, "frame-router: %s\n", why.text);
	return false;
}

bool verb_surroundings(int *argc, char **argv, struct surroundings *out)
{
	if (!verb_places(argc, argv, out))
		return false;
	settings_look(out);
	return true;
}

int verb_usage(const char *help, const char *word)
{
	const char *end = strstr(help, "\n\n");

	if (word != NULL)
		fprintf(stderr, "frame-router: \"%s\" is not understood\n", word);
	fprintf(stderr, "%.*s\n",
	        (int)(end == NULL ? strlen(help) : (size_t)(end - help)), help);
	return EXIT_USAGE;
}

int verb_not_answered(enum control_answer answer, const struct reason *why)
{
	if (answer == CONTROL_NOBODY)
		fprintf(stderr,
		        "frame-router: the router does not run: %s (frame-router run "
		        "starts it)\n",
		        why->text);
	else
		fprintf(stderr, "frame-router: cannot ask the router: %s\n", why->text);
	return EXIT_FAILED;
}

FILE *verb_keep_stdout(void)
{
	int fd = dup(STDOUT_FILENO);
	FILE *out = NULL;

	if (fd >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0)
		out = fdopen(fd, "w");
	if (out == NULL)
		fprintf(stderr, "frame-router: no standard output: %s\n",
		        strerror(errno));
	return out;
}

bool verb_become_owner(const struct surroundings *where)
{
	struct reason why = {""};

	if (account_become_owner(where->state, &why))
		return true;
	fprintf(stderr, "frame-router: %s\n", why.text);
	return false;
}

bool verb_settings(struct settings *out, const struct surroundings *where,
                   struct reason *why)
{
	char path[SURROUNDINGS_PATH_MAX + 16];
	struct buf effective = {0};
	struct config c = {0};
	bool is_fine;

	*out = (struct settings){0};
	if (!account_become_owner(where->state, why))
		return false;
	snprintf(path, sizeof path, "%s/effective", where->state);
	if (access(path, F_OK) == 0 || errno != ENOENT)
		return settings_load(out, where->state, why);
	is_fine = settings_check(&c, where, NULL, true, &effective);
	if (is_fine)
		is_fine = settings_read(out, buf_string(&effective), effective.len, why);
	else
		fail(why, "%s has errors: frame-router check shows them", where->conf);
	config_free(&c);
	buf_free(&effective);
	return is_fine;
}
