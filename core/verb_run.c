/* SPDX-License-Identifier: MIT */
/* frame-router run: checks the configuration, prepares the store, and supervises. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "account.h"
#include "ballast.h"
#include "exits.h"
#include "launch.h"
#include "log.h"
#include "secret.h"
#include "statedir.h"
#include "supervisor.h"
#include "verb.h"

const char verb_run_help[] = "usage: frame-router run [--conf DIR] [--state DIR]\n"
			     "\n"
			     "Runs the router until SIGTERM or Ctrl-C: one process for "
			     "each enabled input and output\n"
			     "of conf.d.  A configuration with an error starts nothing.\n"
			     "SIGHUP does what `frame-router reload` does.\n"
			     "\n"
			     "Exit codes: 0 stopped in order, 74 storage, 75 already "
			     "running, 77 not allowed, 78\n"
			     "configuration or a newer schema of the store.\n";

struct runner {
	struct surroundings where;
	struct settings settings;
	struct launcher launcher;
	char state[SURROUNDINGS_PATH_MAX]; /* "": not known before the configuration is */
	int lock;
	int users;
	int signal_fd;
	struct notify notify;
};

/* A verb may take its time: the service manager is told so. */
static ssize_t read_part(struct runner *r, int fd, char *part, size_t size)
{
	notify_wait(&r->notify, fd);
	return read(fd, part, size);
}

/* Runs this program with another verb; its stdout into `out` unless that is NULL, its
 * stderr into `err_fd` unless that is -1.  The exit code. */
static int run_verb(struct runner *r, const char *verb, const char *option,
                    struct buf *out, int err_fd)
{
	const char *argv[8] = {"frame-router", verb, "--conf", r->where.conf};
	/* the lock is handed on: when we are killed, nobody begins before it has ended */
	struct launch what = {argv, -1, err_fd, r->lock, false};
	struct reason why = {""};
	int fds[2], status = 0;
	bool is_started;
	char part[4096];
	ssize_t got;
	unsigned words = 4;
	pid_t pid;

	if (option != NULL)
		argv[words++] = option;
	if (r->state[0] != '\0') {
		argv[words++] = "--state";
		argv[words++] = r->state;
	}
	if (pipe2(fds, O_CLOEXEC) != 0)
		return EXIT_FAILED;
	what.out_fd = fds[1];
	is_started = launch_start(&pid, &r->launcher, &what, &why);
	close(fds[1]);
	while (is_started && ((got = read_part(r, fds[0], part, sizeof part)) > 0 ||
	                      (got < 0 && errno == EINTR)))
		if (got > 0 && out != NULL)
			buf_add(out, part, (size_t)got);
	close(fds[0]);
	if (!is_started) {
		log_error("%s %s", verb, why.text);
		return EXIT_FAILED;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status)) {
		log_error("%s was killed by signal %d (%s)", verb, WTERMSIG(status),
		          strsignal(WTERMSIG(status)));
		return EXIT_CONFIG;
	}
	return WEXITSTATUS(status);
}

/* Whether that is what it says already: a full disk must not keep a router away. */
static bool is_effective(const char *path, const struct buf *text)
{
	FILE *file = fopen(path, "re");
	bool is_same = file != NULL;

	for (size_t i = 0; is_same && i <= text->len; i++)
		is_same = fgetc(file) ==
		          (i < text->len ? (unsigned char)text->data[i] : EOF);
	if (file != NULL)
		fclose(file);
	return is_same;
}

/* Whole or not at all: a process that starts at this moment reads the old one or the new
 * one. */
static bool write_effective(const char *state, const struct buf *text, struct reason *why)
{
	char path[STATE_PATH_MAX], fresh[STATE_PATH_MAX];
	bool is_written;
	int fd;

	statedir_path(path, state, "effective");
	statedir_path(fresh, state, "effective.new");
	unlink(fresh);
	if (is_effective(path, text))
		return true;
	ballast_is_needed(state);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail_errno(why, "cannot write %s", fresh);
	is_written =
		write(fd, text->data, text->len) == (ssize_t)text->len && fsync(fd) == 0;
	close(fd);
	if (!is_written || rename(fresh, path) != 0)
		return fail_errno(why, "cannot write %s", path);
	return true;
}

static int lock_state(struct runner *r)
{
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	pid_t holder = 0;

	statedir_path(path, r->state, "lock");
	if (!account_is_ours(r->state, &why)) {
		log_error("%s", why.text);
		return EXIT_DENIED;
	}
	if (!statedir_make(r->state, &why)) {
		log_error("%s", why.text);
		return errno == EACCES || errno == EPERM ? EXIT_DENIED : EXIT_STORAGE;
	}
	if (statedir_lock(&r->lock, path, &holder, &why))
		return EXIT_FINE;
	log_error("cannot run with %s: %s%s", r->state, why.text,
	          holder != 0 ? " (see frame-router status, or give another --state)"
	                      : "");
	return holder != 0 ? EXIT_RUNNING : EXIT_DENIED;
}

/* What a check had to say, in the form that the log has by now. */
static void quote(int fd)
{
	FILE *said = fd < 0 || lseek(fd, 0, SEEK_SET) != 0 ? NULL : fdopen(fd, "r");
	char line[1200];

	while (said != NULL && fgets(line, sizeof line, said) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		log_quote(line);
	}
	if (said != NULL)
		fclose(said);
}

