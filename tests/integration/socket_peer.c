/* SPDX-License-Identifier: MIT */
/* A sender that speaks to the input "socket-input". */
#include "socket_peer.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char world[80];

struct input_host *peer_load(void)
{
	const char *build = getenv("top_builddir");
	char path[512];

	snprintf(path, sizeof path, "%s/plugins/socket-input/.libs/socket-input.so",
	         build == NULL ? "." : build);
	return input_host_load(path);
}

struct input_host *peer_load_unix(const char *path)
{
	struct input_host *h = peer_load();
	char listen[200];

	snprintf(listen, sizeof listen, "unix:%s", path);
	input_host_set(h, "listen", listen);
	return h;
}

struct input_host *peer_start(void)
{
	struct input_host *h = peer_load();

	input_host_set(h, "listen", "tcp:127.0.0.1:0");
	if (!input_host_open(h)) {
		printf("Bail out! %s\n", input_host_why(h));
		exit(99);
	}
	return h;
}

static struct peer *dial(int type, const void *address, socklen_t len)
{
	const struct sockaddr *to = address;
	struct timeval limit = {.tv_sec = 20};
	struct peer *p = calloc(1, sizeof *p);

	assert(p != NULL);
	p->fd = socket(to->sa_family, type | SOCK_CLOEXEC, 0);
	setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(p->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	if (p->fd < 0 || connect(p->fd, to, len) != 0) {
		printf("Bail out! cannot connect: %s\n", strerror(errno));
		exit(99);
	}
	return p;
}

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

struct peer *peer_tcp(int port)
{
	struct sockaddr_in to = loopback(port);

	return dial(SOCK_STREAM, &to, sizeof to);
}

struct peer *peer_udp(int port)
{
	struct sockaddr_in to = loopback(port);

	return dial(SOCK_DGRAM, &to, sizeof to);
}

struct peer *peer_unix(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};

	snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
	return dial(SOCK_STREAM, &to, sizeof to);
}

void peer_free(struct peer *p)
{
	close(p->fd);
	free(p);
}

bool peer_send(struct peer *p, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = send(p->fd, at, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

bool peer_say(struct peer *p, const char *text)
{
	return peer_send(p, text, strlen(text));
}

void peer_half_close(struct peer *p)
{
	shutdown(p->fd, SHUT_WR);
}

void peer_reset(struct peer *p)
{
	struct linger at_once = {.l_onoff = 1};

	setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	peer_free(p);
}

const char *peer_answer(struct peer *p)
{
	for (;;) {
		char *first = p->data + p->at;
		char *end = memchr(first, '\n', p->len - p->at);
		ssize_t n;

		if (end != NULL) {
			*end = '\0';
			p->at = (size_t)(end - p->data) + 1;
			return first;
		}
		memmove(p->data, first, p->len - p->at);
		p->len -= p->at;
		p->at = 0;
		n = recv(p->fd, p->data + p->len, sizeof p->data - p->len, 0);
		if (n < 0)
			return errno == EAGAIN ? "(nothing)" : "(end)";
		if (n == 0)
			return p->len == 0 ? "(end)" : "(torn)";
		p->len += (size_t)n;
	}
}

bool peer_is_ok(struct peer *p, uint64_t first, uint64_t last)
{
	char want[40];

	for (uint64_t id = first; id <= last; id++) {
		const char *got = peer_answer(p);

		snprintf(want, sizeof want, "ok %" PRIu64, id);
		if (strcmp(got, want) != 0) {
			printf("#  got: %s\n# want: %s\n", got, want);
			return false;
		}
	}
	return true;
}

const char *peer_path(const char *name)
{
	static char ring[4][108];
	static unsigned turn;
	char *path = ring[turn++ % 4];

	/* Short whatever TMPDIR is: the path of a socket has at most 107 bytes. */
	if (world[0] == '\0') {
		strcpy(world, "/tmp/frame-router-socket-XXXXXX");
		assert(mkdtemp(world) != NULL);
	}
	snprintf(path, sizeof ring[0], "%s/%s", world, name);
	return path;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void peer_end(void)
{
	if (world[0] != '\0')
		nftw(world, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
