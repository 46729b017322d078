/* SPDX-License-Identifier: MIT */
/*
 * A stand-in for the router, for tests of input plugins: loads one plugin by its path,
 * runs it in a thread of its own, keeps every line it hands over, and answers as
 * the test says.  Stores nothing.
 */
#ifndef TESTS_INTEGRATION_INPUT_HOST_H
#define TESTS_INTEGRATION_INPUT_HOST_H

#include <frame_input.h>

#include <stdbool.h>

struct input_line {
	size_t at; /* in the text of input_host_text() */
	size_t len;
	uint64_t token;
	int can_resend;
};

struct input_verdict {
	enum frame_answer answer;
	uint64_t id; /* 0: the number of the line, from 1 */
	const char *text;
};

/* What becomes of a line, which is `number` (from 1); in the plugin's thread. */
typedef struct input_verdict input_judge(unsigned number, const uint8_t *line,
                                         size_t len);

struct input_host;

/* Ends the test with "Bail out!" when there is no plugin at `path`. */
struct input_host *input_host_load(const char *path);
/* Stops and closes it.  The shared object stays loaded. */
void input_host_free(struct input_host *h);

/* An option as in conf.d; a LIST gets one more value. */
void input_host_set(struct input_host *h, const char *key, const char *value);
/* NULL: every line is stored. */
void input_host_judge(struct input_host *h, input_judge *judge);
/* How many frames each line is said to have held; 1 at first.  While it is stopped. */
void input_host_frames(struct input_host *h, size_t frames);
/* How many lines it takes in one poll(); 256 at first. */
void input_host_room(struct input_host *h, size_t lines);

/* False with the plugin's words in input_host_why(). */
bool input_host_check(struct input_host *h);
bool input_host_open(struct input_host *h); /* and starts the thread */
void input_host_close(struct input_host *h);
const char *input_host_why(const struct input_host *h);

/* Ends and starts the thread, without closing. */
void input_host_stop(struct input_host *h);
void input_host_go(struct input_host *h);
/* While it is stopped: calls poll() once, whose lines get no answer by themselves. */
void input_host_poll(struct input_host *h);
/* While it is stopped: calls answer() and flush(). */
void input_host_answer(struct input_host *h, uint64_t token, enum frame_answer answer,
                       uint64_t id);

/* Moves the plugin's clock on. */
void input_host_jump(struct input_host *h, int64_t ms);

/* Waits for so many lines; false: not within `timeout_ms`. */
bool input_host_wait(struct input_host *h, unsigned lines, int64_t timeout_ms);
unsigned input_host_count(struct input_host *h);
unsigned input_host_polls(struct input_host *h); /* calls of poll() that returned */
/* A copy of the line's entry and its text (NUL-ended, borrowed until the next call). */
struct input_line input_host_line(struct input_host *h, unsigned number,
                                  const char **text);
/* Whether the log has a line that holds `text`, within `timeout_ms`. */
bool input_host_logged(struct input_host *h, const char *text, int64_t timeout_ms);
/* The port behind the `index`th "listening on". */
int input_host_port(struct input_host *h, unsigned index);

#endif
