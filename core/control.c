/* SPDX-License-Identifier: MIT */
/* The control socket, both ends. */
#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"

#define CLIENT_MS 5000 /* to send its line, or to take its answer */

static bool make_address(struct sockaddr_un *address, const char *path,
                         struct reason *why)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof address->sun_path)
		return fail(why, "the path of the control socket is too long: %s", path);
	memcpy(address->sun_path, path, strlen(path) + 1);
	return true;
}

bool control_open(struct control *c, const char *path, struct reason *why)
{
	struct sockaddr_un address;

	for (unsigned i = 0; i < CONTROL_CLIENTS; i++)
		c->clients[i] = (struct control_client){.fd = -1};
	c->fd = -1;
	if (!make_address(&address, path, why))
		return false;
	memcpy(c->path, address.sun_path, sizeof c->path);
	unlink(path); /* we hold the lock of the state directory: it is a dead one */
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->fd < 0 || bind(c->fd, (struct sockaddr *)&address, sizeof address) != 0 ||
	    chmod(path, 0600) != 0 || listen(c->fd, CONTROL_CLIENTS) != 0)
		return fail_errno(why, "cannot make the control socket %s", path);
	return true;
}

static void drop(struct control_client *client)
{
	close(client->fd);
	buf_free(&client->reply);
	*client = (struct control_client){.fd = -1};
}

void control_close(struct control *c)
{
	for (unsigned i = 0; i < CONTROL_CLIENTS; i++)
		if (c->clients[i].fd >= 0)
			drop(&c->clients[i]);
	if (c->fd >= 0) {
		unlink(c->path);
		close(c->fd);
		c->fd = -1;
	}
}

static struct control_client *find_free(const struct control *c)
{
	for (unsigned i = 0; i < CONTROL_CLIENTS; i++)
		if (c->clients[i].fd < 0)
			return (struct control_client *)&c->clients[i];
	return NULL;
}

unsigned control_poll_fds(const struct control *c, struct pollfd fds[CONTROL_FDS])
{
	unsigned n = 0;

	/* one client too many waits until another has gone */
	fds[n++] = (struct pollfd){.fd = find_free(c) == NULL ? -1 : c->fd,
	                           .events = POLLIN};
	for (unsigned i = 0; i < CONTROL_CLIENTS; i++) {
		const struct control_client *client = &c->clients[i];

		/* one that waits is not looked at: poll() would tell without end that it
		 * has gone */
		if (client->fd >= 0 && (client->is_answered || !client->is_asking))
			fds[n++] = (struct pollfd){
				.fd = client->fd,
				.events = client->is_answered ? POLLOUT : POLLIN,
			};
	}
	return n;
}

static bool is_allowed(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof peer;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
	       (peer.uid == 0 || peer.uid == geteuid());
}

static void take_clients(struct control *c, int64_t now)
{
	struct control_client *client;
	int fd;

	while ((client = find_free(c)) != NULL &&
	       (fd = accept4(c->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		if (is_allowed(fd)) {
			client->fd = fd;
			client->until_ms = now + CLIENT_MS;
		} else {
			close(fd);
		}
	}
}

/* False: it is gone, or sends no request. */
static bool read_line(struct control_client *client)
{
	ssize_t got = read(client->fd, client->line + client->len,
	                   sizeof client->line - 1 - client->len);
	char *end;

	if (got < 0)
		return errno == EAGAIN;
	if (got == 0)
		return false;
	client->len += (unsigned)got;
	client->line[client->len] = '\0';
	end = memchr(client->line, '\n', client->len);
	if (end == NULL)
		return client->len < sizeof client->line - 1;
	*end = '\0';
	client->is_asking = true;
	client->until_ms = INT64_MAX; /* a stop may take an output's timeout */
	return true;
}

/* False: all is written, or it is gone. */
static bool write_reply(struct control_client *client)
{
	ssize_t done = send(client->fd, buf_string(&client->reply), client->reply.len,
	                    MSG_NOSIGNAL);

	if (done < 0)
		return errno == EAGAIN;
	buf_drop(&client->reply, (size_t)done);
	return client->reply.len > 0;
}

static bool serve(struct control_client *client, control_request *request, void *context,
                  int64_t now)
{
	if (now > client->until_ms)
		return false;
	if (!client->is_asking && !read_line(client))
		return false;
	if (client->is_asking && !client->is_answered) {
		client->is_answered =
			request(context, client->line, &client->ticket, &client->reply);
		client->ticket += client->ticket == 0;
		if (client->is_answered)
			client->until_ms = now + CLIENT_MS;
	}
	return !client->is_answered || write_reply(client);
}

void control_serve(struct control *c, control_request *request, void *context)
{
	int64_t now = clock_monotonic_ms();

	take_clients(c, now);
	for (unsigned i = 0; i < CONTROL_CLIENTS; i++) {
		struct control_client *client = &c->clients[i];

		if (client->fd >= 0 && !serve(client, request, context, now))
			drop(client);
	}
}

/* Reads to the end of the connection. */
static bool read_answer(int fd, int64_t deadline_ms, struct buf *reply,
                        struct reason *why)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	char part[4096];
	ssize_t got = 1;

	while (got > 0) {
		int64_t left = deadline_ms - clock_monotonic_ms();
		int ready = poll(&wait, 1, left < 0 ? 0 : (int)left);

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready == 0)
			return fail(why, "the router did not answer in time");
		got = read(fd, part, sizeof part);
		if (got > 0)
			buf_add(reply, part, (size_t)got);
	}
	return (got == 0 && reply->len > 0) || fail(why, "the router did not answer");
}

/* A router with too many to answer lets us in later. */
static enum control_answer reach(int fd, const char *path, int64_t timeout_ms,
                                 struct reason *why)
{
	struct timeval patience = {.tv_sec = timeout_ms / 1000,
	                           .tv_usec = timeout_ms % 1000 * 1000};
	struct sockaddr_un address;

	if (!make_address(&address, path, why))
		return CONTROL_NOBODY;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return CONTROL_ANSWERED;
	if (errno == ENOENT || errno == ECONNREFUSED) {
		fail_errno(why, "%s", path);
		return CONTROL_NOBODY;
	}
	if (errno == EACCES || errno == EPERM)
		fail_errno(why, "%s: only root and the user it runs as may ask", path);
	else if (errno == EAGAIN)
		fail(why, "the router did not answer in time");
	else
		fail_errno(why, "%s", path);
	return CONTROL_SILENT;
}

enum control_answer control_ask(const char *path, const char *line, int64_t timeout_ms,
                                struct buf *reply, struct reason *why)
{
	int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
	enum control_answer answer;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		fail_errno(why, "cannot make a socket");
		return CONTROL_SILENT;
	}
	answer = reach(fd, path, timeout_ms, why);
	if (answer == CONTROL_ANSWERED) {
		/* who is not heard may find the other end closed: that is told below */
		send(fd, line, strlen(line), MSG_NOSIGNAL | MSG_MORE);
		send(fd, "\n", 1, MSG_NOSIGNAL);
		if (!read_answer(fd, deadline_ms, reply, why))
			answer = CONTROL_SILENT;
	}
	close(fd);
	return answer;
}
