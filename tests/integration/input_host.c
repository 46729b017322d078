/* SPDX-License-Identifier: MIT */
/* The stand-in for the router that drives an input plugin. */
#include "input_host.h"

#include <assert.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define OPTIONS_MAX 32
#define POLL_MS     600000

struct input_host {
	struct frame_input plugin;
	void *instance;
	char why[480];
	struct {
		char *key, *value;
	} set[OPTIONS_MAX];
	unsigned set_len;
	input_judge *judge;
	size_t room, room_left;
	size_t frames; /* of the line that is being answered */
	int wake_fd;
	pthread_t thread;
	bool is_running;

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	bool is_stopping;
	int64_t jumped_ms;
	unsigned polls;
	struct input_line *line;
	unsigned count, answered, size;
	char *text;
	size_t text_len, text_size;
	char log[16384];
};

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- services ---- */

static const char *option_list(void *router, const char *name, size_t index)
{
	struct input_host *h = router;

	for (unsigned i = 0; i < h->set_len; i++)
		if (strcmp(h->set[i].key, name) == 0 && index-- == 0)
			return h->set[i].value;
	return NULL;
}

static const char *option_text(void *router, const char *name)
{
	struct input_host *h = router;
	const char *set = option_list(router, name, 0);

	for (const struct frame_option *const *o = h->plugin.options; *o != NULL; o++)
		if (set == NULL && strcmp((*o)->name, name) == 0)
			return (*o)->default_value;
	return set;
}

static int64_t option_number(void *router, const char *name)
{
	const char *text = option_text(router, name);
	char *unit;
	long long number = strtoll(text, &unit, 10);

	if (strcmp(unit, "K") == 0)
		return number * 1024;
	return strcmp(unit, "s") == 0 ? number * 1000 : number;
}

static void keep_log(void *router, enum frame_log_level level, const char *text)
{
	struct input_host *h = router;
	size_t len;

	(void)level;
	pthread_mutex_lock(&h->lock);
	len = strlen(h->log);
	snprintf(h->log + len, sizeof h->log - len, "%s\n", text);
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->lock);
}

static int wake_fd(void *router)
{
	return ((struct input_host *)router)->wake_fd;
}

static int64_t now_ms(void *router)
{
	return clock_ms() + __atomic_load_n(&((struct input_host *)router)->jumped_ms,
	                                    __ATOMIC_SEQ_CST);
}

/* A raw frame's type and count bytes, the two behind `<=>`, end no line. */
static size_t line_length(const uint8_t *data, size_t len)
{
	size_t from = len >= 3 && memcmp(data, "<=>", 3) == 0 ? 5 : 0;
	const uint8_t *end = len <= from ? NULL : memchr(data + from, '\n', len - from);

	return end == NULL ? 0 : (size_t)(end - data) + 1;
}

static void grow(struct input_host *h, size_t len)
{
	if (h->count == h->size) {
		h->size = h->size == 0 ? 1024 : h->size * 2;
		h->line = realloc(h->line, h->size * sizeof h->line[0]);
	}
	while (h->text_size - h->text_len < len + 1) {
		h->text_size = h->text_size == 0 ? 65536 : h->text_size * 2;
		h->text = realloc(h->text, h->text_size);
	}
	assert(h->line != NULL && h->text != NULL);
}

static size_t take_frame(void *router, const uint8_t *data, size_t len, uint64_t token,
                         int can_resend)
{
	struct input_host *h = router;

	assert(h->room_left > 0);
	pthread_mutex_lock(&h->lock);
	grow(h, len);
	h->line[h->count++] = (struct input_line){h->text_len, len, token, can_resend};
	memcpy(h->text + h->text_len, data, len);
	h->text[h->text_len + len] = '\0';
	h->text_len += len + 1;
	pthread_mutex_unlock(&h->lock);
	return --h->room_left;
}

static size_t answered_frames(void *router)
{
	return ((struct input_host *)router)->frames;
}

