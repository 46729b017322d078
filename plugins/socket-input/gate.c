/* SPDX-License-Identifier: MIT */
/* Connections come and go. */
#include "gate.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define ACCEPTS_MAX 64    /* new connections in one go */
#define RETRY_MS    1000  /* until descriptors are asked for again */
#define SHED_MS     60000 /* silent for so long: gives way when others wait */
#define TELL_MS     60000 /* between two complaints about the same */

static int64_t now_ms(const struct server *s)
{
	return s->services->now_ms(s->router);
}

static void watch_sources(struct server *s, uint32_t events)
{
	for (size_t i = 0; i < s->source_count; i++)
		if (s->source[i].datagram == NULL)
			server_watch(s, EPOLL_CTL_MOD, s->source[i].listen.fd, events,
			             EVENT_SOURCE | i);
}

/* Lets nobody in: who comes waits in the kernel's queue. */
static void pause_accept(struct server *s, const char *why, int64_t until_ms)
{
	char text[160];
	int64_t now = now_ms(s);

	s->is_paused = true;
	s->resume_ms = until_ms;
	watch_sources(s, 0);
	if (s->told_pause_ms != 0 && now - s->told_pause_ms < TELL_MS)
		return;
	s->told_pause_ms = now;
	snprintf(text, sizeof text, "new connections have to wait, %zu are open: %s",
	         s->client_max - s->free_count, why);
	s->services->log(s->router, FRAME_LOG_WARNING, text);
}

static void resume_accept(struct server *s)
{
	if (!s->is_paused)
		return;
	s->is_paused = false;
	watch_sources(s, EPOLLIN);
}

void gate_drop(struct server *s, struct client *c)
{
	TAILQ_REMOVE(&s->by_activity, c, by_activity);
	if (c->is_queued)
		TAILQ_REMOVE(&s->queued, c, queued);
	if (c->is_answered)
		TAILQ_REMOVE(&s->answered, c, answered);
	client_close(c);
	s->free_slot[s->free_count++] = server_slot(s, c);
	resume_accept(s);
}

static void set_tcp_options(int fd)
{
	/* Answers leave in groups already; and a sender that lost its power frees its
	 * slot. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &(int){60}, sizeof(int));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &(int){15}, sizeof(int));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &(int){4}, sizeof(int));
}

static void add_client(struct server *s, const struct source *from, int fd)
{
	struct client *c = &s->client[s->free_slot[s->free_count - 1]];

	if (from->listen.address.kind == LISTEN_TCP)
		set_tcp_options(fd);
	if (!server_watch(s, EPOLL_CTL_ADD, fd, EPOLLIN,
	                  EVENT_CLIENT | server_slot(s, c))) {
		close(fd);
		return;
	}
	s->free_count--;
	client_open(c, fd, now_ms(s));
	c->events = EPOLLIN;
	TAILQ_INSERT_TAIL(&s->by_activity, c, by_activity);
}

void gate_accept(struct server *s, const struct source *from)
{
	for (unsigned n = 0; n < ACCEPTS_MAX; n++) {
		int fd;

		if (s->free_count == 0) {
			pause_accept(s, "max_connections", INT64_MAX);
			return;
		}
		fd = accept4(from->listen.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			add_client(s, from, fd);
		} else if (errno == EAGAIN) {
			return;
		} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		           errno == ENOMEM) {
			pause_accept(s, strerror(errno), now_ms(s) + RETRY_MS);
			return;
		}
	}
}

/* How long a connection may be silent now; 0: for ever. */
static int64_t patience_ms(const struct server *s)
{
	if (s->is_paused && (s->idle_ms == 0 || s->idle_ms > SHED_MS))
		return SHED_MS;
	return s->idle_ms;
}

int64_t gate_next_ms(const struct server *s)
{
	const struct client *c = TAILQ_FIRST(&s->by_activity);
	int64_t next = s->is_paused ? s->resume_ms : INT64_MAX;

	if (c != NULL && patience_ms(s) != 0 && c->active_ms + patience_ms(s) < next)
		next = c->active_ms + patience_ms(s);
	return next;
}

void gate_tick(struct server *s, int64_t now)
{
	struct client *c;

	while ((c = TAILQ_FIRST(&s->by_activity)) != NULL && patience_ms(s) != 0 &&
	       now - c->active_ms >= patience_ms(s) && c->unanswered == 0 &&
	       !c->is_queued)
		gate_drop(s, c);
	if (s->is_paused && now >= s->resume_ms)
		resume_accept(s);
}
