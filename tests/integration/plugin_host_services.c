/* SPDX-License-Identifier: MIT */
/* The stand-in for the router, what a plugin sees of it: options and services. */
#include "plugin_host_private.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct {
	const char *key;
	const char *value;
} defaults[] = {
	{"timeout", "10s"},
	{"window", "100"},
	{"insecure", "no"},
};

int64_t plugin_host_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- options ---- */

static bool is_list(const struct plugin_host *h, const char *key)
{
	const struct frame_option *const *o = h->plugin.options;

	for (; o != NULL && *o != NULL; o++)
		if (strcmp((*o)->name, key) == 0)
			return (*o)->type == FRAME_OPTION_LIST;
	return false;
}

void plugin_host_set(struct plugin_host *h, const char *key, const char *value)
{
	assert(!h->is_open); /* it has borrowed the texts */
	for (unsigned i = 0; (value == NULL || !is_list(h, key)) && i < h->set_len;) {
		if (strcmp(h->set[i].key, key) != 0) {
			i++;
			continue;
		}
		free(h->set[i].key);
		free(h->set[i].value);
		h->set[i] = h->set[--h->set_len];
	}
	assert(h->set_len < OPTIONS_MAX);
	if (value != NULL)
		h->set[h->set_len++] = (struct setting){strdup(key), strdup(value)};
}

static const char *option_text(void *router, const char *name)
{
	struct plugin_host *h = router;
	const struct frame_option *const *o = h->plugin.options;

	for (unsigned i = 0; i < h->set_len; i++)
		if (strcmp(h->set[i].key, name) == 0)
			return h->set[i].value;
	for (; o != NULL && *o != NULL; o++)
		if (strcmp((*o)->name, name) == 0)
			return (*o)->default_value;
	for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
		if (strcmp(defaults[i].key, name) == 0)
			return defaults[i].value;
	return NULL;
}

void plugin_host_render(struct plugin_host *h, const char *text)
{
	h->rendered = text;
}

static const char *option_rendered(void *router, const char *name)
{
	struct plugin_host *h = router;

	return h->rendered != NULL ? h->rendered : option_text(router, name);
}

static const char *option_list(void *router, const char *name, size_t index)
{
	struct plugin_host *h = router;

	for (unsigned i = 0; i < h->set_len; i++)
		if (strcmp(h->set[i].key, name) == 0 && index-- == 0)
			return h->set[i].value;
	return NULL;
}

static int64_t option_number(void *router, const char *name)
{
	static const struct {
		const char *unit;
		int64_t factor;
	} units[] = {{"", 1},        {"ms", 1},      {"s", 1000},
	             {"m", 60000},   {"h", 3600000}, {"d", 86400000},
	             {"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}};
	const char *text = option_text(router, name);
	char *rest;
	int64_t number;

	if (text == NULL)
		return 0;
	if (strcmp(text, "yes") == 0 || strcmp(text, "no") == 0)
		return text[0] == 'y';
	number = strtoll(text, &rest, 10);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(units[i].unit, rest) == 0)
			return number * units[i].factor;
	return 0;
}

int64_t plugin_host_option(struct plugin_host *h, const char *key)
{
	return option_number(h, key);
}

/* ---- the other services ---- */

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
	pthread_mutex_lock(&h->lock);
	plugin_host_settle(h, id, verdict, reason, true);
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->lock);
}

static void tell_link(void *router, enum frame_link state, const char *why)
{
	struct plugin_host *h = router;

	assert(state < LINKS);
	pthread_mutex_lock(&h->lock);
	h->has_link[state] = true;
	h->last_link = state;
	snprintf(h->link_why[state], sizeof h->link_why[state], "%s",
	         why == NULL ? "" : why);
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->lock);
	if (write(h->wake_fd, &(uint64_t){1}, sizeof(uint64_t)) < 0)
		return; /* full is as good as written */
}

static void retry_after(void *router, uint32_t ms)
{
	struct plugin_host *h = router;

	pthread_mutex_lock(&h->lock);
	if (ms > h->retry_after_ms)
		h->retry_after_ms = ms;
	pthread_mutex_unlock(&h->lock);
}

static void limit_window(void *router, uint32_t messages)
{
	struct plugin_host *h = router;

	pthread_mutex_lock(&h->lock);
	h->limit = messages;
	pthread_mutex_unlock(&h->lock);
}

static void count(void *router, const char *name, uint64_t n)
{
	(void)router;
	(void)name;
	(void)n;
}

static void keep_log(void *router, enum frame_log_level level, const char *text)
{
	struct plugin_host *h = router;
	size_t len;

	(void)level;
	pthread_mutex_lock(&h->lock);
	len = strlen(h->log);
	snprintf(h->log + len, sizeof h->log - len, "%s\n", text);
	pthread_mutex_unlock(&h->lock);
}

static int wake_fd(void *router)
{
	return ((struct plugin_host *)router)->wake_fd;
}

static int64_t now_ms(void *router)
{
	return plugin_host_now_ms() +
	       __atomic_load_n(&((struct plugin_host *)router)->jumped_ms,
	                       __ATOMIC_SEQ_CST);
}

void plugin_host_jump(struct plugin_host *h, int64_t ms)
{
	__atomic_add_fetch(&h->jumped_ms, ms, __ATOMIC_SEQ_CST);
}

const struct frame_services plugin_host_services = {
	.struct_size = sizeof plugin_host_services,
	.option_text = option_text,
	.option_number = option_number,
	.option_list = option_list,
	.option_rendered = option_rendered,
	.settle = settle,
	.link = tell_link,
	.retry_after = retry_after,
	.limit_window = limit_window,
	.count = count,
	.log = keep_log,
	.wake_fd = wake_fd,
	.now_ms = now_ms,
};
