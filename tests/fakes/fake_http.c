/* SPDX-License-Identifier: MIT */
/* A web server that answers as a test says: a thread for each connection. */
#include "fake_http.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MOST 512
#define REQUESTS_MOST    100000
#define DRIBBLE_MS       50

struct fake_http {
	fake_http_answer *answer;
	int listen_fd;
	int stop_fd; /* readable when all has to end */
	unsigned port;
	pthread_t acceptor;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t threads[CONNECTIONS_MOST];
	unsigned connections;
	struct fake_request *requests[REQUESTS_MOST];
	unsigned count;
	unsigned waiting; /* for their answer, together */
	bool is_stopping;
};

struct client {
	struct fake_http *server;
	int fd;
	unsigned number;
	char *in;
	size_t len, size;
};

/* ---- bytes ---- */

/* False: the client is gone, or the server stops. */
static bool wait_readable(struct client *c, int timeout_ms)
{
	struct pollfd fds[2] = {{.fd = c->fd, .events = POLLIN},
	                        {.fd = c->server->stop_fd, .events = POLLIN}};

	poll(fds, 2, timeout_ms);
	return fds[1].revents == 0;
}

static bool read_more(struct client *c)
{
	ssize_t got;

	if (c->size - c->len < 65536) {
		c->size = c->size * 2 + 131072;
		c->in = realloc(c->in, c->size);
		assert(c->in != NULL);
	}
	if (!wait_readable(c, -1))
		return false;
	got = recv(c->fd, c->in + c->len, c->size - c->len - 1, 0);
	if (got <= 0)
		return false;
	c->len += (size_t)got;
	c->in[c->len] = '\0';
	return true;
}

static bool put(struct client *c, const char *bytes, size_t len, bool dribbles)
{
	while (len > 0) {
		ssize_t done = send(c->fd, bytes, dribbles ? 1 : len, MSG_NOSIGNAL);

		if (done <= 0 || (dribbles && !wait_readable(c, DRIBBLE_MS)))
			return false;
		bytes += done;
		len -= (size_t)done;
	}
	return true;
}

/* ---- requests ---- */

bool fake_http_header(const struct fake_request *r, const char *name, char *out,
                      size_t size)
{
	unsigned found = 0;

	for (const char *line = strstr(r->head, "\r\n"); line != NULL;
	     line = strstr(line, "\r\n")) {
		size_t len = strlen(name);

		line += 2;
		if (strncasecmp(line, name, len) != 0 || line[len] != ':')
			continue;
		line += len + 1;
		line += strspn(line, " ");
		snprintf(out, size, "%.*s", (int)strcspn(line, "\r\n"), line);
		found++;
	}
	return found == 1;
}

/* The next whole request at the front of what came; NULL: the connection is over. */
static struct fake_request *read_request(struct client *c)
{
	struct fake_request *r = calloc(1, sizeof *r);
	char *end, text[32];
	size_t head_len;

	assert(r != NULL);
	while (c->len == 0 || (end = strstr(c->in, "\r\n\r\n")) == NULL) {
		if (!read_more(c)) {
			free(r);
			return NULL;
		}
	}
	head_len = (size_t)(end + 4 - c->in);
	r->connection = c->number;
	r->head = strndup(c->in, head_len - 2);
	if (fake_http_header(r, "Content-Length", text, sizeof text))
		r->body_len = strtoul(text, NULL, 10);
	while (c->len < head_len + r->body_len) {
		if (!read_more(c)) {
			free(r->head);
			free(r);
			return NULL;
		}
	}
	r->body = strndup(c->in + head_len, r->body_len);
	c->len -= head_len + r->body_len;
	memmove(c->in, c->in + head_len + r->body_len, c->len + 1);
	return r;
}

/* Keeps the request and asks the test for the answer. */
static struct fake_answer note(struct fake_http *f, struct fake_request *r)
{
	struct fake_answer a = {.status = 0};

	pthread_mutex_lock(&f->lock);
	assert(f->count < REQUESTS_MOST);
	f->requests[f->count++] = r;
	f->answer(r, f->count, &a);
	if (a.together > 0) {
		f->waiting++;
		pthread_cond_broadcast(&f->changed);
		while (f->waiting < a.together && !f->is_stopping)
			pthread_cond_wait(&f->changed, &f->lock);
	}
	pthread_mutex_unlock(&f->lock);
	return a;
}

