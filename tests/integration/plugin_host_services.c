/* SPDX-License-Identifier: MIT */
/* The stand-in for the router, what a plugin sees of it: options and services. */
#include "plugin_host_private.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int64_t plugin_host_now_ms(void)
{
	return host_clock_ms();
}

void plugin_host_jump(struct plugin_host *h, int64_t ms)
{
	host_jump(&h->host, ms);
}

void plugin_host_set(struct plugin_host *h, const char *key, const char *value)
{
	assert(!h->is_open); /* it has borrowed the texts */
	host_set(&h->host, key, value);
}

void plugin_host_render(struct plugin_host *h, const char *text)
{
	h->rendered = text;
}

static const char *option_rendered(void *router, const char *name)
{
	struct plugin_host *h = router;

	return h->rendered != NULL ? h->rendered : host_option_text(router, name);
}

struct plugin_host_outcome *plugin_host_outcome_at(struct plugin_host *h, uint64_t id)
{
	uint64_t size = h->outcome_size == 0 ? 1024 : h->outcome_size;

	assert(id < 50000000); /* ids are an index here */
	while (size <= id)
		size *= 2;
	if (size > h->outcome_size) {
		h->outcome = realloc(h->outcome, size * sizeof h->outcome[0]);
		assert(h->outcome != NULL);
		memset(h->outcome + h->outcome_size, 0,
		       (size - h->outcome_size) * sizeof h->outcome[0]);
		h->outcome_size = size;
	}
	return &h->outcome[id];
}

void plugin_host_settle(struct plugin_host *h, uint64_t id, enum frame_verdict verdict,
                        const char *reason, bool is_late)
{
	struct plugin_host_outcome *o = plugin_host_outcome_at(h, id);

	if (is_late && !o->is_submitted) {
		h->unknown++;
		return;
	}
	if (o->is_settled) {
		o->repeats++;
		return;
	}
	o->is_settled = true;
	o->verdict = verdict;
	snprintf(o->reason, sizeof o->reason, "%s", reason == NULL ? "" : reason);
	h->count[verdict]++;
	h->settled++;
}

static void settle(void *router, uint64_t id, enum frame_verdict verdict,
                   const char *reason)
{
	struct plugin_host *h = router;

	assert(verdict != FRAME_PENDING);
	pthread_mutex_lock(&h->host.lock);
	plugin_host_settle(h, id, verdict, reason, true);
	pthread_cond_broadcast(&h->host.changed);
	pthread_mutex_unlock(&h->host.lock);
}

static void tell_link(void *router, enum frame_link state, const char *why)
{
	struct plugin_host *h = router;

	assert(state < LINKS);
	pthread_mutex_lock(&h->host.lock);
	h->has_link[state] = true;
	h->last_link = state;
	snprintf(h->link_why[state], sizeof h->link_why[state], "%s",
	         why == NULL ? "" : why);
	pthread_cond_broadcast(&h->host.changed);
	pthread_mutex_unlock(&h->host.lock);
	host_wake(&h->host);
}

static void retry_after(void *router, uint32_t ms)
{
	struct plugin_host *h = router;

	pthread_mutex_lock(&h->host.lock);
	if (ms > h->retry_after_ms)
		h->retry_after_ms = ms;
	pthread_mutex_unlock(&h->host.lock);
}

static void limit_window(void *router, uint32_t messages)
{
	struct plugin_host *h = router;

	pthread_mutex_lock(&h->host.lock);
	h->limit = messages;
	pthread_mutex_unlock(&h->host.lock);
}

static void count(void *router, const char *name, uint64_t n)
{
	(void)router;
	(void)name;
	(void)n;
}

const struct frame_services plugin_host_services = {
	.struct_size = sizeof plugin_host_services,
	.option_text = host_option_text,
	.option_number = host_option_number,
	.option_list = host_option_list,
	.option_rendered = option_rendered,
	.settle = settle,
	.link = tell_link,
	.retry_after = retry_after,
	.limit_window = limit_window,
	.count = count,
	.log = host_log,
	.wake_fd = host_wake_fd,
	.now_ms = host_now_ms,
};
