/* SPDX-License-Identifier: MIT */
/* The stand-in for the router, what a test sees of it: callbacks, waiting, the account.
 */
#include "plugin_host_private.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- life ---- */

struct plugin_host *plugin_host_load(const char *path)
{
	const struct frame_output *table;
	struct plugin_host *h = calloc(1, sizeof *h);
	size_t size;

	assert(h != NULL);
	table = host_load(&h->host, path, "frame_output_plugin");
	size = table->struct_size < sizeof h->plugin ? table->struct_size
	                                             : sizeof h->plugin;
	memcpy(&h->plugin, table, size);
	if (h->plugin.abi != 1 || h->plugin.open == NULL || h->plugin.submit == NULL ||
	    h->plugin.close == NULL) {
		printf("Bail out! %s: its table is not whole\n", path);
		exit(99);
	}
	h->host.options = h->plugin.options;
	return h;
}

void plugin_host_free(struct plugin_host *h)
{
	plugin_host_close(h);
	host_free(&h->host);
	free(h->outcome);
	free(h);
}

bool plugin_host_check(struct plugin_host *h)
{
	h->host.why[0] = '\0';
	return h->plugin.check == NULL ||
	       h->plugin.check(h, &plugin_host_services, h->host.why,
	                       sizeof h->host.why) == 0;
}

bool plugin_host_open(struct plugin_host *h)
{
	assert(!h->is_open);
	pthread_mutex_lock(&h->host.lock);
	free(h->outcome);
	h->outcome = NULL;
	h->outcome_size = 0;
	h->submitted = h->settled = h->unknown = h->limit = 0;
	h->retry_after_ms = 0;
	memset(h->count, 0, sizeof h->count);
	memset(h->has_link, 0, sizeof h->has_link);
	memset(h->link_why, 0, sizeof h->link_why);
	h->last_link = FRAME_LINK_UP;
	h->host.log[0] = '\0';
	pthread_mutex_unlock(&h->host.lock);
	host_clear_wake(&h->host);
	h->host.why[0] = '\0';
	h->is_open = h->plugin.open(&h->instance, h, &plugin_host_services, h->host.why,
	                            sizeof h->host.why) == 0;
	return h->is_open;
}

bool plugin_host_test(struct plugin_host *h)
{
	h->host.why[0] = '\0';
	if (h->plugin.test != NULL)
		return h->plugin.test(h, &plugin_host_services, h->host.why,
		                      sizeof h->host.why) == 0;
	if (!plugin_host_open(h))
		return false;
	plugin_host_close(h);
	return true;
}

enum frame_verdict plugin_host_submit(struct plugin_host *h,
                                      const struct frame_message *message)
{
	enum frame_verdict verdict;

	assert(h->is_open);
	pthread_mutex_lock(&h->host.lock);
	assert(!plugin_host_outcome_at(h, message->id)->is_submitted);
	plugin_host_outcome_at(h, message->id)->is_submitted = true;
	h->submitted++;
	pthread_mutex_unlock(&h->host.lock);
	h->host.why[0] = '\0';
	verdict = h->plugin.submit(h->instance, message, h->host.why, sizeof h->host.why);
	if (verdict == FRAME_PENDING)
		return verdict;
	pthread_mutex_lock(&h->host.lock);
	plugin_host_settle(h, message->id, verdict, h->host.why, false);
	pthread_mutex_unlock(&h->host.lock);
	return verdict;
}

void plugin_host_flush(struct plugin_host *h)
{
	if (h->plugin.flush != NULL)
		h->plugin.flush(h->instance);
}

void plugin_host_close(struct plugin_host *h)
{
	if (h->is_open)
		h->plugin.close(h->instance);
	h->is_open = false;
}

const char *plugin_host_why(const struct plugin_host *h)
{
	return h->host.why;
}

enum frame_verdict plugin_host_send(struct plugin_host *h, uint64_t id, const char *topic,
                                    const char *payload)
{
	char uid[64];
	struct frame_message message = {
		.struct_size = sizeof message,
		.attempt = 1,
		.id = id,
		.received_ms = 1764000000000,
		.uid = uid,
		.topic = topic,
		.payload = payload,
		.payload_len = strlen(payload),
		.document = payload,
		.document_len = strlen(payload),
		.node = "node",
	};

	snprintf(uid, sizeof uid, "00000000000000aa-%" PRIu64, id);
	return plugin_host_submit(h, &message);
}

/* ---- waiting ---- */

/* Whether what is waited for has happened; called with the lock held. */
typedef bool (*condition)(const struct plugin_host *h, unsigned number);

