/* SPDX-License-Identifier: MIT */
/* Makes what the process of an output works with, and finds where it has to begin. */
#include <stdlib.h>
#include <string.h>

#include "deadline.h"
#include "option.h"
#include "output.h"
#include "place_begin.h"

static void read_options(struct output *o)
{
	const struct unit *u = o->unit;

	o->timeout_ms = unit_number(u, &o->plugin, "timeout");
	o->batch_wait_ms = unit_number(u, &o->plugin, "batch_wait");
	o->window_max = (unsigned)unit_number(u, &o->plugin, "window");
	o->batch = (unsigned)unit_number(u, &o->plugin, "batch");
	backoff_init(&o->backoff, (uint32_t)unit_number(u, &o->plugin, "retry_min"),
	             (uint32_t)unit_number(u, &o->plugin, "retry_max"));
	settings_hold(o->settings, u, &o->hold_bytes, &o->hold_ms);
}

static bool add_template(struct output *o, const struct frame_option *option,
                         struct template **slot, struct reason *why)
{
	const char *text = unit_text(o->unit, &o->plugin, option->name);

	if (text == NULL || text[0] == '\0')
		return true;
	return template_compile(slot, text, template_use_of(option), why) ||
	       fail_context(why, "%s", option->name);
}

/* The plugin's own. */
static bool add_further(struct output *o, const struct frame_option *option,
                        struct reason *why)
{
	struct message_plan *plan = &o->plan;

	if (plan->count == MESSAGE_TEMPLATES_MAX)
		return fail(why, "%s: too many templates", option->name);
	if (!add_template(o, option, &plan->templates[plan->count], why))
		return false;
	if (plan->templates[plan->count] != NULL)
		plan->names[plan->count++] = option->name;
	return true;
}

static bool add_units(struct output *o, struct reason *why)
{
	struct sensors *sensors;
	bool is_made;

	if (!sensors_load(&sensors, o->settings->sensors, settings_sensors(o->settings),
	                  why))
		return false;
	is_made = senml_units_make(&o->units, sensors, why);
	sensors_free(sensors);
	o->plan.units = o->units;
	return is_made;
}

static bool names_reading(const struct message_plan *plan)
{
	if ((plan->topic != NULL && template_is_per_reading(plan->topic)) ||
	    (plan->payload != NULL && template_is_per_reading(plan->payload)))
		return true;
	for (unsigned i = 0; i < plan->count; i++)
		if (template_is_per_reading(plan->templates[i]))
			return true;
	return false;
}

static bool choose_form(struct output *o, struct reason *why)
{
	const char *format = unit_text(o->unit, &o->plugin, "format");
	const char *per = unit_text(o->unit, &o->plugin, "per");
	struct message_plan *plan = &o->plan;

	plan->is_per_reading = strcmp(per, "reading") == 0 ||
	                       (strcmp(per, "auto") == 0 && names_reading(plan));
	if (plan->is_per_reading) {
		o->readings = calloc(1, sizeof *o->readings);
		if (o->readings == NULL)
			return fail(why, "out of memory");
	}
	if (plan->payload != NULL) {
		plan->format = MESSAGE_TEMPLATE;
	} else if (strcmp(format, "senml") == 0) {
		plan->format = MESSAGE_SENML;
		return add_units(o, why);
	}
	return true;
}

static bool make_plan(struct output *o, struct reason *why)
{
	const struct plugin *p = &o->plugin;
	struct message_plan *plan = &o->plan;

	plan->origin.store_id = store_id(o->store);
	plan->origin.router = o->settings->name;
	if (!add_template(o, plugin_option(p, "topic"), &plan->topic, why) ||
	    !add_template(o, plugin_option(p, "message"), &plan->payload, why))
		return false;
	for (const struct frame_option *const *at = p->options; *at != NULL; at++)
		if ((*at)->type == FRAME_OPTION_TEMPLATE &&
		    option_find(option_every_output, (*at)->name) == NULL &&
		    !add_further(o, *at, why))
			return false;
	return choose_form(o, why);
}

/* Room for what comes next while the front waits, and for a frame of many readings. */
static bool make_window(struct output *o, struct reason *why)
{
	unsigned capacity = o->window_max < 16 ? 64 : 4 * o->window_max;

	if (o->plan.is_per_reading && capacity < JSON_READINGS_MAX)
		capacity = JSON_READINGS_MAX;
	if (!window_init(&o->window, capacity))
		return fail(why, "out of memory for a window of %u messages",
		            o->window_max);
	o->messages = calloc(o->window.capacity, sizeof *o->messages);
	o->reasons = calloc(o->window.capacity, sizeof *o->reasons);
	if (o->messages == NULL || o->reasons == NULL)
		return fail(why, "out of memory for a window of %u messages",
		            o->window_max);
	return true;
}

