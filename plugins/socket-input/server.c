/* SPDX-License-Identifier: MIT */
/* The loop over all connections. */
#include "server.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "answer.h"
#include "gate.h"

#define EVENTS_MAX     64
#define TURN_LINES     64    /* lines of one connection, before the next has its turn */
#define TURN_DATAGRAMS 1024  /* lines of datagrams in one poll */
#define TELL_MS        60000 /* between two complaints about the same */

#define NOBODY UINT64_MAX /* the token of a datagram's line */

static int64_t now_ms(const struct server *s)
{
	return s->services->now_ms(s->router);
}

bool server_watch(struct server *s, int how, int fd, uint32_t events, uint64_t what)
{
	struct epoll_event event = {.events = events, .data.u64 = what};

	return epoll_ctl(s->epoll, how, fd, &event) == 0;
}

uint32_t server_slot(const struct server *s, const struct client *c)
{
	return (uint32_t)(c - s->client);
}

static void touch(struct server *s, struct client *c)
{
	c->active_ms = now_ms(s);
	TAILQ_REMOVE(&s->by_activity, c, by_activity);
	TAILQ_INSERT_TAIL(&s->by_activity, c, by_activity);
}

static void queue(struct server *s, struct client *c)
{
	if (c->is_queued)
		return;
	c->is_queued = true;
	TAILQ_INSERT_TAIL(&s->queued, c, queued);
}

static void queue_answered(struct server *s, struct client *c)
{
	if (c->is_answered)
		return;
	c->is_answered = true;
	TAILQ_INSERT_TAIL(&s->answered, c, answered);
}

/* Watches for what the connection needs now, or ends it. */
static void watch_client(struct server *s, struct client *c)
{
	uint32_t events = client_events(c);

	if (client_is_done(c)) {
		gate_drop(s, c);
	} else if (events != c->events) {
		c->events = events;
		server_watch(s, EPOLL_CTL_MOD, c->fd, events,
		             EVENT_CLIENT | server_slot(s, c));
	}
}

static void handle_client(struct server *s, struct client *c, uint32_t events)
{
	const uint32_t trouble = EPOLLHUP | EPOLLERR;

	if (c->fd < 0)
		return; /* ended by an earlier event of the same round */
	if ((events & (EPOLLIN | trouble)) != 0 && (c->events & EPOLLIN) != 0)
		client_read(c, s->scratch);
	if ((events & (EPOLLOUT | trouble)) != 0 && client_send(c))
		touch(s, c);
	queue(s, c);
	watch_client(s, c);
}

/* Waits for events and takes bytes in; true: the router wants poll() to return. */
static bool wait_for_events(struct server *s, int timeout_ms)
{
	struct epoll_event event[EVENTS_MAX];
	int n = epoll_wait(s->epoll, event, EVENTS_MAX, timeout_ms);
	bool is_woken = false;

	for (int i = 0; i < n; i++) {
		uint32_t index = (uint32_t)event[i].data.u64;
		uint64_t kind = event[i].data.u64 - index;

		if (kind == EVENT_WAKE)
			is_woken = true;
		else if (kind == EVENT_CLIENT)
			handle_client(s, &s->client[index], event[i].events);
		else if (s->source[index].datagram != NULL)
			s->source[index].is_readable = true;
		else if (!s->is_paused)
			gate_accept(s, &s->source[index]);
	}
	return is_woken;
}

static void hand_over(struct server *s, const uint8_t *line, size_t len, uint64_t token)
{
	s->room = s->services->frame(s->router, line, len, token, token != NOBODY);
	s->has_handed = true;
}

/* "line too long" takes its place behind the answers that are still to come. */
static void refuse_line(struct server *s, struct client *c)
{
	static const char text[] = "error line too long\n";

	c->is_refusing = c->unanswered > 0;
	if (c->is_refusing)
		return;
	client_say(c, text, sizeof text - 1);
	queue_answered(s, c);
}

/* One connection's turn; true: it may have more lines. */
static bool take_lines(struct server *s, struct client *c)
{
	uint64_t token = (uint64_t)c->generation << 32 | server_slot(s, c);
	const uint8_t *line;
	size_t len;

	for (unsigned n = 0; n < TURN_LINES && s->room > 0; n++) {
		if (c->is_refusing || c->is_blocked)
			return false;
		switch (client_next(c, s->services->line_length, &line, &len)) {
		case CLIENT_NO_LINE:
			return false;
		case CLIENT_TOO_LONG:
			refuse_line(s, c);
			break;
		case CLIENT_LINE:
			c->unanswered++;
			hand_over(s, line, len, token);
			break;
		}
		if (n == 0)
			touch(s, c);
	}
	return true;
}

static void serve_clients(struct server *s)
{
	struct client *c;

	while (s->room > 0 && (c = TAILQ_FIRST(&s->queued)) != NULL) {
		TAILQ_REMOVE(&s->queued, c, queued);
		c->is_queued = false;
		if (take_lines(s, c))
			queue(s, c);
		watch_client(s, c);
	}
}

static void tell_drops(struct server *s, struct source *from)
{
	uint32_t lost = from->datagram->dropped - from->told_drops;
	int64_t now;
	char text[320];

	if (lost == 0)
		return;
	now = now_ms(s);
	if (from->told_ms != 0 && now - from->told_ms < TELL_MS)
		return;
	from->told_ms = now;
	from->told_drops = from->datagram->dropped;
	snprintf(text, sizeof text,
	         "%s: %u datagrams lost: they came faster than they could be stored",
	         from->listen.name, lost);
	s->services->log(s->router, FRAME_LOG_WARNING, text);
}

