/* SPDX-License-Identifier: MIT */
/*
 * Reloads: one at a time, in the order they were asked for.  `check --effective` works in
 * a process of its own and writes STATE/effective.new, which takes the place of
 * STATE/effective when it is good; nothing here waits.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "exits.h"
#include "log.h"
#include "statedir.h"
#include "supervisor_private.h"

#define CHECK_MS 120000 /* each section's check has 10 s */
#define SAID_MAX 200000
#define SPARE_MS 10000 /* for a busy machine */

void reload_init(struct reload *r)
{
	*r = (struct reload){.err_fd = -1};
}

void reload_free(struct reload *r)
{
	for (unsigned i = 0; i < sizeof r->jobs / sizeof *r->jobs; i++)
		buf_free(&r->jobs[i].reply);
	buf_free(&r->said);
	if (r->err_fd >= 0)
		close(r->err_fd);
}

static void end_job(struct reload *r, struct job *job, int code)
{
	buf_format(&job->reply, "exit\t%d\n", code);
	job->state = JOB_DONE;
	if (r->now == job)
		r->now = NULL;
	if (job->askers > 0)
		return;
	buf_free(&job->reply);
	job->state = JOB_FREE;
}

static void fail_job(struct supervisor *s, struct job *job, const char *why)
{
	log_error("%s: nothing was changed", why);
	buf_format(&job->reply, "err\t%s: nothing was changed\n", why);
	end_job(&s->reload, job, EXIT_FAILED);
}

/* One that has not begun and does what is asked for, or a free one; NULL: there are too
 * many. */
static struct job *find_job(struct reload *r, const char *name, bool is_wish)
{
	struct job *found = NULL;

	for (unsigned i = 0; i < sizeof r->jobs / sizeof *r->jobs; i++) {
		struct job *job = &r->jobs[i];

		if (job->state == JOB_WAITS && strcmp(job->name, name) == 0 &&
		    job->is_wish == is_wish)
			return job;
		if (job->state == JOB_FREE)
			found = job;
	}
	if (found == NULL)
		return NULL;
	*found = (struct job){
		.state = JOB_WAITS, .number = ++r->last_number, .is_wish = is_wish};
	snprintf(found->name, sizeof found->name, "%s", name);
	return found;
}

void reload_order(struct supervisor *s)
{
	find_job(&s->reload, "", false);
}

bool reload_ask(struct supervisor *s, const char *name, bool is_wish, uint64_t *ticket,
                struct buf *reply)
{
	struct job *job = NULL;

	if (*ticket == 0) {
		job = find_job(&s->reload, name, is_wish);
		if (job == NULL) {
			buf_text(reply, "err\ttoo many reloads at once\nexit\t1\n");
			return true;
		}
		job->askers++;
		*ticket = job->number;
		return false;
	}
	for (unsigned i = 0; i < sizeof s->reload.jobs / sizeof *s->reload.jobs; i++)
		if (s->reload.jobs[i].state != JOB_FREE &&
		    s->reload.jobs[i].number == *ticket)
			job = &s->reload.jobs[i];
	if (job == NULL || job->state != JOB_DONE)
		return job == NULL;
	buf_text(reply, buf_string(&job->reply));
	if (--job->askers == 0) {
		buf_free(&job->reply);
		job->state = JOB_FREE;
	}
	return true;
}

static bool start_check(struct supervisor *s, const struct job *job, struct reason *why)
{
	const char *argv[10] = {"frame-router", "check", "--effective", "--conf",
	                        s->options->conf};
	struct launch what = {.argv = argv, .out_fd = -1, .err_fd = -1, .kept_fd = -1};
	int pipe[2] = {-1, -1};
	char path[STATE_PATH_MAX];
	unsigned words = 5;
	bool is_started = false;

	if (s->options->is_state_given) {
		argv[words++] = "--state";
		argv[words++] = s->options->state;
	}
	if (job->name[0] != '\0') {
		argv[words++] = "--only";
		argv[words++] = job->name;
	}
	statedir_path(path, s->options->state, "effective.new");
	unlink(path);
	what.out_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (what.out_fd < 0)
		return fail_errno(why, "cannot write %s", path);
	if (pipe2(pipe, O_CLOEXEC) != 0) {
		fail_errno(why, "cannot make a pipe");
	} else {
		what.err_fd = pipe[1];
		is_started =
			launch_start(&s->reload.pid, s->options->launcher, &what, why);
		close(pipe[1]);
		fcntl(pipe[0], F_SETFL, O_NONBLOCK);
	}
	close(what.out_fd);
	if (is_started)
		s->reload.err_fd = pipe[0];
	else if (pipe[0] >= 0)
		close(pipe[0]);
	return is_started;
}

static const struct job *next_job(const struct reload *r)
{
	const struct job *first = NULL;

	for (unsigned i = 0; i < sizeof r->jobs / sizeof *r->jobs; i++)
		if (r->jobs[i].state == JOB_WAITS &&
		    (first == NULL || r->jobs[i].number < first->number))
			first = &r->jobs[i];
	return first;
}

static void begin(struct supervisor *s, int64_t now_ms)
{
	struct reload *r = &s->reload;
	struct job *first = (struct job *)next_job(r);
	struct reason why = {""};

	if (first == NULL)
		return;
	buf_clear(&r->said);
	if (!start_check(s, first, &why)) {
		fail_job(s, first, why.text);
		return;
	}
	r->now = first;
	r->kill_at_ms = now_ms + CHECK_MS;
	first->state = JOB_CHECKS;
}

