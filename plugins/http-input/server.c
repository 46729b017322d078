/* SPDX-License-Identifier: MIT */
/* The loop over all connections. */
#include "server.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "gate.h"
#include "web.h"

#define EVENTS_MAX 4
#define TELL_MS    60000 /* between two complaints about the same */

int64_t server_now_ms(const struct server *s)
{
	return s->services->now_ms(s->router);
}

void server_grumble(struct server *s, struct grumble *g, const char *format, ...)
{
	int64_t now = server_now_ms(s);
	char text[320];
	size_t len;
	va_list args;

	if (now < g->next_ms) {
		g->held_back++;
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	len = strlen(text);
	if (g->held_back > 0)
		snprintf(text + len, sizeof text - len, " (%u more since the last time)",
		         g->held_back);
	s->services->log(s->router, FRAME_LOG_WARNING, text);
	g->next_ms = now + TELL_MS;
	g->held_back = 0;
}

/* --- waiting ----------------------------------------------------------------- */

static bool watch(struct server *s, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	return epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static int timeout_ms(const struct server *s, int64_t now, int64_t deadline_ms)
{
	int64_t until = deadline_ms;

	if (!TAILQ_EMPTY(&s->ready) || web_is_busy(s))
		return 0;
	if (gate_next_ms(s) < until)
		until = gate_next_ms(s);
	return until <= now ? 0 : until - now > INT_MAX ? INT_MAX : (int)(until - now);
}

/* True: the router wants poll() to return. */
static bool wait_for_events(struct server *s, int timeout)
{
	struct epoll_event event[EVENTS_MAX];
	int n = epoll_wait(s->epoll, event, EVENTS_MAX, timeout);
	int wake = s->services->wake_fd(s->router);
	bool is_woken = false;

	for (int i = 0; i < n; i++) {
		if (event[i].data.fd == wake)
			is_woken = true;
		else if (event[i].data.fd == s->listen_fd)
			gate_accept(s);
	}
	web_run(s);
	return is_woken;
}

/* --- frames in, answers out -------------------------------------------------- */

void server_take(struct server *s, struct client *c)
{
	TAILQ_INSERT_TAIL(&s->ready, c, queued);
}

static void hand_over(struct server *s, struct client *c)
{
	uint64_t token = (uint64_t)c->generation << 32 | (uint32_t)(c - s->client);
	struct request *r = &c->request;

	while (s->room > 0 && r->handed < r->parts.count) {
		const struct part *part = &r->parts.part[r->handed++];

		r->unanswered++;
		s->has_handed = true;
		s->room = s->services->frame(s->router, part->data, part->len, token, 1);
	}
}

static void serve(struct server *s)
{
	struct client *c;

	while (s->room > 0 && (c = TAILQ_FIRST(&s->ready)) != NULL) {
		hand_over(s, c);
		if (c->request.handed == c->request.parts.count)
			TAILQ_REMOVE(&s->ready, c, queued);
	}
}

void server_poll(struct server *s, int64_t deadline_ms)
{
	int64_t now = server_now_ms(s);
	bool is_woken;

	s->room = 1;
	s->has_handed = false;
	do {
		is_woken = wait_for_events(s, timeout_ms(s, now, deadline_ms));
		serve(s);
		now = server_now_ms(s);
		gate_tick(s, now);
	} while (!s->has_handed && !is_woken && now < deadline_ms);
}

static size_t frames_of_line(const struct server *s)
{
	const struct frame_input_services *services = s->services;
	size_t end = offsetof(struct frame_input_services, answered_frames) +
	             sizeof services->answered_frames;

	if (services->struct_size < end || services->answered_frames == NULL)
		return 1;
	return services->answered_frames(s->router);
}

void server_answer(struct server *s, uint64_t token, enum frame_answer answer,
                   uint64_t id, const char *text)
{
	uint32_t slot = (uint32_t)token;
	struct client *c = &s->client[slot];
	struct request *r = &c->request;

	if (slot >= s->client_max || c->generation != token >> 32 || r->unanswered == 0)
		return;
	reply_add(&r->reply, answer, id, frames_of_line(s), text);
	r->unanswered--;
	if (r->unanswered == 0 && r->handed == r->parts.count)
		TAILQ_INSERT_TAIL(&s->answered, c, queued);
}

void server_flush(struct server *s)
{
	struct client *c;

	while ((c = TAILQ_FIRST(&s->answered)) != NULL) {
		TAILQ_REMOVE(&s->answered, c, queued);
		web_resume(c);
	}
	web_run(s);
}

/* --- life -------------------------------------------------------------------- */

static bool make_slots(struct server *s)
{
	s->client = calloc(s->client_max, sizeof *s->client);
	s->free_slot = calloc(s->client_max, sizeof *s->free_slot);
	if (s->client == NULL || s->free_slot == NULL)
		return false;
	for (size_t i = s->client_max; i-- > 0;) {
		s->client[i].fd = -1;
		s->free_slot[s->free_count++] = &s->client[i];
	}
	return true;
}

bool server_open(struct server *s, const char *listen, struct why *why)
{
	char name[LISTEN_NAME_SIZE], line[120];

	for (enum client_phase p = 0; p < CLIENT_PHASES; p++)
		TAILQ_INIT(&s->phase[p]);
	TAILQ_INIT(&s->ready);
	TAILQ_INIT(&s->answered);
	if (!make_slots(s))
		return why_not(why, "out of memory");
	if (!listen_open(&s->listen_fd, listen, why) || !web_start(s, why))
		return false;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll < 0 || !watch(s, s->services->wake_fd(s->router)) ||
	    !watch(s, s->listen_fd) || !watch(s, web_fd(s)))
		return why_not(why, "cannot wait for events: %s", strerror(errno));
	listen_name(name, s->listen_fd);
	snprintf(line, sizeof line, "listening on %s%s", name,
	         s->tls.cert == NULL ? "" : " (TLS)");
	s->services->log(s->router, FRAME_LOG_INFO, line);
	return true;
}

/* Whoever still waits for the store hears that it has to come again. */
static void send_away(struct server *s)
{
	struct client *c;

	while ((c = TAILQ_FIRST(&s->phase[CLIENT_WAITS])) != NULL) {
		reply_add(&c->request.reply, FRAME_ANSWER_LATER, 0, 0, "it stops");
		gate_move(s, c, CLIENT_ANSWER);
		web_resume(c);
	}
	web_run(s);
}

void server_close(struct server *s)
{
	if (s->daemon != NULL)
		send_away(s);
	web_stop(s);
	if (s->epoll >= 0)
		close(s->epoll);
	if (s->listen_fd >= 0)
		close(s->listen_fd);
	free(s->client);
	free(s->free_slot);
	tls_free(&s->tls);
}