static bool wait_with_poll(struct plugin_host *h, condition is_met, unsigned number,
                           int64_t deadline_ms)
{
	for (;;) {
		bool is_enough;

		pthread_mutex_lock(&h->host.lock);
		is_enough = is_met(h, number);
		pthread_mutex_unlock(&h->host.lock);
		if (is_enough)
			return true;
		if (plugin_host_now_ms() >= deadline_ms)
			return false;
		h->plugin.poll(h->instance, deadline_ms);
		host_clear_wake(&h->host);
	}
}

static bool wait_until(struct plugin_host *h, condition is_met, unsigned number,
                       int64_t timeout_ms)
{
	int64_t deadline_ms = plugin_host_now_ms() + timeout_ms;
	bool is_enough;

	if (h->plugin.poll != NULL && h->is_open)
		return wait_with_poll(h, is_met, number, deadline_ms);
	pthread_mutex_lock(&h->host.lock);
	while (!(is_enough = is_met(h, number)))
		if (!host_wait(&h->host, deadline_ms))
			break;
	pthread_mutex_unlock(&h->host.lock);
	return is_enough;
}

static bool has_settled(const struct plugin_host *h, unsigned number)
{
	return h->settled >= number;
}

static bool has_link(const struct plugin_host *h, unsigned number)
{
	return h->has_link[number];
}

static bool has_room_or_is_down(const struct plugin_host *h, unsigned number)
{
	return h->submitted - h->settled < number || h->last_link == FRAME_LINK_DOWN;
}

bool plugin_host_wait_settled(struct plugin_host *h, unsigned number, int64_t timeout_ms)
{
	return wait_until(h, has_settled, number, timeout_ms);
}

bool plugin_host_wait_room(struct plugin_host *h, unsigned below, int64_t timeout_ms)
{
	wait_until(h, has_room_or_is_down, below, timeout_ms);
	return plugin_host_in_flight(h) < below;
}

bool plugin_host_wait_link(struct plugin_host *h, enum frame_link state,
                           int64_t timeout_ms)
{
	return wait_until(h, has_link, state, timeout_ms);
}

bool plugin_host_drive(struct plugin_host *h, uint64_t first, uint64_t last,
                       const char *topic, int64_t timeout_ms)
{
	int64_t deadline_ms = plugin_host_now_ms() + timeout_ms;
	unsigned window = (unsigned)host_option_number(h, "window");
	unsigned in_flight = plugin_host_in_flight(h);
	unsigned limit = plugin_host_limit(h);
	char payload[40];

	if (limit != 0 && limit < window)
		window = limit;
	for (uint64_t id = first; id <= last; id++) {
		if (in_flight >= window) {
			plugin_host_flush(h);
			if (!plugin_host_wait_room(h, window,
			                           deadline_ms - plugin_host_now_ms()))
				return false;
			in_flight = plugin_host_in_flight(h);
		}
		snprintf(payload, sizeof payload, "{\"n\":%" PRIu64 "}", id);
		if (plugin_host_send(h, id, topic, payload) == FRAME_PENDING)
			in_flight++;
	}
	plugin_host_flush(h);
	return plugin_host_wait_room(h, 1, deadline_ms - plugin_host_now_ms());
}

/* ---- the account ---- */

struct plugin_host_outcome plugin_host_outcome(struct plugin_host *h, uint64_t id)
{
	struct plugin_host_outcome o;

	pthread_mutex_lock(&h->host.lock);
	o = *plugin_host_outcome_at(h, id);
	pthread_mutex_unlock(&h->host.lock);
	return o;
}

unsigned plugin_host_count(struct plugin_host *h, enum frame_verdict verdict)
{
	return host_read(&h->host, &h->count[verdict]);
}

unsigned plugin_host_in_flight(struct plugin_host *h)
{
	unsigned in_flight;

	pthread_mutex_lock(&h->host.lock);
	in_flight = h->submitted - h->settled;
	pthread_mutex_unlock(&h->host.lock);
	return in_flight;
}

unsigned plugin_host_unknown(struct plugin_host *h)
{
	return host_read(&h->host, &h->unknown);
}

unsigned plugin_host_limit(struct plugin_host *h)
{
	return host_read(&h->host, &h->limit);
}

uint32_t plugin_host_retry_after(struct plugin_host *h)
{
	return host_read(&h->host, &h->retry_after_ms);
}

const char *plugin_host_link_why(struct plugin_host *h, enum frame_link state)
{
	return h->link_why[state];
}

const char *plugin_host_log(struct plugin_host *h)
{
	return h->host.log;
}
