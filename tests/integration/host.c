/* SPDX-License-Identifier: MIT */
/* Loading, options and the plain services of the stand-ins for the router. */
#include "host.h"

#include <assert.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
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

/* ---- life ---- */

static void bail_out(const char *what, const char *why)
{
	printf("Bail out! %s: %s\n", what, why);
	exit(99);
}

const void *host_load(struct host *h, const char *path, const char *symbol)
{
	void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	pthread_condattr_t attr;
	const void *(*get)(void);

	if (object == NULL)
		bail_out(path, dlerror());
	*(void **)&get = dlsym(object, symbol);
	if (get == NULL)
		bail_out(path, dlerror());
	h->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&h->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&h->changed, &attr);
	pthread_condattr_destroy(&attr);
	return get();
}

void host_free(struct host *h)
{
	close(h->wake_fd);
	for (unsigned i = 0; i < h->set_len; i++) {
		free(h->set[i].key);
		free(h->set[i].value);
	}
	pthread_mutex_destroy(&h->lock);
	pthread_cond_destroy(&h->changed);
}

/* ---- options ---- */

static const struct frame_option *find_option(const struct host *h, const char *key)
{
	const struct frame_option *const *o = h->options;

	for (; o != NULL && *o != NULL; o++)
		if (strcmp((*o)->name, key) == 0)
			return *o;
	return NULL;
}

static bool is_list(const struct host *h, const char *key)
{
	const struct frame_option *o = find_option(h, key);

	return o != NULL && o->type == FRAME_OPTION_LIST;
}

void host_set(struct host *h, const char *key, const char *value)
{
	for (unsigned i = 0; (value == NULL || !is_list(h, key)) && i < h->set_len;) {
		if (strcmp(h->set[i].key, key) != 0) {
			i++;
			continue;
		}
		free(h->set[i].key);
		free(h->set[i].value);
		h->set[i] = h->set[--h->set_len];
	}
	assert(h->set_len < HOST_OPTIONS_MAX);
	if (value != NULL) {
		h->set[h->set_len].key = strdup(key);
		h->set[h->set_len++].value = strdup(value);
	}
}

const char *host_option_list(void *router, const char *name, size_t index)
{
	struct host *h = router;

	for (unsigned i = 0; i < h->set_len; i++)
		if (strcmp(h->set[i].key, name) == 0 && index-- == 0)
			return h->set[i].value;
	return NULL;
}

const char *host_option_text(void *router, const char *name)
{
	const char *set = host_option_list(router, name, 0);
	const struct frame_option *o = find_option(router, name);

	if (set != NULL || o != NULL)
		return set != NULL ? set : o->default_value;
	for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
		if (strcmp(defaults[i].key, name) == 0)
			return defaults[i].value;
	return NULL;
}

int64_t host_option_number(void *router, const char *name)
{
	static const struct {
		const char *unit;
		int64_t factor;
	} units[] = {{"", 1},        {"ms", 1},      {"s", 1000},
	             {"m", 60000},   {"h", 3600000}, {"d", 86400000},
	             {"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}};
	const char *text = host_option_text(router, name);
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

/* ---- log, descriptor, clock ---- */

void host_log(void *router, enum frame_log_level level, const char *text)
{
	struct host *h = router;
	size_t len;

	(void)level;
	pthread_mutex_lock(&h->lock);
	len = strlen(h->log);
	snprintf(h->log + len, sizeof h->log - len, "%s\n", text);
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->lock);
}

int host_wake_fd(void *router)
{
	return ((struct host *)router)->wake_fd;
}

void host_wake(struct host *h)
{
	if (write(h->wake_fd, &(uint64_t){1}, sizeof(uint64_t)) < 0)
		return; /* full is as good as written */
}

void host_clear_wake(struct host *h)
{
	uint64_t ignored;

	if (read(h->wake_fd, &ignored, sizeof ignored) < 0)
		return; /* it was not set */
}

int64_t host_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t host_now_ms(void *router)
{
	struct host *h = router;

	return host_clock_ms() + __atomic_load_n(&h->jumped_ms, __ATOMIC_SEQ_CST);
}

void host_jump(struct host *h, int64_t ms)
{
	__atomic_add_fetch(&h->jumped_ms, ms, __ATOMIC_SEQ_CST);
}

/* ---- waiting ---- */

bool host_wait(struct host *h, int64_t deadline_ms)
{
	struct timespec deadline = {deadline_ms / 1000, deadline_ms % 1000 * 1000000};

	return pthread_cond_timedwait(&h->changed, &h->lock, &deadline) == 0;
}

unsigned host_read(struct host *h, const unsigned *number)
{
	unsigned copy;

	pthread_mutex_lock(&h->lock);
	copy = *number;
	pthread_mutex_unlock(&h->lock);
	return copy;
}
