/* SPDX-License-Identifier: MIT */
/* Connections come and go. */
#include "gate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "web.h"

#define ACCEPTS_MAX  64   /* new connections in one go */
#define RETRY_MS     1000 /* until descriptors are asked for again */
#define GIVES_WAY_MS 1000 /* idle for so long: gives way when others wait */

static void watch_listener(struct server *s, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.fd = s->listen_fd};

	epoll_ctl(s->epoll, EPOLL_CTL_MOD, s->listen_fd, &event);
}

static void resume_accept(struct server *s)
{
	if (!s->is_paused)
		return;
	s->is_paused = false;
	watch_listener(s, EPOLLIN);
}

void gate_move(struct server *s, struct client *c, enum client_phase phase)
{
	/* What was broken off stays so, whatever MHD still does with it. */
	if (c->phase == CLIENT_CUT)
		return;
	TAILQ_REMOVE(&s->phase[c->phase], c, by_phase);
	TAILQ_INSERT_TAIL(&s->phase[phase], c, by_phase);
	c->phase = phase;
	c->since_ms = server_now_ms(s);
}

/* MHD, whose socket it is, sees the end of the connection and closes it. */
static void cut(struct server *s, struct client *c)
{
	shutdown(c->fd, SHUT_RDWR);
	gate_move(s, c, CLIENT_CUT);
}

/* Whether the sender ended its side, and all that it had sent was read. */
static bool is_gone(const struct client *c)
{
	char byte;

	return recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/*
 * MHD does not see an end that came together with the bytes before it: whoever went away
 * in the middle of a request would keep its place until the deadline.
 */
static void cut_gone(struct server *s)
{
	for (size_t i = 0; i < s->client_max; i++) {
		struct client *c = &s->client[i];

		if (c->fd >= 0 &&
		    (c->phase == CLIENT_HEAD || c->phase == CLIENT_BODY ||
		     c->phase == CLIENT_IDLE) &&
		    is_gone(c))
			cut(s, c);
	}
}

/* Lets nobody in: who comes waits in the kernel's queue. */
static void pause_accept(struct server *s, const char *why)
{
	s->is_paused = true;
	s->resume_ms = server_now_ms(s) + RETRY_MS;
	watch_listener(s, 0);
	cut_gone(s);
	server_grumble(s, &s->full, "new connections have to wait, %zu are open: %s",
	               s->client_max - s->free_count, why);
}

void gate_leave(struct server *s, struct client *c)
{
	TAILQ_REMOVE(&s->phase[c->phase], c, by_phase);
	request_free(&c->request);
	*c = (struct client){.fd = -1, .generation = c->generation + 1};
	s->free_slot[s->free_count++] = c;
	resume_accept(s);
}

static bool is_same_address(const struct listen_address *a,
                            const struct listen_address *b)
{
	if (a->to.any.sa_family != b->to.any.sa_family)
		return false;
	if (a->to.any.sa_family == AF_INET)
		return a->to.v4.sin_addr.s_addr == b->to.v4.sin_addr.s_addr;
	return IN6_ARE_ADDR_EQUAL(&a->to.v6.sin6_addr, &b->to.v6.sin6_addr);
}

/* Those of this machine are not counted: a proxy comes from there, for everybody. */
static bool is_crowd(const struct server *s, const struct listen_address *from)
{
	size_t count = 0;

	if (s->max_per_address == 0 || listen_is_loopback(from))
		return false;
	for (size_t i = 0; i < s->client_max; i++)
		count +=
			s->client[i].fd >= 0 && is_same_address(&s->client[i].from, from);
	return count >= s->max_per_address;
}

static void set_tcp_options(int fd)
{
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int));
}

static void add_client(struct server *s, int fd, const struct listen_address *from)
{
	struct client *c = s->free_slot[--s->free_count];

	set_tcp_options(fd);
	c->fd = fd;
	c->from = *from;
	c->phase = CLIENT_HEAD;
	c->since_ms = server_now_ms(s);
	TAILQ_INSERT_TAIL(&s->phase[CLIENT_HEAD], c, by_phase);
	s->entering = c;
	web_add(s, c);
	if (s->entering != NULL) { /* MHD had no memory for it */
		s->entering = NULL;
		gate_leave(s, c);
	}
}

static void refuse_crowd(struct server *s, int fd, const struct listen_address *from)
{
	char name[INET6_ADDRSTRLEN] = "?";
	const void *address = from->to.any.sa_family == AF_INET
	                              ? (const void *)&from->to.v4.sin_addr
	                              : (const void *)&from->to.v6.sin6_addr;

	close(fd);
	inet_ntop(from->to.any.sa_family, address, name, sizeof name);
	server_grumble(s, &s->crowd,
	               "closed a connection of %s, which has %zu (max_per_address)", name,
	               s->max_per_address);
}

/* One new connection; false: no more now. */
static bool accept_one(struct server *s)
{
	struct listen_address from = {.len = sizeof from.to};
	int fd = accept4(s->listen_fd, &from.to.any, &from.len,
	                 SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			pause_accept(s, strerror(errno));
		return errno != EAGAIN && !s->is_paused;
	}
	if (is_crowd(s, &from))
		refuse_crowd(s, fd, &from);
	else
		add_client(s, fd, &from);
	return true;
}

void gate_accept(struct server *s)
{
	for (unsigned n = 0; n < ACCEPTS_MAX && !s->is_paused; n++) {
		if (s->free_count == 0)
			pause_accept(s, "max_connections");
		else if (!accept_one(s))
			return;
	}
}

static int64_t patience_ms(const struct server *s, enum client_phase phase)
{
	int64_t patience = s->patience_ms[phase];

	return phase == CLIENT_IDLE && s->is_paused && patience > GIVES_WAY_MS
	               ? GIVES_WAY_MS
	               : patience;
}

int64_t gate_next_ms(const struct server *s)
{
	int64_t next = s->is_paused ? s->resume_ms : INT64_MAX;

	for (enum client_phase p = 0; p < CLIENT_PHASES; p++) {
		const struct client *c = TAILQ_FIRST(&s->phase[p]);

		if (c != NULL && patience_ms(s, p) != 0 &&
		    c->since_ms + patience_ms(s, p) < next)
			next = c->since_ms + patience_ms(s, p);
	}
	return next;
}

void gate_tick(struct server *s, int64_t now_ms)
{
	for (enum client_phase p = 0; p < CLIENT_PHASES; p++) {
		struct client *c;

		while (patience_ms(s, p) != 0 &&
		       (c = TAILQ_FIRST(&s->phase[p])) != NULL &&
		       now_ms - c->since_ms >= patience_ms(s, p)) {
			if (p != CLIENT_IDLE)
				server_grumble(s, &s->slow,
				               "broke off a connection that was too slow "
				               "with its %s",
				               p == CLIENT_HEAD   ? "head"
				               : p == CLIENT_BODY ? "body"
				                                  : "reading");
			cut(s, c);
		}
	}
	if (s->is_paused && now_ms >= s->resume_ms)
		resume_accept(s);
}
