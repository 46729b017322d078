/* SPDX-License-Identifier: MIT */
/* The stand-in for the router that drives an input plugin. */
#include "input_host.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

#define POLL_MS 600000

struct input_host {
	struct host host; /* first: it is the services' router */
	struct frame_input plugin;
	void *instance;
	input_judge *judge;
	size_t room, room_left;
	size_t frames; /* of the line that is being answered */
	pthread_t thread;
	bool is_running;

	/* the host's lock guards what follows */
	bool is_stopping;
	unsigned polls;
	struct input_line *line;
	unsigned count, answered, size;
	char *text;
	size_t text_len, text_size;
};

/* ---- services ---- */

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
	pthread_mutex_lock(&h->host.lock);
	grow(h, len);
	h->line[h->count++] = (struct input_line){h->text_len, len, token, can_resend};
	memcpy(h->text + h->text_len, data, len);
	h->text[h->text_len + len] = '\0';
	h->text_len += len + 1;
	pthread_mutex_unlock(&h->host.lock);
	return --h->room_left;
}

static size_t answered_frames(void *router)
{
	return ((struct input_host *)router)->frames;
}

static const struct frame_input_services services = {
	.struct_size = sizeof services,
	.option_text = host_option_text,
	.option_number = host_option_number,
	.option_list = host_option_list,
	.log = host_log,
	.wake_fd = host_wake_fd,
	.now_ms = host_now_ms,
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

	pthread_mutex_lock(&h->host.lock);
	is = h->is_stopping;
	pthread_mutex_unlock(&h->host.lock);
	return is;
}

static void *run(void *context)
{
	struct input_host *h = context;

	while (!is_stopping(h)) {
		h->room_left = h->room;
		h->plugin.poll(h->instance, host_now_ms(h) + POLL_MS);
		while (h->answered < h->count)
			answer_one(h, ++h->answered);
		h->plugin.flush(h->instance);
		pthread_mutex_lock(&h->host.lock);
		h->polls++;
		pthread_cond_broadcast(&h->host.changed);
		pthread_mutex_unlock(&h->host.lock);
	}
	return NULL;
}

void input_host_go(struct input_host *h)
{
	h->is_stopping = false;
	h->is_running = true;
	assert(pthread_create(&h->thread, NULL, run, h) == 0);
}

void input_host_stop(struct input_host *h)
{
	if (!h->is_running)
		return;
	pthread_mutex_lock(&h->host.lock);
	h->is_stopping = true;
	pthread_mutex_unlock(&h->host.lock);
	host_wake(&h->host);
	pthread_join(h->thread, NULL);
	host_clear_wake(&h->host);
	h->is_running = false;
}

void input_host_poll(struct input_host *h)
{
	assert(!h->is_running);
	h->room_left = h->room;
	h->plugin.poll(h->instance, host_now_ms(h) + 20000);
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
	struct input_host *h = calloc(1, sizeof *h);
	const struct frame_input *table;

	assert(h != NULL);
	table = host_load(&h->host, path, "frame_input_plugin");
	h->plugin = *table;
	assert(h->plugin.abi == 1 && h->plugin.struct_size == sizeof h->plugin);
	h->host.options = h->plugin.options;
	h->room = 256;
	h->frames = 1;
	return h;
}

void input_host_free(struct input_host *h)
{
	input_host_close(h);
	host_free(&h->host);
	free(h->line);
	free(h->text);
	free(h);
}

void input_host_set(struct input_host *h, const char *key, const char *value)
{
	host_set(&h->host, key, value);
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
	h->host.why[0] = '\0';
	return h->plugin.check(h, &services, h->host.why, sizeof h->host.why) == 0;
}

bool input_host_open(struct input_host *h)
{
	h->host.why[0] = '\0';
	h->host.log[0] = '\0';
	h->count = h->answered = 0;
	h->text_len = 0;
	if (h->plugin.open(&h->instance, h, &services, h->host.why, sizeof h->host.why) !=
	    0)
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
	return h->host.why;
}

void input_host_jump(struct input_host *h, int64_t ms)
{
	host_jump(&h->host, ms);
}

/* ---- waiting, the account ---- */

bool input_host_wait(struct input_host *h, unsigned lines, int64_t timeout_ms)
{
	int64_t deadline_ms = host_clock_ms() + timeout_ms;
	bool is_enough;

	pthread_mutex_lock(&h->host.lock);
	while (!(is_enough = h->count >= lines))
		if (!host_wait(&h->host, deadline_ms))
			break;
	pthread_mutex_unlock(&h->host.lock);
	return is_enough;
}

bool input_host_logged(struct input_host *h, const char *text, int64_t timeout_ms)
{
	int64_t deadline_ms = host_clock_ms() + timeout_ms;
	bool is_there;

	pthread_mutex_lock(&h->host.lock);
	while (!(is_there = strstr(h->host.log, text) != NULL))
		if (!host_wait(&h->host, deadline_ms))
			break;
	pthread_mutex_unlock(&h->host.lock);
	return is_there;
}

unsigned input_host_count(struct input_host *h)
{
	return host_read(&h->host, &h->count);
}

unsigned input_host_polls(struct input_host *h)
{
	return host_read(&h->host, &h->polls);
}

struct input_line input_host_line(struct input_host *h, unsigned number,
                                  const char **text)
{
	static char *copy;
	struct input_line line;

	pthread_mutex_lock(&h->host.lock);
	assert(number >= 1 && number <= h->count);
	line = h->line[number - 1];
	free(copy);
	copy = malloc(line.len + 1);
	assert(copy != NULL);
	memcpy(copy, h->text + line.at, line.len + 1);
	pthread_mutex_unlock(&h->host.lock);
	if (text != NULL)
		*text = copy;
	return line;
}

int input_host_port(struct input_host *h, unsigned index)
{
	static const char words[] = "listening on ";
	const char *at, *end;
	int port;

	pthread_mutex_lock(&h->host.lock);
	at = strstr(h->host.log, words);
	while (index-- > 0 && at != NULL)
		at = strstr(at + 1, words);
	assert(at != NULL);
	end = strchr(at, '\n');
	while (end[-1] != ':')
		end--;
	port = atoi(end);
	pthread_mutex_unlock(&h->host.lock);
	return port;
}