/* A place that is new begins behind this frame. */
static uint64_t find_begin(struct output *o)
{
	const char *begin = unit_text(o->unit, &o->plugin, "begin");
	enum option_begin kind = OPTION_BEGIN_OLDEST;
	uint64_t before = 0;
	int64_t wall_ms;

	if (begin != NULL)
		option_parse_begin(begin, &kind, &wall_ms, NULL);
	if (kind == OPTION_BEGIN_NOW)
		return store_last_id(o->store);
	if (kind == OPTION_BEGIN_TIME)
		before = store_find_time(o->store, wall_ms);
	return before > 0 ? before : store_first_id(o->store) - 1;
}

static void tell_anew(const struct output *o, enum place_state state)
{
	if (state == PLACE_DAMAGED)
		log_error("its place is damaged: it begins behind frame %llu, where its "
		          "delivery log ends; its counters begin anew",
		          (unsigned long long)o->at.begin);
	else if (state == PLACE_GOOD)
		log_warning("the store is a new one: its place begins anew");
}

static bool find_place(struct output *o, const char *path, struct reason *why)
{
	enum place_state state;

	if (!place_open(&o->place, path, &state, why))
		return false;
	o->at = *place_get(o->place);
	if (place_begin(&o->at, state, o->store, o->ledger,
	                state == PLACE_NONE ? find_begin(o) : 0)) {
		tell_anew(o, state);
		place_set(o->place, &o->at);
	}
	o->loaded = o->at.cursor;
	o->may_have_more = true;
	return place_sync(o->place, why);
}

static bool open_live(struct output *o, const char *state, struct reason *why)
{
	char path[STATE_PATH_MAX];

	statedir_file(path, state, "outputs", o->unit->name, "lock");
	if (!process_lock(path, why))
		return false;
	statedir_file(path, state, "outputs", o->unit->name, "live");
	return live_open(&o->live, path, why);
}

static bool open_files(struct output *o, const char *state, struct reason *why)
{
	const char *name = o->unit->name;
	char path[STATE_PATH_MAX];

	statedir_file(path, state, "outputs", name, "db");
	if (!store_open_reader(&o->store, state, why) ||
	    !ledger_open(&o->ledger, path, why))
		return false;
	statedir_file(path, state, "outputs", name, "place");
	return statedir_watch(&o->watch, state, why) && find_place(o, path, why);
}

static bool open_waiting(struct output *o, struct reason *why)
{
	return process_init(&o->process, why) && deadline_init(o->unit->name, why) &&
	       mailbox_open(&o->mailbox, why) &&
	       process_watch(&o->process, o->mailbox.fd, why);
}

bool output_open(struct output *o, const struct settings *settings,
                 const struct unit *unit, const char *state, struct reason *why)
{
	o->settings = settings;
	o->unit = unit;
	o->watch.fd = -1;
	if (!open_waiting(o, why) || !open_live(o, state, why) ||
	    !plugin_load(&o->plugin, unit->plugin_path, why))
		return false;
	live_version(o->live, o->plugin.version);
	option_source_init(&o->options, unit, &o->plugin);
	read_options(o);
	if (!open_files(o, state, why) || !make_plan(o, why) || !make_window(o, why) ||
	    !process_watch(&o->process, o->watch.fd, why))
		return false;
	return store_want(o->store, unit_text(unit, &o->plugin, "where"),
	                  unit_text(unit, &o->plugin, "select"), why);
}

void output_close(struct output *o)
{
	struct reason why;

	if (o->place != NULL && !place_sync(o->place, &why))
		log_error("%s", why.text);
	for (unsigned i = 0; i < o->window.capacity; i++) {
		if (o->messages != NULL)
			message_free(&o->messages[i]);
		if (o->reasons != NULL)
			free(o->reasons[i]);
	}
	free(o->messages);
	free(o->reasons);
	window_free(&o->window);
	template_free(o->plan.topic);
	template_free(o->plan.payload);
	for (unsigned i = 0; i < o->plan.count; i++)
		template_free(o->plan.templates[i]);
	if (o->readings != NULL)
		reading_list_free(o->readings);
	free(o->readings);
	senml_units_free(o->units);
	place_close(o->place);
	ledger_close(o->ledger);
	store_close(o->store);
	if (o->watch.fd >= 0)
		statedir_watch_close(&o->watch);
	if (o->options.plugin != NULL)
		option_source_forget(&o->options);
	live_close(o->live);
	if (o->mailbox.fd > 0)
		mailbox_close(&o->mailbox);
	process_close(&o->process);
}