static int configure(struct runner *r)
{
	int said = memfd_create("check", MFD_CLOEXEC); /* -1: it says it itself */
	struct reason why = {""};
	struct buf text = {0};
	bool is_read;
	int code;

	if (r->where.is_state_given)
		snprintf(r->state, sizeof r->state, "%s", r->where.state);
	code = run_verb(r, "check", "--effective", &text, said);
	is_read = code == EXIT_FINE &&
	          settings_read(&r->settings, buf_string(&text), text.len, &why);
	if (is_read)
		settings_log(&r->settings, "frame-router");
	quote(said);
	if (code != EXIT_FINE) {
		log_error("the configuration has errors: nothing is started");
		code = EXIT_CONFIG;
	} else if (!is_read) {
		log_error("%s", why.text);
		code = EXIT_CONFIG;
	} else {
		snprintf(r->state, sizeof r->state, "%s", r->settings.state);
		code = lock_state(r);
	}
	if (code == EXIT_FINE && !write_effective(r->state, &text, &why)) {
		log_error("%s", why.text);
		code = EXIT_STORAGE;
	}
	buf_free(&text);
	return code;
}

/* Nobody prepares the store any more while we run. */
static int join_users(struct runner *r)
{
	struct reason why = {""};
	bool is_alone;

	if (statedir_use(&r->users, r->state, &is_alone, &why) &&
	    statedir_join(r->users, &why))
		return EXIT_FINE;
	log_error("%s", why.text);
	return EXIT_STORAGE;
}

static void block_signals(struct runner *r)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	r->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void unblock_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* What a unit is about, in a few words. */
static void show_target(const struct unit *u)
{
	const char *host = config_text(u->section, "host");
	const char *port = config_text(u->section, "port");
	const char *path = config_text(u->section, "path");
	const char *listen = config_text(u->section, "listen");

	if (path != NULL)
		printf(": %s", path);
	else if (listen != NULL)
		printf(": %s", listen);
	else if (host != NULL)
		printf(": %s%s%s", host, port == NULL ? "" : ":",
		       port == NULL ? "" : port);
}

static void show_units(const struct runner *r)
{
	for (const struct unit *u = r->settings.units; u != NULL; u = u->next) {
		printf("  %-7s %-12s %s", u->kind == PLUGIN_INPUT ? "input" : "output",
		       u->name, u->plugin);
		if (u->is_enabled)
			show_target(u);
		else
			printf(" (disabled: frame-router enable %s)", u->name);
		printf("\n");
	}
}

/* Whether some file output writes where the shipped configuration has it. */
static bool has_default_file(const struct runner *r)
{
	for (const struct unit *u = r->settings.units; u != NULL; u = u->next) {
		const char *path = config_text(u->section, "path");
		size_t len = strlen(r->state);

		if (u->is_enabled && path != NULL && strncmp(path, r->state, len) == 0 &&
		    strcmp(path + len, "/frames.jsonl") == 0)
			return true;
	}
	return false;
}

/* What a newcomer at a terminal wants to know; a service's log does not. */
static void greet(void *context)
{
	struct runner *r = context;
	const char *me = r->where.is_build_tree ? "./frame-router" : "frame-router";

	log_info("version %s runs as %s, store in %s", PACKAGE_VERSION, r->settings.name,
	         r->state);
	if (!isatty(STDOUT_FILENO))
		return;
	printf("\nframe-router is running.  It keeps frames in %s/frames.db, and these "
	       "take and\n"
	       "deliver them:\n\n",
	       r->state);
	show_units(r);
	printf("\nTry it, in another terminal:\n\n");
	if (r->where.is_build_tree)
		printf("  cd %s\n", r->where.home);
	printf("  %s simulate --count 5 | %s send\n", me, me);
	if (has_default_file(r))
		printf("  tail -n 5 %s/frames.jsonl\n", r->state);
	printf("  %s status\n\n", me);
	printf("Configuration: %s   Help: %s help   Stop: Ctrl-C\n\n", r->where.conf, me);
	fflush(stdout);
}

static int supervise(struct runner *r)
{
	struct supervisor_options options = {
		.launcher = &r->launcher,
		.conf = r->where.conf,
		.state = r->state,
		.is_state_given = r->where.is_state_given,
		.settings = &r->settings,
		.lock_fd = r->lock,
		.users_fd = r->users,
		.signal_fd = r->signal_fd,
		.started = greet,
		.context = r,
		.notify = &r->notify,
	};

	return supervisor_run(&options);
}

int verb_run(int argc, char **argv)
{
	struct runner r = {.lock = -1};
	struct reason why = {""};
	int code;

	log_init("frame-router", LOG_LEVEL_INFO);
	if (!verb_places(&argc, argv, &r.where))
		return EXIT_USAGE;
	if (argc != 1)
		return verb_usage(verb_run_help, NULL);
	secret_guard();
	unblock_signals(); /* whoever starts us may have blocked some */
	if (!notify_open(&r.notify, &why))
		log_warning("%s", why.text);
	if (!launch_open(&r.launcher, r.where.program, &why)) {
		log_error("%s", why.text);
		return EXIT_FAILED;
	}
	code = configure(&r);
	if (code == EXIT_FINE) {
		if (geteuid() == 0 && !r.where.is_build_tree)
			log_warning("runs as root: better as a user of its own");
		notify_status(&r.notify, "checking the store");
		code = run_verb(&r, "prepare", NULL, NULL, -1);
	}
	if (code == EXIT_FINE)
		code = join_users(&r);
	if (code == EXIT_FINE) {
		block_signals(&r);
		code = supervise(&r);
		log_info("stopped");
	}
	notify_close(&r.notify);
	settings_free(&r.settings);
	launch_close(&r.launcher);
	return code;
}