static const struct frame_input_services services = {
	.struct_size = sizeof services,
	.option_text = option_text,
	.option_number = option_number,
	.option_list = option_list,
	.log = keep_log,
	.wake_fd = wake_fd,
	.now_ms = now_ms,
	.line_length = line_length,
	.frame = take_frame,
	.answered_frames = answered_frames,
};

/* ---- the loop ---- */

static void answer_one(struct input_host *h, unsigned number)
{
	struct input_verdict v = {.answer = FRAME_ANSWER_STORED};
	struct input_line *line = &h->line[number - 1];

	if (h->judge != NULL)
		v = h->judge(number, (const uint8_t *)h->text + line->at, line->len);
	h->plugin.answer(h->instance, line->token, v.answer, v.id != 0 ? v.id : number,
	                 v.text);
}

static bool is_stopping(struct input_host *h)
{
	bool is;

	pthread_mutex_lock(&h->lock);
	is = h->is_stopping;
	pthread_mutex_unlock(&h->lock);
	return is;
}

static void *run(void *context)
{
	struct input_host *h = context;

	while (!is_stopping(h)) {
		h->room_left = h->room;
		h->plugin.poll(h->instance, now_ms(h) + POLL_MS);
		while (h->answered < h->count)
			answer_one(h, ++h->answered);
		h->plugin.flush(h->instance);
		pthread_mutex_lock(&h->lock);
		h->polls++;
		pthread_cond_broadcast(&h->changed);
		pthread_mutex_unlock(&h->lock);
	}
	return NULL;
}

static void clear_wake(struct input_host *h)
{
	uint64_t ignored;

	if (read(h->wake_fd, &ignored, sizeof ignored) < 0)
		ignored = 0; /* it was not set */
}

void input_host_go(struct input_host *h)
{
	h->is_stopping = false;
	h->is_running = true;
	assert(pthread_create(&h->thread, NULL, run, h) == 0);
}

void input_host_stop(struct input_host *h)
{
	ssize_t n;

	if (!h->is_running)
		return;
	pthread_mutex_lock(&h->lock);
	h->is_stopping = true;
	pthread_mutex_unlock(&h->lock);
	n = write(h->wake_fd, &(uint64_t){1}, sizeof(uint64_t));
	assert(n > 0);
	pthread_join(h->thread, NULL);
	clear_wake(h);
	h->is_running = false;
}

void input_host_poll(struct input_host *h)
{
	assert(!h->is_running);
	h->room_left = h->room;
	h->plugin.poll(h->instance, now_ms(h) + 20000);
	h->answered = h->count;
}

void input_host_answer(struct input_host *h, uint64_t token, enum frame_answer answer,
                       uint64_t id)
{
	assert(!h->is_running);
	h->plugin.answer(h->instance, token, answer, id, NULL);
	h->plugin.flush(h->instance);
}

/* ---- life ---- */

struct input_host *input_host_load(const char *path)
{
	const struct frame_input *(*get)(void);
	struct input_host *h = calloc(1, sizeof *h);
	void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	pthread_condattr_t attr;

	assert(h != NULL);
	if (object == NULL) {
		printf("Bail out! %s\n", dlerror());
		exit(99);
	}
	*(void **)&get = dlsym(object, "frame_input_plugin");
	assert(get != NULL);
	h->plugin = *get();
	assert(h->plugin.abi == 1 && h->plugin.struct_size == sizeof h->plugin);
	h->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	h->room = 256;
	h->frames = 1;
	pthread_mutex_init(&h->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&h->changed, &attr);
	pthread_condattr_destroy(&attr);
	return h;
}

void input_host_free(struct input_host *h)
{
	input_host_close(h);
	close(h->wake_fd);
	for (unsigned i = 0; i < h->set_len; i++) {
		free(h->set[i].key);
		free(h->set[i].value);
	}
	pthread_mutex_destroy(&h->lock);
	pthread_cond_destroy(&h->changed);
	free(h->line);
	free(h->text);
	free(h);
}

