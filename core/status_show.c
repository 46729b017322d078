/* SPDX-License-Identifier: MIT */
/* How it stands, as a table for people and as one line of JSON for programs. */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "status.h"

#define DISK_FULL (256 * 1024) /* bytes: too few to take frames */

static void json_text(struct buf *out, const char *key, const char *text)
{
	buf_format(out, "\"%s\":", key);
	json_add_string(out, text, strlen(text));
}

static void json_unit(struct buf *out, const struct status_unit *u)
{
	buf_char(out, '{');
	json_text(out, "name", u->name);
	buf_char(out, ',');
	json_text(out, "plugin", u->plugin);
	buf_format(out, ",\"state\":\"%s\",", u->is_running ? "Running" : "Stopped");
	json_text(out, "reason", u->reason);
	if (u->kind == PLUGIN_INPUT) {
		buf_format(out, ",\"received\":%llu}", (unsigned long long)u->received);
		return;
	}
	buf_format(
		out,
		",\"delivered\":%llu,\"rejected\":%llu,\"skipped\":%llu,\"evicted\":%llu,"
		"\"waiting\":%llu,\"in_flight\":%llu,\"oldest_waiting_s\":",
		(unsigned long long)u->place.delivered,
		(unsigned long long)u->place.rejected,
		(unsigned long long)u->place.skipped,
		(unsigned long long)u->place.evicted, (unsigned long long)u->waiting,
		(unsigned long long)u->in_flight);
	if (u->oldest_waiting_ms < 0)
		buf_text(out, "null}");
	else
		buf_format(out, "%.3f}", (double)u->oldest_waiting_ms / 1000);
}

static void json_units(struct buf *out, const struct status *s,
                       const struct status_unit *only, enum plugin_kind kind)
{
	const char *comma = "";

	for (const struct status_unit *u = s->units; u != NULL; u = u->next) {
		if (u->kind != kind || (only != NULL && u != only))
			continue;
		buf_text(out, comma);
		json_unit(out, u);
		comma = ",";
	}
}

void status_json(const struct status *s, const struct status_unit *only, struct buf *out)
{
	buf_text(out, "{\"router\":{");
	json_text(out, "name", s->name);
	buf_format(out, ",\"state\":\"%s\",", s->is_running ? "Running" : "Stopped");
	json_text(out, "version", s->is_running ? s->version : PACKAGE_VERSION);
	buf_char(out, ',');
	json_text(out, "store", s->store_id);
	buf_format(out,
	           "},\"store\":{\"frames\":%llu,\"bytes\":%lld,\"quarantined\":%lld},",
	           (unsigned long long)s->numbers.frames, (long long)s->numbers.bytes,
	           (long long)s->numbers.quarantined);
	buf_text(out, "\"inputs\":[");
	json_units(out, s, only, PLUGIN_INPUT);
	buf_text(out, "],\"outputs\":[");
	json_units(out, s, only, PLUGIN_OUTPUT);
	buf_text(out, "]}\n");
}

static const char *age(int64_t ms, char out[24])
{
	double s = (double)ms / 1000;

	if (ms < 0)
		return "-";
	if (s < 120)
		snprintf(out, 24, "%.0f s", s);
	else if (s < 7200)
		snprintf(out, 24, "%.0f min", s / 60);
	else if (s < 172800)
		snprintf(out, 24, "%.0f h", s / 3600);
	else
		snprintf(out, 24, "%.0f days", s / 86400);
	return out;
}

static const char *size(int64_t bytes, char out[24])
{
	if (bytes < 1 << 20)
		snprintf(out, 24, "%lld KiB", (long long)(bytes + 1023) / 1024);
	else if (bytes < 1 << 30)
		snprintf(out, 24, "%.1f MiB", (double)bytes / (1 << 20));
	else
		snprintf(out, 24, "%.1f GiB", (double)bytes / (1 << 30));
	return out;
}

static void add_state(struct buf *out, const struct status_unit *u)
{
	buf_text(out, u->is_running ? "Running" : "Stopped");
	if (u->reason[0] != '\0')
		buf_format(out, " (%s)", u->reason);
}

static void add_store(struct buf *out, const struct status *s)
{
	int64_t room = s->max_size - s->numbers.bytes;
	char used[24], most[24], when[24];

	if (s->trouble[0] != '\0') {
		buf_format(out, "store: cannot be read: %s\n", s->trouble);
		return;
	}
	buf_format(out, "store: %llu frames, %s of %s",
	           (unsigned long long)s->numbers.frames, size(s->numbers.bytes, used),
	           size(s->max_size, most));
	if (s->numbers.quarantined > 0)
		buf_format(out, ", %lld %s in quarantine",
		           (long long)s->numbers.quarantined,
		           s->numbers.quarantined == 1 ? "line" : "lines");
	if (room <= 0)
		buf_text(out, ", FULL: new frames are refused");
	else if (s->disk_free >= 0 && s->disk_free < DISK_FULL)
		buf_text(out, ", the DISK IS FULL: new frames are refused");
	else if (s->numbers.bytes_per_s > 0 &&
	         (double)room / s->numbers.bytes_per_s < 172800)
		buf_format(out, ", full in %s at this rate",
		           age((int64_t)((double)room / s->numbers.bytes_per_s * 1000),
		               when));
	buf_char(out, '\n');
}

