/* SPDX-License-Identifier: MIT */
/* How it stands: gathered from the control socket and from the disk. */
#include "status.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "clock.h"
#include "live.h"
#include "statedir.h"

static struct status_unit *add_unit(struct status *s, enum plugin_kind kind,
                                    const char *name)
{
	struct status_unit **at = &s->units;
	struct status_unit *u = calloc(1, sizeof *u);

	if (u == NULL)
		return NULL;
	u->kind = kind;
	u->oldest_waiting_ms = u->error_ms = -1;
	u->is_balanced = true;
	snprintf(u->name, sizeof u->name, "%s", name);
	while (*at != NULL && !(kind == PLUGIN_INPUT && (*at)->kind == PLUGIN_OUTPUT))
		at = &(*at)->next;
	u->next = *at;
	*at = u;
	return u;
}

/* A line of the supervisor: kind, name, plugin, state, process, reason, parted by tabs.
 */
static void take_line(struct status *s, char *line)
{
	char *part[6] = {NULL};
	struct status_unit *u;
	unsigned n = 0;

	for (char *at = line; n < 6 && at != NULL; n++) {
		part[n] = at;
		at = n == 5 ? NULL : strchr(at, '\t');
		if (at != NULL)
			*at++ = '\0';
	}
	if (n >= 3 && strcmp(part[0], "router") == 0) {
		s->pid = atoi(part[1]);
		snprintf(s->version, sizeof s->version, "%s", part[2]);
		return;
	}
	if (n < 6)
		return;
	u = add_unit(s, strcmp(part[0], "input") == 0 ? PLUGIN_INPUT : PLUGIN_OUTPUT,
	             part[1]);
	if (u == NULL)
		return;
	snprintf(u->plugin, sizeof u->plugin, "%s", part[2]);
	u->is_running = strcmp(part[3], "Running") == 0;
	u->is_configured = true;
	u->pid = atoi(part[4]);
	snprintf(u->reason, sizeof u->reason, "%s", part[5]);
}

static void take_lines(struct status *s, struct buf *reply)
{
	char *rest = NULL;

	for (char *line = strtok_r(reply->data, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest))
		take_line(s, line);
}

/* No router runs: what it would run, from the last effective configuration. */
static void take_settings(struct status *s, const struct settings *settings)
{
	for (const struct unit *u = settings->units; u != NULL; u = u->next) {
		struct status_unit *unit = add_unit(s, u->kind, u->name);

		if (unit == NULL)
			return;
		snprintf(unit->plugin, sizeof unit->plugin, "%s", u->plugin);
		snprintf(unit->reason, sizeof unit->reason, "%s",
		         u->is_enabled ? "the router does not run" : "disabled");
		unit->is_configured = true;
	}
}

/* Places whose output is no longer configured hold their frames all the same. */
static void take_places(struct status *s, const char *state)
{
	char path[STATE_PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	statedir_path(path, state, "outputs");
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name);
		struct status_unit *u = s->units;

		if (len < 7 || len > 70 || strcmp(entry->d_name + len - 6, ".place") != 0)
			continue;
		entry->d_name[len - 6] = '\0';
		while (u != NULL &&
		       !(u->kind == PLUGIN_OUTPUT && strcmp(u->name, entry->d_name) == 0))
			u = u->next;
		if (u == NULL && (u = add_unit(s, PLUGIN_OUTPUT, entry->d_name)) != NULL)
			snprintf(u->reason, sizeof u->reason,
			         "not configured any more; its place still holds frames");
	}
	if (dir != NULL)
		closedir(dir);
}

/* What the process says of itself. */
static void take_live(struct status_unit *u, const struct live_data *live)
{
	int64_t now = clock_wall_ms();

	u->in_flight = live->in_flight;
	if (live->error_ms != 0)
		u->error_ms = now > live->error_ms ? now - live->error_ms : 0;
	snprintf(u->error, sizeof u->error, "%s", live->error);
	for (unsigned i = 0; i < LIVE_METRICS && live->metrics[i].name[0] != '\0'; i++)
		buf_format(&u->counts, "%s%s %llu", i == 0 ? "" : ", ",
		           live->metrics[i].name,
		           (unsigned long long)live->metrics[i].count);
}

static void fill_output(struct status_unit *u, struct store *store, const char *state)
{
	char path[STATE_PATH_MAX];
	struct live_data live;
	uint64_t last;
	int64_t oldest;

	statedir_file(path, state, "outputs", u->name, "place");
	if (place_read(path, false, &u->place) != PLACE_GOOD) {
		u->place = (struct place_data){0};
		return;
	}
	statedir_file(path, state, "outputs", u->name, "live");
	if (live_read(path, &live))
		take_live(u, &live);
	if (store == NULL || strcmp(u->place.store_id, store_id(store)) != 0)
		return;
	/* the store is looked at after the place: it can only have grown */
	last = store_last_id(store);
	u->given = store_frames_between(store, u->place.begin, last);
	u->waiting = store_frames_between(store, u->place.cursor, last);
	u->is_balanced = u->given == u->place.delivered + u->place.rejected +
	                                     u->place.skipped + u->place.evicted +
	                                     u->waiting;
	oldest = store_oldest_after(store, u->place.cursor);
	if (oldest >= 0)
		u->oldest_waiting_ms =
			clock_wall_ms() > oldest ? clock_wall_ms() - oldest : 0;
}

static void fill(struct status *s, const char *state)
{
	struct store *store = NULL;
	struct reason why = {""};
	struct statvfs disk;

	s->disk_free = statvfs(state, &disk) == 0
	                       ? (int64_t)disk.f_bavail * (int64_t)disk.f_frsize
	                       : -1;

	if (!store_open_reader(&store, state, &why) ||
	    !store_numbers(store, &s->numbers, &why))
		snprintf(s->trouble, sizeof s->trouble, "%s", why.text);
	else
		memcpy(s->store_id, store_id(store), sizeof s->store_id);
	for (struct status_unit *u = s->units; u != NULL; u = u->next) {
		if (u->kind == PLUGIN_OUTPUT)
			fill_output(u, store, state);
		else if (store != NULL)
			u->received = store_input_received(store, u->name);
	}
	store_close(store);
}

void status_read(struct status *out, const char *state, const struct settings *settings,
                 struct reason *why)
{
	char path[STATE_PATH_MAX];
	struct buf reply = {0};

	*out = (struct status){0};
	statedir_path(path, state, "control");
	out->answer = control_ask(path, "status", CONTROL_SOON_MS, &reply, why);
	out->is_running = out->answer == CONTROL_ANSWERED;
	if (out->is_running)
		take_lines(out, &reply);
	else if (settings != NULL)
		take_settings(out, settings);
	buf_free(&reply);
	if (settings != NULL) {
		snprintf(out->name, sizeof out->name, "%s", settings->name);
		out->max_size = settings->max_size;
	}
	if (settings != NULL)
		out->is_stale = out->is_running && settings_is_stale(settings);
	status_add_overrides(out, state, settings);
	take_places(out, state);
	fill(out, state);
}

void status_free(struct status *s)
{
	struct status_unit *next;

	for (struct status_unit *u = s->units; u != NULL; u = next) {
		next = u->next;
		buf_free(&u->overrides);
		buf_free(&u->counts);
		free(u);
	}
	s->units = NULL;
}