void input_host_set(struct input_host *h, const char *key, const char *value)
{
	assert(h->set_len < OPTIONS_MAX);
	h->set[h->set_len].key = strdup(key);
	h->set[h->set_len++].value = strdup(value);
}

void input_host_judge(struct input_host *h, input_judge *judge)
{
	h->judge = judge;
}

void input_host_frames(struct input_host *h, size_t frames)
{
	h->frames = frames;
}

void input_host_room(struct input_host *h, size_t lines)
{
	h->room = lines;
}

bool input_host_check(struct input_host *h)
{
	h->why[0] = '\0';
	return h->plugin.check(h, &services, h->why, sizeof h->why) == 0;
}

bool input_host_open(struct input_host *h)
{
	h->why[0] = '\0';
	h->log[0] = '\0';
	h->count = h->answered = 0;
	h->text_len = 0;
	if (h->plugin.open(&h->instance, h, &services, h->why, sizeof h->why) != 0)
		return false;
	input_host_go(h);
	return true;
}

void input_host_close(struct input_host *h)
{
	input_host_stop(h);
	if (h->instance != NULL)
		h->plugin.close(h->instance);
	h->instance = NULL;
}

const char *input_host_why(const struct input_host *h)
{
	return h->why;
}

void input_host_jump(struct input_host *h, int64_t ms)
{
	__atomic_add_fetch(&h->jumped_ms, ms, __ATOMIC_SEQ_CST);
}

/* ---- waiting, the account ---- */

/* With the lock held; false at the deadline. */
static bool wait_for_change(struct input_host *h, int64_t deadline_ms)
{
	struct timespec deadline = {deadline_ms / 1000, deadline_ms % 1000 * 1000000};

	return pthread_cond_timedwait(&h->changed, &h->lock, &deadline) == 0;
}

bool input_host_wait(struct input_host *h, unsigned lines, int64_t timeout_ms)
{
	int64_t deadline_ms = clock_ms() + timeout_ms;
	bool is_enough;

	pthread_mutex_lock(&h->lock);
	while (!(is_enough = h->count >= lines))
		if (!wait_for_change(h, deadline_ms))
			break;
	pthread_mutex_unlock(&h->lock);
	return is_enough;
}

bool input_host_logged(struct input_host *h, const char *text, int64_t timeout_ms)
{
	int64_t deadline_ms = clock_ms() + timeout_ms;
	bool is_there;

	pthread_mutex_lock(&h->lock);
	while (!(is_there = strstr(h->log, text) != NULL))
		if (!wait_for_change(h, deadline_ms))
			break;
	pthread_mutex_unlock(&h->lock);
	return is_there;
}

static unsigned read_locked(struct input_host *h, const unsigned *number)
{
	unsigned copy;

	pthread_mutex_lock(&h->lock);
	copy = *number;
	pthread_mutex_unlock(&h->lock);
	return copy;
}

unsigned input_host_count(struct input_host *h)
{
	return read_locked(h, &h->count);
}

unsigned input_host_polls(struct input_host *h)
{
	return read_locked(h, &h->polls);
}

struct input_line input_host_line(struct input_host *h, unsigned number,
                                  const char **text)
{
	static char *copy;
	struct input_line line;

	pthread_mutex_lock(&h->lock);
	assert(number >= 1 && number <= h->count);
	line = h->line[number - 1];
	free(copy);
	copy = malloc(line.len + 1);
	assert(copy != NULL);
	memcpy(copy, h->text + line.at, line.len + 1);
	pthread_mutex_unlock(&h->lock);
	if (text != NULL)
		*text = copy;
	return line;
}

int input_host_port(struct input_host *h, unsigned index)
{
	static const char words[] = "listening on ";
	const char *at, *end;
	int port;

	pthread_mutex_lock(&h->lock);
	at = strstr(h->log, words);
	while (index-- > 0 && at != NULL)
		at = strstr(at + 1, words);
	assert(at != NULL);
	end = strchr(at, '\n');
	while (end[-1] != ':')
		end--;
	port = atoi(end);
	pthread_mutex_unlock(&h->lock);
	return port;
}