static void serve_datagrams(struct server *s)
{
	unsigned n = 0;

	for (size_t i = 0; i < s->source_count; i++) {
		struct source *from = &s->source[i];
		const uint8_t *line;
		size_t len;

		while (from->is_readable && s->room > 0 && n < TURN_DATAGRAMS)
			if (datagram_next(from->datagram, s->services->line_length, &line,
			                  &len)) {
				hand_over(s, line, len, NOBODY);
				n++;
			} else {
				from->is_readable =
					datagram_read(from->datagram, from->listen.fd);
				tell_drops(s, from);
			}
	}
}

/* Datagrams and connections go first in turns, so that neither can starve the other. */
static void serve(struct server *s)
{
	s->is_datagrams_turn = !s->is_datagrams_turn;
	if (s->is_datagrams_turn)
		serve_datagrams(s);
	serve_clients(s);
	if (!s->is_datagrams_turn)
		serve_datagrams(s);
}

static int timeout_ms(const struct server *s, int64_t now, int64_t deadline_ms)
{
	int64_t until = deadline_ms;

	if (!TAILQ_EMPTY(&s->queued))
		return 0;
	for (size_t i = 0; i < s->source_count; i++)
		if (s->source[i].is_readable)
			return 0;
	if (gate_next_ms(s) < until)
		until = gate_next_ms(s);
	return until <= now ? 0 : until - now > INT_MAX ? INT_MAX : (int)(until - now);
}

void server_poll(struct server *s, int64_t deadline_ms)
{
	int64_t now = now_ms(s);
	bool is_woken;

	s->room = 1;
	s->has_handed = false;
	do {
		is_woken = wait_for_events(s, timeout_ms(s, now, deadline_ms));
		serve(s);
		now = now_ms(s);
		gate_tick(s, now);
		if (!s->has_handed)
			server_flush(s); /* what was refused here needs no commit */
	} while (!s->has_handed && !is_woken && now < deadline_ms);
}

void server_answer(struct server *s, uint64_t token, enum frame_answer answer,
                   uint64_t id, const char *text)
{
	uint32_t slot = (uint32_t)token;
	struct client *c = &s->client[slot];
	char line[ANSWER_MAX];

	if (slot >= s->client_max || c->generation != token >> 32 || c->unanswered == 0)
		return; /* a datagram's, or the sender is gone */
	c->unanswered--;
	client_say(c, line, answer_write(line, answer, id, text));
	queue_answered(s, c);
}

void server_flush(struct server *s)
{
	struct client *c;

	while ((c = TAILQ_FIRST(&s->answered)) != NULL) {
		TAILQ_REMOVE(&s->answered, c, answered);
		c->is_answered = false;
		if (c->is_refusing && c->unanswered == 0)
			refuse_line(s, c);
		if (client_send(c))
			touch(s, c);
		if (c->in.len > 0)
			queue(s, c);
		watch_client(s, c);
	}
}

static bool open_source(struct server *s, const char *text,
                        const struct listen_access *access, struct why *why)
{
	struct source *from = &s->source[s->source_count];
	char line[240];

	if (!listen_open(&from->listen, text, access, why))
		return false;
	s->source_count++;
	if (from->listen.address.kind == LISTEN_UDP) {
		from->datagram = calloc(1, sizeof *from->datagram);
		if (from->datagram == NULL)
			return why_not(why, "out of memory");
	}
	if (!server_watch(s, EPOLL_CTL_ADD, from->listen.fd, EPOLLIN,
	                  EVENT_SOURCE | (s->source_count - 1)))
		return why_not(why, "%s: %s", from->listen.name, strerror(errno));
	snprintf(line, sizeof line, "listening on %s", from->listen.name);
	s->services->log(s->router, FRAME_LOG_INFO, line);
	return true;
}

static bool make_slots(struct server *s, size_t source_max)
{
	s->source = calloc(source_max, sizeof *s->source);
	s->client = calloc(s->client_max, sizeof *s->client);
	s->free_slot = calloc(s->client_max, sizeof *s->free_slot);
	if (s->source == NULL || s->client == NULL || s->free_slot == NULL)
		return false;
	for (size_t i = s->client_max; i-- > 0;) {
		s->client[i].fd = -1;
		s->free_slot[s->free_count++] = (uint32_t)i;
	}
	return true;
}

bool server_open(struct server *s, const struct listen_access *access, struct why *why)
{
	int wake = s->services->wake_fd(s->router);
	size_t count = 0;
	const char *text;

	TAILQ_INIT(&s->by_activity);
	TAILQ_INIT(&s->queued);
	TAILQ_INIT(&s->answered);
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	while (s->services->option_list(s->router, "listen", count) != NULL)
		count++;
	if (count == 0)
		return why_not(why, "listen: is not set");
	if (!make_slots(s, count))
		return why_not(why, "out of memory");
	if (s->epoll < 0 || !server_watch(s, EPOLL_CTL_ADD, wake, EPOLLIN, EVENT_WAKE))
		return why_not(why, "cannot wait for events: %s", strerror(errno));
	for (size_t i = 0; i < count; i++) {
		text = s->services->option_list(s->router, "listen", i);
		if (!open_source(s, text, access, why))
			return false;
	}
	return true;
}

void server_close(struct server *s)
{
	for (size_t i = 0; s->client != NULL && i < s->client_max; i++)
		if (s->client[i].fd >= 0) {
			client_send(&s->client[i]);
			client_close(&s->client[i]);
		}
	for (size_t i = 0; i < s->source_count; i++) {
		listen_close(&s->source[i].listen);
		free(s->source[i].datagram);
	}
	if (s->epoll >= 0)
		close(s->epoll);
	free(s->source);
	free(s->client);
	free(s->free_slot);
}
