/* SPDX-License-Identifier: MIT */
/*
 * The sender of `make bench` to http-input: lines in POSTs over connections that are
 * kept, one request ahead on each.
 *
 *   bench-post -c CONNECTIONS -b FRAMES tcp:ADDRESS:PORT FILE
 *
 * Prints "FRAMES SECONDS BEGIN" from the first byte sent to the last answer.  Each
 * frame must be answered by OK, else it fails.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bench.h"

#define CONNECTIONS_MAX 128
#define ANSWER_SIZE     65536
#define WAIT_MS         60000

struct connection {
	size_t frames; /* in the request that is not answered yet */
	size_t len;
	char answer[ANSWER_SIZE];
};

static struct connection connections[CONNECTIONS_MAX];
static struct pollfd fds[CONNECTIONS_MAX];
static struct bench_lines lines;
static size_t batch = 1, sent, answered;

static void die(const char *what)
{
	errno = 0;
	bench_die(what);
}

/* A request is small beside what a socket holds: it goes in one piece. */
static void send_request(struct connection *c, int fd)
{
	size_t end = sent + batch < lines.count ? sent + batch : lines.count;
	size_t len = lines.at[end] - lines.at[sent];
	char head[160];
	struct iovec parts[2] = {
		{head, 0},
		{lines.text + lines.at[sent], len},
	};

	parts[0].iov_len = (size_t)snprintf(head, sizeof head,
	                                    "POST / HTTP/1.1\r\nHost: bench\r\n"
	                                    "Content-Type: text/plain\r\n"
	                                    "Content-Length: %zu\r\n\r\n",
	                                    len);
	if (writev(fd, parts, 2) != (ssize_t)(parts[0].iov_len + len))
		bench_die("cannot send");
	c->frames = end - sent;
	c->len = 0;
	sent = end;
}

static size_t count_ok(const char *body, size_t len)
{
	size_t count = 0;

	for (const char *at = body; at < body + len; count++) {
		if (strncmp(at, "OK ", 3) != 0)
			die("a frame was refused");
		at = memchr(at, '\n', (size_t)(body + len - at));
		at = at == NULL ? body + len : at + 1;
	}
	return count;
}

/* True: the whole answer is there. */
static bool read_answer(struct connection *c, int fd)
{
	ssize_t got = read(fd, c->answer + c->len, ANSWER_SIZE - 1 - c->len);
	const char *body, *length;
	size_t len;

	if (got <= 0)
		bench_die("the router closed the connection");
	c->len += (size_t)got;
	c->answer[c->len] = '\0';
	body = strstr(c->answer, "\r\n\r\n");
	if (body == NULL)
		return false;
	body += 4;
	length = strcasestr(c->answer, "\r\nContent-Length:");
	if (strncmp(c->answer, "HTTP/1.1 200", 12) != 0 || length == NULL)
		die("a request was refused");
	len = strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
	if (c->len < (size_t)(body - c->answer) + len)
		return false;
	if (count_ok(body, len) != c->frames)
		die("the answer has not a line for each frame");
	answered += c->frames;
	return true;
}

static void post_all(size_t count)
{
	int64_t begin_us = bench_now_us();

	for (size_t i = 0; i < count && sent < lines.count; i++)
		send_request(&connections[i], fds[i].fd);
	while (answered < lines.count) {
		errno = 0;
		if (poll(fds, count, WAIT_MS) <= 0)
			bench_die("the router does not answer");
		for (size_t i = 0; i < count; i++)
			if (fds[i].revents != 0 &&
			    read_answer(&connections[i], fds[i].fd) && sent < lines.count)
				send_request(&connections[i], fds[i].fd);
	}
	bench_print_rate(lines.count, begin_us);
}

int main(int argc, char **argv)
{
	size_t count = 1;
	int option;

	while ((option = getopt(argc, argv, "b:c:")) != -1) {
		if (option == 'b')
			batch = strtoul(optarg, NULL, 10);
		else if (option == 'c')
			count = strtoul(optarg, NULL, 10);
	}
	if (optind + 2 != argc || batch == 0 || count == 0 || count > CONNECTIONS_MAX)
		die("usage: bench-post -c CONNECTIONS -b FRAMES ADDRESS FILE");
	bench_read_lines(&lines, argv[optind + 1]);
	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){bench_connect(argv[optind]), POLLIN, 0};
	post_all(count);
	return 0;
}