static void listen_to_check(struct reload *r)
{
	char part[4096];
	ssize_t got;

	while (r->err_fd >= 0 && (got = read(r->err_fd, part, sizeof part)) != 0) {
		if (got < 0 && errno != EINTR)
			return;
		if (got > 0 && r->said.len < SAID_MAX)
			buf_add(&r->said, part, (size_t)got);
	}
	if (r->err_fd >= 0)
		close(r->err_fd);
	r->err_fd = -1;
}

/* Its lines, in the log and for the asker. */
static void hand_on(struct reload *r, struct job *job)
{
	char *rest = NULL;

	if (r->said.len == 0)
		return;
	for (char *line = strtok_r(r->said.data, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		bool is_error = strstr(line, ": error: ") != NULL;

		log_line(is_error ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, "reload: %s",
		         line);
		buf_format(&job->reply, "err\t%s\n", line);
	}
}

static bool apply(struct supervisor *s, struct job *job, struct reason *why)
{
	char fresh_path[STATE_PATH_MAX], path[STATE_PATH_MAX];
	struct settings fresh = {0};

	statedir_path(fresh_path, s->options->state, "effective.new");
	statedir_path(path, s->options->state, "effective");
	if (!settings_load_file(&fresh, fresh_path, why))
		goto undo;
	if (strcmp(fresh.state, s->options->state) != 0) {
		fail(why,
		     "state cannot change from %s to %s while the router runs "
		     "(restart it)",
		     s->options->state, fresh.state);
		goto undo;
	}
	if (rename(fresh_path, path) != 0) {
		fail_errno(why, "cannot write %s", path);
		goto undo;
	}
	supervisor_change_units(s, &fresh, job);
	settings_log(s->options->settings, "frame-router");
	return true;

undo:
	settings_free(&fresh);
	return false;
}

/* It may hold secrets. */
static void drop_fresh(const struct supervisor *s)
{
	char path[STATE_PATH_MAX];

	statedir_path(path, s->options->state, "effective.new");
	unlink(path);
}

static void finish_check(struct supervisor *s, struct job *job)
{
	struct reason why = {""};
	int status = s->reload.status;

	listen_to_check(&s->reload);
	/* a process of its own may have it still; what it has to say is no matter */
	if (s->reload.err_fd >= 0)
		close(s->reload.err_fd);
	s->reload.err_fd = -1;
	hand_on(&s->reload, job);
	if (WIFSIGNALED(status))
		fail(&why, "the check of the configuration was killed by signal %d (%s)",
		     WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (status != 0)
		fail(&why, "the configuration has errors");
	else if (apply(s, job, &why)) {
		job->state = JOB_APPLIES;
		return;
	}
	drop_fresh(s);
	fail_job(s, job, why.text);
}

/* How long the slowest of those that were asked to stop may take. */
static int64_t longest_stop_ms(const struct supervisor *s, int64_t now_ms)
{
	int64_t last_ms = now_ms;

	for (const struct child *c = s->children; c != NULL; c = c->next)
		if (c->kill_at_ms != INT64_MAX && c->kill_at_ms > last_ms)
			last_ms = c->kill_at_ms;
	return last_ms - now_ms;
}

/* A service manager that waits for a reload learns when it begins and ends, and how long
 * it may take. */
static void tell_manager(struct supervisor *s, const struct job *was, bool was_checking,
                         int64_t now_ms)
{
	struct notify *notify = s->options->notify;
	const struct job *now = s->reload.now;

	if (was == NULL && now != NULL)
		notify_reloading(notify);
	else if (was != NULL && now == NULL && s->phase == PHASE_RUNNING)
		notify_ready(notify);
	if (now != NULL && now->state == JOB_CHECKS && (now != was || !was_checking))
		notify_extend(notify, CHECK_MS + SPARE_MS);
	else if (now != NULL && now->state == JOB_APPLIES && was_checking)
		notify_extend(notify, longest_stop_ms(s, now_ms) + SPARE_MS);
}

void reload_step(struct supervisor *s, int64_t now_ms)
{
	struct reload *r = &s->reload;
	const struct job *was = r->now;
	bool was_checking = was != NULL && was->state == JOB_CHECKS;

	listen_to_check(r);
	if (r->now != NULL && r->now->state == JOB_CHECKS) {
		if (r->pid == 0) {
			finish_check(s, r->now);
		} else if (now_ms >= r->kill_at_ms) {
			kill(r->pid, SIGKILL);
			r->kill_at_ms = INT64_MAX;
		}
	}
	if (r->now != NULL && r->now->state == JOB_APPLIES && supervisor_is_settled(s))
		end_job(r, r->now, EXIT_FINE);
	if (r->now == NULL && s->phase == PHASE_RUNNING)
		begin(s, now_ms);
	tell_manager(s, was, was_checking, now_ms);
}

bool reload_reaped(struct supervisor *s, pid_t pid, int status)
{
	if (pid != s->reload.pid)
		return false;
	s->reload.pid = 0;
	s->reload.status = status;
	return true;
}

void reload_abort(struct supervisor *s)
{
	struct reload *r = &s->reload;

	if (r->pid != 0)
		kill(r->pid, SIGKILL);
	drop_fresh(s);
	for (unsigned i = 0; i < sizeof r->jobs / sizeof *r->jobs; i++) {
		struct job *job = &r->jobs[i];

		if (job->state == JOB_FREE || job->state == JOB_DONE)
			continue;
		buf_text(&job->reply, "err\tthe router is stopping\n");
		end_job(r, job, EXIT_FAILED);
	}
}

int64_t reload_deadline(const struct supervisor *s)
{
	const struct job *job = s->reload.now;

	if (job == NULL && s->phase == PHASE_RUNNING && next_job(&s->reload) != NULL)
		return 0;
	return job != NULL && job->state == JOB_CHECKS ? s->reload.kill_at_ms : INT64_MAX;
}
