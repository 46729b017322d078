/* SPDX-License-Identifier: MIT */
/* A store that proved damaged while the router runs: prepared anew, with nobody in it. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exits.h"
#include "log.h"
#include "statedir.h"
#include "supervisor_private.h"

#define AGAIN_MIN_MS 60000
#define AGAIN_MAX_MS 3600000
#define JOIN_MS      100

void mend_init(struct mend *m)
{
	*m = (struct mend){.state = MEND_NOTHING};
	backoff_init(&m->backoff, AGAIN_MIN_MS, AGAIN_MAX_MS);
}

bool mend_is_busy(const struct supervisor *s)
{
	return s->mend.state != MEND_NOTHING;
}

/* Whether somebody met damage in the store itself, not in a file of its own. */
static bool is_suspect(const struct supervisor *s)
{
	char path[STATE_PATH_MAX];

	statedir_path(path, s->options->state, "suspect");
	return access(path, F_OK) == 0;
}

void mend_after(struct supervisor *s, int status, int64_t now_ms)
{
	if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_STORAGE ||
	    s->phase != PHASE_RUNNING || mend_is_busy(s) ||
	    now_ms < s->mend.not_before_ms || !is_suspect(s))
		return;
	if (now_ms > s->mend.not_before_ms + AGAIN_MAX_MS)
		backoff_reset(&s->mend.backoff);
	log_warning("the store may be damaged: all stop until it is checked");
	for (struct child *c = s->children; c != NULL; c = c->next)
		child_cycle(c, now_ms);
	s->mend.state = MEND_STOPPING;
	/* what cannot be mended must not stop everybody again and again */
	s->mend.not_before_ms = now_ms + backoff_next(&s->mend.backoff);
}

static bool are_all_gone(const struct supervisor *s)
{
	for (const struct child *c = s->children; c != NULL; c = c->next)
		if (c->pid != 0)
			return false;
	return true;
}

/* It works only alone: we leave the store ourselves, too. */
static void prepare(struct supervisor *s)
{
	const char *argv[] = {"frame-router", "prepare", "--state", s->options->state,
	                      NULL};
	const struct launch what = {argv, -1, -1, s->options->lock_fd, false};
	struct reason why = {""};

	flock(s->options->users_fd, LOCK_UN);
	s->mend.state = MEND_PREPARING;
	if (launch_start(&s->mend.pid, s->options->launcher, &what, &why))
		return;
	log_error("prepare %s", why.text);
	s->mend.pid = 0;
	s->mend.state = MEND_JOINING;
}

void mend_step(struct supervisor *s, int64_t now_ms)
{
	struct mend *m = &s->mend;

	(void)now_ms;
	if (m->state != MEND_NOTHING && s->phase != PHASE_RUNNING) {
		if (m->pid != 0)
			kill(m->pid, SIGTERM);
		m->state = MEND_NOTHING;
	}
	if (m->state == MEND_STOPPING && are_all_gone(s))
		prepare(s);
	/* a `send` may be preparing it at this moment */
	if (m->state == MEND_JOINING &&
	    (flock(s->options->users_fd, LOCK_SH | LOCK_NB) == 0 ||
	     (errno != EWOULDBLOCK && errno != EINTR)))
		m->state = MEND_NOTHING;
}

bool mend_reaped(struct supervisor *s, pid_t pid, int status)
{
	if (pid != s->mend.pid)
		return false;
	s->mend.pid = 0;
	if (s->mend.state == MEND_PREPARING)
		s->mend.state = MEND_JOINING;
	if (status == 0)
		log_info("the store was checked: all start again");
	else
		log_error("the store could not be mended; all start again all the same");
	return true;
}

int64_t mend_deadline(const struct supervisor *s, int64_t now_ms)
{
	return s->mend.state == MEND_JOINING ? now_ms + JOIN_MS : INT64_MAX;
}
