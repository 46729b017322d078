/* SPDX-License-Identifier: MIT */
/* The verbs of the command line: argv[0] is the verb; each returns an exit code
 * (exits.h). */
#ifndef CORE_VERB_H
#define CORE_VERB_H

#include <stdbool.h>
#include <stdio.h>

#include "control.h"
#include "settings.h"

int verb_run(int argc, char **argv);
int verb_check(int argc, char **argv);
int verb_status(int argc, char **argv);
int verb_control(int argc, char **argv);  /* start, stop, restart */
int verb_override(int argc, char **argv); /* enable, disable, reset */
int verb_reload(int argc, char **argv);
int verb_send(int argc, char **argv);
int verb_decode(int argc, char **argv);
int verb_simulate(int argc, char **argv);
int verb_plugins(int argc, char **argv);
int verb_unit(int argc, char **argv); /* input, output */
int verb_housekeeping(int argc, char **argv);
int verb_prepare(int argc, char **argv);

/* What `help VERB` says. */
extern const char verb_run_help[];
extern const char verb_check_help[];
extern const char verb_status_help[];
extern const char verb_control_help[];
extern const char verb_override_help[];
extern const char verb_reload_help[];
extern const char verb_send_help[];
extern const char verb_decode_help[];
extern const char verb_simulate_help[];
extern const char verb_plugins_help[];
extern const char verb_unit_help[];
extern const char verb_internal_help[];

/*
 * Takes --conf and --state out of the words and finds the surroundings.  False: said why.
 * The second also looks at what conf.d says of the state directory and of plugins, which
 * is not for the supervisor and its children: they have it from the effective
 * configuration.
 */
bool verb_places(int *argc, char **argv, struct surroundings *out);
bool verb_surroundings(int *argc, char **argv, struct surroundings *out);

/*
 * The standard output, to be closed by fclose(), while what plugins print goes to
 * standard error: it does not belong to a verb's answer.  NULL: said why.
 */
FILE *verb_keep_stdout(void);

/*
 * Root becomes the owner of the state directory, for all that the verb does there.
 * False: said why.
 */
bool verb_become_owner(const struct surroundings *where);

/*
 * Asks the running router for a reload, by a line of the control socket, and shows what
 * it says: the exit code.  `running` is what it runs with; NULL: not known.
 */
int verb_ask_reload(const char *state, const char *line, const struct settings *running);

/* Says why the router did not answer; EXIT_FAILED. */
int verb_not_answered(enum control_answer answer, const struct reason *why);

/* How long a command for that input or output may take, or one for all (NULL). */
int64_t verb_patience_ms(const struct settings *running, const char *name);

/* Shows how a verb is used on stderr, and which word it did not understand (NULL: none in
 * particular); EXIT_USAGE. */
int verb_usage(const char *help, const char *word);

/*
 * The effective configuration of the last run; what conf.d says when there was none.
 * Root becomes the owner of the state directory for it, and for all that the verb does
 * there.
 */
bool verb_settings(struct settings *out, const struct surroundings *where,
                   struct reason *why);

#endif
