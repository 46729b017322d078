/* SPDX-License-Identifier: MIT */
/*
 * The loop of an input: let the plugin gather, commit what it gathered, answer.  While a
 * commit syncs, the next group waits in the kernel's buffers: a group commit without
 * threads.
 */
#include "receive.h"

#include <stddef.h>
#include <stdlib.h>

#include "backoff.h"
#include "clock.h"
#include "exits.h"
#include "group.h"
#include "deadline.h"
#include "live.h"
#include "log.h"
#include "process.h"
#include "statedir.h"

#define LOOK_MS      60000
#define CALL_MS      20000 /* that a callback may take */
#define RETRY_MIN_MS 500
#define RETRY_MAX_MS 30000

struct receiver {
	struct option_source options; /* first, for option_service_text() */
	const struct settings *settings;
	const struct unit *unit;
	struct plugin plugin;
	struct process process;
	struct store *store;
	struct sensors *sensors;
	struct live *live;
	struct group group;
	void *instance;
	size_t answered_frames; /* of the line that is being answered */
	struct complaint full, lines;
	struct reason broken;
};

_Static_assert(offsetof(struct receiver, options) == 0,
               "option_service_text() expects it");

static int wake_fd(void *router)
{
	return ((struct receiver *)router)->process.wait_fd;
}

static size_t take_frame(void *router, const uint8_t *data, size_t len, uint64_t token,
                         int can_resend)
{
	struct receiver *r = router;

	group_add(&r->group, data, len, token, can_resend != 0);
	return group_is_full(&r->group) ? 0 : GROUP_MAX - r->group.len;
}

static size_t answered_frames(void *router)
{
	return ((struct receiver *)router)->answered_frames;
}

static const struct frame_input_services services = {
	.struct_size = sizeof(struct frame_input_services),
	.option_text = option_service_text,
	.option_number = option_service_number,
	.option_list = option_service_list,
	.log = option_service_log,
	.wake_fd = wake_fd,
	.now_ms = option_service_now_ms,
	.line_length = intake_line_length,
	.frame = take_frame,
	.answered_frames = answered_frames,
};

/* One line on the log for what came in wrong, however much of it comes. */
static void tell(struct receiver *r, const struct group_item *item)
{
	const char *why = group_reason(&r->group, item);

	if (item->answer == FRAME_ANSWER_LATER)
		complain(&r->full, LOG_LEVEL_ERROR, "takes nothing now: %s", why);
	else if (item->answer == FRAME_ANSWER_KEPT)
		complain(&r->lines, LOG_LEVEL_WARNING, "kept in quarantine: %s", why);
	else if (item->answer == FRAME_ANSWER_REFUSED)
		complain(&r->lines, LOG_LEVEL_WARNING, "refused a line: %s", why);
	else
		complaint_release(&r->full, "takes frames again");
}

static void answer_all(struct receiver *r)
{
	struct group *g = &r->group;

	for (size_t i = 0; i < g->len; i++)
		tell(r, &g->items[i]);
	deadline_begin("answer", CALL_MS);
	for (size_t at = 0; at < g->len;) {
		struct group_line line;

		at = group_line(g, at, &line);
		r->answered_frames = line.frames;
		r->plugin.input.answer(r->instance, line.token, line.answer, line.id,
		                       line.text);
	}
}

static void commit(struct receiver *r)
{
	struct group *g = &r->group;
	struct reason why = {""};

	if (!group_commit(g, r->store, &why))
		r->broken = why;
	answer_all(r);
	if (r->plugin.input.flush != NULL)
		r->plugin.input.flush(r->instance);
	live_reason(r->live, 0, "%s%s",
	            why.text[0] == '\0' ? "" : "takes nothing now: ", why.text);
	group_clear(g);
}

static void run(struct receiver *r)
{
	int64_t commit_ms = r->settings->commit_ms;

	while (!r->process.is_stopping && r->broken.text[0] == '\0') {
		int64_t now = clock_monotonic_ms();
		int64_t deadline =
			r->group.len == 0 ? now + LOOK_MS : r->group.since_ms + commit_ms;

		deadline_begin("poll", deadline - now + CALL_MS);
		r->plugin.input.poll(r->instance, deadline);
		deadline_end();
		process_wait(&r->process, 0);
		now = clock_monotonic_ms();
		if (r->group.len > 0 &&
		    (now >= r->group.since_ms + commit_ms || group_is_full(&r->group) ||
		     r->process.is_stopping))
			commit(r);
	}
}

/* Opens the plugin, again and again: a port that is taken may become free. */
static bool open_plugin(struct receiver *r)
{
	struct complaint complaint = {0};
	struct backoff backoff;
	char why[200] = "";

	backoff_init(&backoff, RETRY_MIN_MS, RETRY_MAX_MS);
	while (!r->process.is_stopping) {
		int64_t wait;
		int code;

		deadline_begin("open", CALL_MS);
		code = r->plugin.input.open(&r->instance, r, &services, why, sizeof why);
		deadline_end();
		if (code == 0) {
			complaint_release(&complaint, "is open again");
			live_reason(r->live, 0, "%s", "");
			return true;
		}
		wait = backoff_next(&backoff);
		complain(&complaint, LOG_LEVEL_ERROR, "%s", why);
		live_reason(r->live, clock_wall_ms() + wait, "%s", why);
		process_wait(&r->process, wait);
	}
	return false;
}

static bool open_all(struct receiver *r, const char *state, struct reason *why)
{
	char path[STATE_PATH_MAX];

	if (!process_init(&r->process, why) || !deadline_init(r->unit->name, why))
		return false;
	/* first the lock: it waits for a predecessor that has the other file, too */
	statedir_file(path, state, "inputs", r->unit->name, "lock");
	if (!process_lock(path, why))
		return false;
	statedir_file(path, state, "inputs", r->unit->name, "live");
	if (!live_open(&r->live, path, why) ||
	    !plugin_load(&r->plugin, r->unit->plugin_path, why))
		return false;
	live_version(r->live, r->plugin.version);
	option_source_init(&r->options, r->unit, &r->plugin);
	return sensors_load(&r->sensors, r->settings->sensors,
	                    settings_sensors(r->settings), why) &&
	       store_open_writer(&r->store, state, r->settings->max_size, why) &&
	       group_init(&r->group, r->sensors, r->unit->name, why);
}

static void close_all(struct receiver *r)
{
	if (r->options.plugin != NULL)
		option_source_forget(&r->options);
	group_free(&r->group);
	store_close(r->store);
	sensors_free(r->sensors);
	live_close(r->live);
	process_close(&r->process);
}

int receive_run(const struct settings *settings, const struct unit *unit,
                const char *state)
{
	struct receiver *r = calloc(1, sizeof *r);
	struct reason why = {""};
	int code = EXIT_FINE;

	if (r == NULL) {
		log_error("cannot start: out of memory");
		return EXIT_FAILED;
	}
	r->settings = settings;
	r->unit = unit;
	if (!open_all(r, state, &why)) {
		log_error("cannot start: %s", why.text);
		live_fatal(r->live, why.text);
		code = EXIT_FAILED;
	} else if (open_plugin(r)) {
		run(r);
		deadline_begin("close", CALL_MS);
		r->plugin.input.close(r->instance);
		deadline_end();
		if (r->broken.text[0] != '\0') {
			log_error("stops: %s", r->broken.text);
			live_fatal(r->live, r->broken.text);
			code = EXIT_STORAGE;
		}
	}
	close_all(r);
	free(r);
	return code;
}
