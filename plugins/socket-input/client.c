/* SPDX-License-Identifier: MIT */
/* One connection's bytes, lines and answers. */
#include "client.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

void client_open(struct client *c, int fd, int64_t now_ms)
{
	*c = (struct client){
		.fd = fd,
		.generation = c->generation,
		.active_ms = now_ms,
	};
}

void client_close(struct client *c)
{
	close(c->fd);
	bytes_free(&c->in);
	bytes_free(&c->out);
	*c = (struct client){.fd = -1, .generation = c->generation + 1};
}

bool client_read(struct client *c, uint8_t *scratch)
{
	ssize_t n;

	assert(c->in.len <
	       CLIENT_IN_MAX); /* else client_events() has not asked for more */
	do
		n = recv(c->fd, scratch, CLIENT_IN_MAX - c->in.len, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0 || !bytes_add(&c->in, scratch, (size_t)n)) {
		/* Out of memory looks to the sender like a broken connection: it sends
		 * again. */
		c->is_ended = true;
		c->is_broken = n != 0;
		c->is_mute = c->is_mute || c->is_broken;
	}
	return true;
}

/* Within a line that was too long: drops up to its end. */
static void skip(struct client *c)
{
	const uint8_t *first = bytes_first(&c->in);
	const uint8_t *end = memchr(first, '\n', c->in.len);

	c->is_skipping = end == NULL;
	bytes_take(&c->in, end == NULL ? c->in.len : (size_t)(end - first) + 1);
}

/* The length of the next line with its end, 0: there is none yet. */
static size_t next_length(struct client *c, client_line_length *line_length)
{
	const uint8_t *first = bytes_first(&c->in);
	size_t len = 0;

	if (memchr(first + c->searched, '\n', c->in.len - c->searched) == NULL) {
		c->searched = c->in.len;
	} else {
		len = line_length(first, c->in.len);
		c->searched = 0;
	}
	/* What an orderly end leaves is a line; what a broken connection leaves is a torn
	 * one. */
	if (len == 0 && c->is_broken)
		bytes_take(&c->in, c->in.len);
	return len == 0 && c->is_ended ? c->in.len : len;
}

size_t client_without_end(const uint8_t *line, size_t len)
{
	if (len > 0 && line[len - 1] == '\n')
		len--;
	if (len > 0 && line[len - 1] == '\r')
		len--;
	return len;
}

enum client_line client_next(struct client *c, client_line_length *line_length,
                             const uint8_t **line, size_t *len)
{
	size_t whole;

	if (c->is_skipping && c->in.len > 0)
		skip(c);
	if (c->in.len == 0) {
		bytes_take(&c->in, 0);
		return CLIENT_NO_LINE;
	}
	whole = next_length(c, line_length);
	*line = bytes_first(&c->in);
	*len = client_without_end(*line, whole == 0 ? c->in.len : whole);
	if (*len > CLIENT_LINE_MAX) {
		c->is_skipping = whole == 0;
		c->searched = 0;
		bytes_take(&c->in, whole == 0 ? c->in.len : whole);
		return CLIENT_TOO_LONG;
	}
	if (whole == 0)
		return CLIENT_NO_LINE;
	/* The bytes stay where they are until something else is done with the queue. */
	c->in.at += whole;
	c->in.len -= whole;
	return CLIENT_LINE;
}

void client_say(struct client *c, const void *text, size_t len)
{
	if (c->is_mute)
		return;
	/* An answer that is lost would shift all after it: better none. */
	c->is_mute = !bytes_add(&c->out, text, len);
	c->is_blocked = c->is_blocked || c->out.len > CLIENT_OUT_MAX;
}

bool client_send(struct client *c)
{
	ssize_t n = 0;

	if (!c->is_mute && c->out.len > 0)
		n = send(c->fd, bytes_first(&c->out), c->out.len,
		         MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		bytes_take(&c->out, (size_t)n);
	/* Who takes no answers may still have sent lines: they are read to the end. */
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		c->is_mute = true;
	if (c->is_mute)
		bytes_free(&c->out);
	if (c->out.len <= CLIENT_OUT_MAX / 2)
		c->is_blocked = false;
	return n > 0;
}

uint32_t client_events(const struct client *c)
{
	uint32_t events = 0;

	if (!c->is_ended && !c->is_blocked && c->in.len < CLIENT_IN_MAX)
		events |= EPOLLIN;
	if (c->out.len > 0)
		events |= EPOLLOUT;
	return events;
}

bool client_is_done(const struct client *c)
{
	return c->is_ended && c->in.len == 0 && c->out.len == 0 && c->unanswered == 0 &&
	       !c->is_refusing;
}