static bool put_answer(struct client *c, const struct fake_answer *a)
{
	char *padding = calloc(1, a->padding + 1);
	char head[512];
	bool is_sent;

	assert(padding != NULL);
	memset(padding, 'x', a->padding);
	snprintf(head, sizeof head, "HTTP/1.1 %d Said\r\nContent-Length: %zu\r\n",
	         a->status == 0 ? 200 : a->status,
	         (a->body == NULL ? 0 : strlen(a->body)) + a->padding);
	is_sent = put(c, head, strlen(head), a->dribbles) &&
	          (a->headers == NULL ||
	           put(c, a->headers, strlen(a->headers), a->dribbles)) &&
	          put(c, "\r\n", 2, a->dribbles) &&
	          (a->body == NULL || put(c, a->body, strlen(a->body), a->dribbles)) &&
	          put(c, padding, a->padding, a->dribbles);
	free(padding);
	return is_sent;
}

static bool serve(struct client *c)
{
	struct fake_request *r = read_request(c);
	struct fake_answer a;

	if (r == NULL)
		return false;
	a = note(c->server, r);
	if (a.withholds) {
		while (read_more(c))
			;
		return false;
	}
	if (a.says_nothing)
		return !a.closes;
	if (a.raw != NULL)
		return put(c, a.raw, strlen(a.raw), a.dribbles) && !a.closes;
	return put_answer(c, &a) && !a.closes;
}

static void *run_client(void *context)
{
	struct client *c = context;

	while (serve(c))
		;
	close(c->fd);
	free(c->in);
	free(c);
	return NULL;
}

/* ---- life ---- */

static void *run(void *context)
{
	struct fake_http *f = context;
	struct pollfd fds[2] = {{.fd = f->listen_fd, .events = POLLIN},
	                        {.fd = f->stop_fd, .events = POLLIN}};

	for (;;) {
		struct client *c;
		int fd;

		poll(fds, 2, -1);
		if (fds[1].revents != 0)
			return NULL;
		fd = accept(f->listen_fd, NULL, NULL);
		if (fd < 0)
			continue;
		c = calloc(1, sizeof *c);
		assert(c != NULL && f->connections < CONNECTIONS_MOST);
		c->server = f;
		c->fd = fd;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		pthread_mutex_lock(&f->lock);
		c->number = f->connections + 1;
		pthread_create(&f->threads[f->connections++], NULL, run_client, c);
		pthread_mutex_unlock(&f->lock);
	}
}

struct fake_http *fake_http_start(fake_http_answer *answer)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct fake_http *f = calloc(1, sizeof *f);
	socklen_t len = sizeof address;
	int rc;

	assert(f != NULL);
	f->answer = answer;
	f->stop_fd = eventfd(0, EFD_CLOEXEC);
	f->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	rc = bind(f->listen_fd, (struct sockaddr *)&address, sizeof address);
	assert(rc == 0);
	rc = listen(f->listen_fd, 128);
	assert(rc == 0);
	getsockname(f->listen_fd, (struct sockaddr *)&address, &len);
	f->port = ntohs(address.sin_port);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	rc = pthread_create(&f->acceptor, NULL, run, f);
	assert(rc == 0);
	return f;
}

void fake_http_stop(struct fake_http *f)
{
	pthread_mutex_lock(&f->lock);
	f->is_stopping = true;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
	if (write(f->stop_fd, &(uint64_t){1}, sizeof(uint64_t)) < 0)
		abort();
	pthread_join(f->acceptor, NULL);
	for (unsigned i = 0; i < f->connections; i++)
		pthread_join(f->threads[i], NULL);
	for (unsigned i = 0; i < f->count; i++) {
		free(f->requests[i]->head);
		free(f->requests[i]->body);
		free(f->requests[i]);
	}
	close(f->listen_fd);
	close(f->stop_fd);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->changed);
	free(f);
}

unsigned fake_http_port(const struct fake_http *f)
{
	return f->port;
}

unsigned fake_http_connections(struct fake_http *f)
{
	unsigned count;

	pthread_mutex_lock(&f->lock);
	count = f->connections;
	pthread_mutex_unlock(&f->lock);
	return count;
}

unsigned fake_http_count(struct fake_http *f)
{
	unsigned count;

	pthread_mutex_lock(&f->lock);
	count = f->count;
	pthread_mutex_unlock(&f->lock);
	return count;
}

const struct fake_request *fake_http_request(struct fake_http *f, unsigned number)
{
	const struct fake_request *r = NULL;

	pthread_mutex_lock(&f->lock);
	if (number >= 1 && number <= f->count)
		r = f->requests[number - 1];
	pthread_mutex_unlock(&f->lock);
	return r;
}
