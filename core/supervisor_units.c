/* SPDX-License-Identifier: MIT */
/* The children of a supervisor, as the settings have them, and as they change. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "clock.h"
#include "log.h"
#include "option.h"
#include "statedir.h"
#include "supervisor_private.h"

#define HOUSEKEEPING   "housekeeping"
#define GRACE_EXTRA_MS 3000 /* beyond an output's own timeout */

static int64_t grace_of(const struct unit *u)
{
	const char *timeout = config_text(u->section, "timeout");
	int64_t ms = 0;

	if (timeout == NULL || !option_parse_duration(timeout, &ms, NULL))
		ms = 2000;
	return ms + GRACE_EXTRA_MS;
}

static enum child_kind kind_of(const struct unit *u)
{
	return u->kind == PLUGIN_INPUT ? CHILD_INPUT : CHILD_OUTPUT;
}

/* What it takes from its section when it is started. */
static void take_section(struct child *c, const struct unit *u)
{
	snprintf(c->plugin, sizeof c->plugin, "%s", u->plugin);
	c->grace_ms = grace_of(u);
	c->is_enabled = u->is_enabled;
}

static struct child *add_child(struct supervisor *s, enum child_kind kind,
                               const char *name, const struct unit *u)
{
	struct child *c = calloc(1, sizeof *c);
	struct child **at = &s->children;

	if (c == NULL)
		return NULL;
	child_init(c, kind, name);
	c->is_enabled = c->is_wanted = true;
	if (u != NULL) {
		take_section(c, u);
		c->is_wanted = u->is_enabled;
		statedir_file(c->live, s->options->state,
		              kind == CHILD_INPUT ? "inputs" : "outputs", name, "live");
	}
	while (*at != NULL)
		at = &(*at)->next;
	*at = c;
	return c;
}

bool supervisor_make_units(struct supervisor *s, struct reason *why)
{
	if (add_child(s, CHILD_HOUSEKEEPING, HOUSEKEEPING, NULL) == NULL)
		return fail(why, "out of memory");
	for (const struct unit *u = s->options->settings->units; u != NULL; u = u->next)
		if (add_child(s, kind_of(u), u->name, u) == NULL)
			return fail(why, "out of memory");
	return true;
}

void supervisor_free_units(struct supervisor *s)
{
	struct child *next;

	for (struct child *c = s->children; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	s->children = NULL;
}

struct child *supervisor_find(struct supervisor *s, const char *name)
{
	for (struct child *c = s->children; c != NULL; c = c->next)
		if (c->kind != CHILD_HOUSEKEEPING && !c->is_leaving &&
		    strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

void supervisor_drop_left(struct supervisor *s)
{
	struct child **link = &s->children;

	while (*link != NULL) {
		struct child *c = *link;

		if (c->is_leaving && c->pid == 0) {
			*link = c->next;
			free(c);
		} else {
			link = &c->next;
		}
	}
}

bool supervisor_is_settled(const struct supervisor *s)
{
	for (const struct child *c = s->children; c != NULL; c = c->next)
		if (c->kill_at_ms != 0)
			return false;
	return !mend_is_busy(s);
}

/* Says in the log and to the asker what became of one. */
static void tell(struct job *job, const char *name, const char *what,
                 const struct buf *keys)
{
	struct buf text = {0};

	buf_format(&text, "%s: %s", name, what);
	if (keys != NULL && keys->len > 0)
		buf_format(&text, " (changed: %s)", buf_string(keys));
	log_info("%s", buf_string(&text));
	buf_format(&job->reply, "out\t%s\n", buf_string(&text));
	buf_free(&text);
}

static void change_child(struct supervisor *s, struct child *c, const struct unit *u,
                         const struct settings *fresh, struct job *job)
{
	bool is_meant = job->name[0] == '\0' || strcmp(job->name, c->name) == 0;
	bool was_wanted = c->is_wanted, was_enabled = c->is_enabled;
	int64_t now = clock_monotonic_ms();
	struct buf keys = {0};
	bool differs = change_unit(s->options->settings, fresh, c->name, &keys);

	if (differs && was_wanted)
		child_cycle(c, now); /* in the time that its old section gave it */
	take_section(c, u);
	if (was_enabled != u->is_enabled || (job->is_wish && is_meant)) {
		if (u->is_enabled && !was_wanted)
			child_want(c, now);
		else if (!u->is_enabled && was_wanted)
			child_stop(c, now);
	}
	if (c->is_wanted != was_wanted)
		tell(job, c->name, was_wanted ? "stopped: disabled" : "started", &keys);
	else if (differs)
		tell(job, c->name, was_wanted ? "restarted" : "stays stopped", &keys);
	else if (is_meant)
		buf_format(&job->reply, "out\t%s: unchanged\n", c->name);
	buf_free(&keys);
}

static void leave(struct child *c, struct job *job)
{
	child_stop(c, clock_monotonic_ms());
	c->is_leaving = true;
	tell(job, c->name, "stopped: not configured any more", NULL);
}

static void change_housekeeper(struct supervisor *s, const struct settings *fresh)
{
	struct buf keys = {0};

	if (change_housekeeping(s->options->settings, fresh, &keys)) {
		log_debug("housekeeping: restarted (changed: %s)", buf_string(&keys));
		child_cycle(s->children, clock_monotonic_ms());
	}
	buf_free(&keys);
}

/* The order of conf.d, in which status shows them; those that leave come last. */
static void sort(struct supervisor *s, const struct settings *fresh)
{
	struct child **to = &s->children->next; /* behind the housekeeping */

	for (const struct unit *u = fresh->units; u != NULL; u = u->next) {
		struct child **link = to;
		struct child *c;

		while (*link != NULL &&
		       ((*link)->is_leaving || strcmp((*link)->name, u->name) != 0))
			link = &(*link)->next;
		c = *link;
		if (c == NULL)
			continue;
		*link = c->next;
		c->next = *to;
		*to = c;
		to = &c->next;
	}
}

void supervisor_change_units(struct supervisor *s, struct settings *fresh,
                             struct job *job)
{
	struct settings *now = s->options->settings;

	for (struct child *c = s->children->next; c != NULL; c = c->next) {
		const struct unit *u = settings_unit(fresh, c->name);

		if (u == NULL || kind_of(u) != c->kind)
			leave(c, job);
	}
	for (const struct unit *u = fresh->units; u != NULL; u = u->next) {
		struct child *c = supervisor_find(s, u->name);

		if (c != NULL)
			change_child(s, c, u, fresh, job);
		else if (add_child(s, kind_of(u), u->name, u) == NULL)
			log_error("%s: cannot be started: out of memory", u->name);
		else
			tell(job, u->name, u->is_enabled ? "started" : "new, disabled",
			     NULL);
	}
	change_housekeeper(s, fresh);
	sort(s, fresh);
	settings_free(now);
	*now = *fresh;
	*fresh = (struct settings){0};
}