static int name_width(const struct status *s)
{
	size_t width = 6;

	for (const struct status_unit *u = s->units; u != NULL; u = u->next)
		if (strlen(u->name) > width)
			width = strlen(u->name);
	return (int)width;
}

static void add_inputs(struct buf *out, const struct status *s, int width)
{
	bool has_any = false;

	for (const struct status_unit *u = s->units; u != NULL; u = u->next) {
		if (u->kind != PLUGIN_INPUT)
			continue;
		if (!has_any)
			buf_format(out, "\n%-*s  %-12s  %10s  %s\n", width, "INPUT",
			           "PLUGIN", "RECEIVED", "STATE");
		has_any = true;
		buf_format(out, "%-*s  %-12s  %10llu  ", width, u->name, u->plugin,
		           (unsigned long long)u->received);
		add_state(out, u);
		buf_char(out, '\n');
	}
}

static void add_outputs(struct buf *out, const struct status *s, int width)
{
	bool has_any = false;
	char oldest[24];

	for (const struct status_unit *u = s->units; u != NULL; u = u->next) {
		if (u->kind != PLUGIN_OUTPUT)
			continue;
		if (!has_any)
			buf_format(out, "\n%-*s  %-12s  %10s  %8s  %8s  %8s  %s\n", width,
			           "OUTPUT", "PLUGIN", "DELIVERED", "WAITING", "OLDEST",
			           "REJECTED", "STATE");
		has_any = true;
		buf_format(out, "%-*s  %-12s  %10llu  %8llu  %8s  %8llu  ", width,
		           u->name, u->plugin[0] == '\0' ? "-" : u->plugin,
		           (unsigned long long)u->place.delivered,
		           (unsigned long long)u->waiting,
		           age(u->oldest_waiting_ms, oldest),
		           (unsigned long long)u->place.rejected);
		add_state(out, u);
		if (u->place.evicted > 0)
			buf_format(out, " %llu frames EVICTED",
			           (unsigned long long)u->place.evicted);
		if (!u->is_balanced)
			buf_text(out, " ACCOUNTS DO NOT BALANCE");
		buf_char(out, '\n');
	}
}

/* What makes it run otherwise than conf.d says. */
static void add_notes(struct buf *out, const struct status *s)
{
	if (s->is_stale)
		buf_text(out, "\nconf.d has changed since: frame-router reload applies "
		              "it\n");
	for (const struct status_unit *u = s->units; u != NULL; u = u->next)
		if (u->overrides.len > 0)
			buf_format(out,
			           "\noverride of %s: %s (frame-router reset %s drops "
			           "it)\n",
			           u->name, buf_string(&u->overrides), u->name);
}

void status_text(const struct status *s, struct buf *out)
{
	int width = name_width(s);

	buf_format(out, "frame-router %s: %s", s->name,
	           s->is_running ? "Running" : "Stopped");
	if (s->is_running)
		buf_format(out, " (version %s, process %d)", s->version, (int)s->pid);
	buf_char(out, '\n');
	add_store(out, s);
	add_inputs(out, s, width);
	add_outputs(out, s, width);
	add_notes(out, s);
}

void status_unit_text(const struct status_unit *u, struct buf *out)
{
	char oldest[24], since[24];

	buf_format(out, "%s (%s): ", u->name, u->plugin);
	add_state(out, u);
	buf_char(out, '\n');
	if (u->pid != 0)
		buf_format(out, "  process      %d\n", (int)u->pid);
	if (u->overrides.len > 0)
		buf_format(out, "  override     %s\n", buf_string(&u->overrides));
	if (u->kind == PLUGIN_INPUT) {
		buf_format(out, "  received     %llu\n", (unsigned long long)u->received);
		return;
	}
	buf_format(out, "  received     %llu frames since it began%s\n",
	           (unsigned long long)u->given,
	           u->is_balanced ? "" : ": the accounts below do NOT balance with it");
	buf_format(out, "  delivered    %llu\n", (unsigned long long)u->place.delivered);
	buf_format(out, "  rejected     %llu (dead letters)\n",
	           (unsigned long long)u->place.rejected);
	buf_format(out, "  skipped      %llu (by `where`)\n",
	           (unsigned long long)u->place.skipped);
	buf_format(out, "  evicted      %llu\n", (unsigned long long)u->place.evicted);
	buf_format(out, "  waiting      %llu", (unsigned long long)u->waiting);
	if (u->oldest_waiting_ms >= 0)
		buf_format(out, ", the oldest for %s", age(u->oldest_waiting_ms, oldest));
	buf_char(out, '\n');
	buf_format(out, "  in flight    %llu\n", (unsigned long long)u->in_flight);
	buf_format(out, "  place        behind frame %llu\n",
	           (unsigned long long)u->place.cursor);
	if (u->counts.len > 0)
		buf_format(out, "  since start  %s\n", buf_string(&u->counts));
	if (u->error_ms >= 0)
		buf_format(out, "  last error   %s ago: %s\n", age(u->error_ms, since),
		           u->error);
}
