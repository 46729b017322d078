/* SPDX-License-Identifier: MIT */
/*
 * The loop of the housekeeping: a round after something was written, but a few a second
 * at most, and one a minute.
 */
#include "housekeep.h"

#include <string.h>

#include "clock.h"
#include "exits.h"
#include "keep.h"
#include "log.h"
#include "process.h"
#include "statedir.h"

#define ROUND_MS 50   /* between rounds while frames come: SQLite's log stays short */
#define HOLD_MS  5000 /* between looks at outputs that do not run, while frames come */

struct housekeeper {
	const struct settings *settings;
	const char *state;
	struct process process;
	struct statedir_watch watch;
	struct keep *keep;
};

static bool open_all(struct housekeeper *h, struct reason *why)
{
	struct keep_rules rules = {h->settings->keep_ms, h->settings->max_size};
	char path[STATE_PATH_MAX];

	statedir_path(path, h->state, "housekeeping.lock");
	return process_init(&h->process, why) && process_lock(path, why) &&
	       statedir_watch(&h->watch, h->state, why) &&
	       process_watch(&h->process, h->watch.fd, why) &&
	       keep_open(&h->keep, h->state, &rules, why);
}

static bool hold_place(void *context, const char *path, const char *name)
{
	struct housekeeper *h = context;
	struct reason why = {""};
	int64_t bytes, ms;

	(void)path;
	settings_hold(h->settings, settings_unit(h->settings, name), &bytes, &ms);
	if (keep_hold_place(h->state, name, bytes, ms, &why) < 0)
		log_warning("%s: hold: %s", name, why.text);
	return true;
}

/* Outputs that run apply `hold` themselves; one that is no longer configured has a place,
 * too. */
static void hold_stopped(struct housekeeper *h)
{
	struct reason why = {""};

	if (!statedir_each(h->state, "outputs", "place", hold_place, h, &why))
		log_warning("hold: %s", why.text);
}

static bool run(struct housekeeper *h, struct reason *why)
{
	int64_t next_hold = clock_monotonic_ms();

	while (!h->process.is_stopping) {
		int64_t wait = keep_round(h->keep, why);
		int64_t begun = clock_monotonic_ms();

		if (wait < 0)
			return false;
		if (begun >= next_hold) {
			hold_stopped(h);
			next_hold = begun + HOLD_MS;
		}
		/* what was written meanwhile is seen at once, but not acted upon at once
		 */
		process_wait(&h->process, wait);
		if (statedir_watch_read(&h->watch) && !h->process.is_stopping) {
			int64_t rest = begun + ROUND_MS - clock_monotonic_ms();

			if (rest > 0)
				process_pause(&h->process, rest);
		}
	}
	return true;
}

int housekeep_run(const struct settings *settings, const char *state)
{
	struct housekeeper h = {.settings = settings, .state = state, .watch.fd = -1};
	struct reason why = {""};
	int code = EXIT_FINE;

	if (!open_all(&h, &why) || !run(&h, &why)) {
		log_error("%s", why.text);
		code = EXIT_STORAGE;
	}
	keep_close(h.keep);
	if (h.watch.fd >= 0)
		statedir_watch_close(&h.watch);
	process_close(&h.process);
	return code;
}
