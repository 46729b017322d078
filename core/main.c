/* SPDX-License-Identifier: MIT */
/* frame-router: one program, a verb for each thing it does. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exits.h"
#include "plugin.h"
#include "verb.h"

struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
	const char *summary; /* NULL: started by `run` only, not listed */
	bool loads_plugins;
};

static const struct verb verbs[] = {
	{"run", verb_run, verb_run_help, "run the router", false},
	{"check", verb_check, verb_check_help,
         "check configuration, plugins and templates", true},
	{"status", verb_status, verb_status_help, "what runs, and how far each output is",
         false},
	{"start", verb_control, verb_control_help, "start an input or output, now",
         false},
	{"stop", verb_control, verb_control_help, "stop one; its frames wait", false},
	{"restart", verb_control, verb_control_help, "stop and start one", false},
	{"enable", verb_override, verb_override_help,
         "start one, also after a restart of the router", true},
	{"disable", verb_override, verb_override_help,
         "stop one, also after a restart of the router", true},
	{"reset", verb_override, verb_override_help,
         "what conf.d says of one counts again", true},
	{"reload", verb_reload, verb_reload_help, "apply a changed configuration", false},
	{"send", verb_send, verb_send_help, "store frames from a file or pipe", true},
	{"decode", verb_decode, verb_decode_help, "decode raw frames to JSON lines",
         false},
	{"simulate", verb_simulate, verb_simulate_help,
         "make frames, for a demonstration or load", false},
	{"plugins", verb_plugins, verb_plugins_help, "what is installed, and its options",
         true},
	{"input", verb_unit, verb_unit_help, NULL, true},
	{"output", verb_unit, verb_unit_help, NULL, true},
	{"housekeeping", verb_housekeeping, verb_internal_help, NULL, false},
	{"prepare", verb_prepare, verb_internal_help, NULL, false},
};

static const struct verb *find(const char *name)
{
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static void show_help(FILE *out)
{
	fputs("frame-router: frames of sensor nodes, stored and delivered\n\n"
	      "usage: frame-router VERB [--conf DIR] [--state DIR] ...\n\n",
	      out);
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (verbs[i].summary != NULL)
			fprintf(out, "  %-10s %s\n", verbs[i].name, verbs[i].summary);
	fputs("\n`frame-router help VERB` tells more of one.\n", out);
}

static int help(const char *name)
{
	const struct verb *v = name == NULL ? NULL : find(name);

	if (name == NULL) {
		show_help(stdout);
		return EXIT_FINE;
	}
	if (v == NULL) {
		fprintf(stderr, "frame-router: there is no verb %s\n", name);
		return EXIT_USAGE;
	}
	fputs(v->help, stdout);
	return EXIT_FINE;
}

static bool asks_help(int argc, char **argv)
{
	return argc >= 2 &&
	       (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
}

/* A database must not become file 1 of a program that prints. */
static void open_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	const struct verb *v;

	open_standard_files();
	umask(077); /* what is made is nobody else's to read */

	if (argc < 2) {
		show_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("frame-router " PACKAGE_VERSION);
		return EXIT_FINE;
	}
	if (asks_help(argc, argv) || strcmp(argv[1], "help") == 0)
		return help(argc > 2 ? argv[2] : NULL);
	v = find(argv[1]);
	if (v == NULL) {
		fprintf(stderr,
		        "frame-router: there is no verb %s (try frame-router help)\n",
		        argv[1]);
		return EXIT_USAGE;
	}
	if (asks_help(argc - 1, argv + 1))
		return help(argv[1]);
	if (v->loads_plugins)
		plugin_bind_now(argv);
	return v->run(argc - 1, argv + 1);
}
