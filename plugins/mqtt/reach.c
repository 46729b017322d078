/* SPDX-License-Identifier: MIT */
/*
 * TCP, address by address.  libmosquitto's blocking connect may take minutes and its
 * other one stays with a single address, so its socket is watched here.  For TLS it looks
 * the name up once more, when the answer has just been given.
 */
#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "deadline.h"

/*
 * libmosquitto is given a name only for TLS, where the certificate must have it, and then
 * it goes to the first address.  For the others a socket of ours takes the place of its
 * own, under the same number, before anything was sent.
 */
static int replace_socket(int fd, const struct addrinfo *address)
{
	int fresh =
		socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error = 0;

	if (fresh < 0)
		return errno;
	if ((connect(fresh, address->ai_addr, address->ai_addrlen) < 0 &&
	     errno != EINPROGRESS) ||
	    dup3(fresh, fd, O_CLOEXEC) < 0)
		error = errno;
	close(fresh);
	return error;
}

static bool is_connected(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof peer;

	return getpeername(fd, (struct sockaddr *)&peer, &len) == 0;
}

/* Also when it is over: only what was connected knows how long an answer takes. */
static bool was_connected(int fd)
{
	struct tcp_info info = {.tcpi_rtt = 0};
	socklen_t len = sizeof info;

	return is_connected(fd) ||
	       (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
	        info.tcpi_rtt != 0);
}

/* Begins to connect; an errno, or the negative of another code of libmosquitto. */
static int begin(struct link *l, const struct addrinfo *address, bool is_first)
{
	const struct link_options *o = &l->options;
	char number[NI_MAXHOST];
	int rc;

	if (getnameinfo(address->ai_addr, address->ai_addrlen, number, sizeof number,
	                NULL, 0, NI_NUMERICHOST) != 0)
		return EAFNOSUPPORT;
	errno = 0;
	rc = mosquitto_connect_bind_async(l->client, o->tls ? o->host : number,
	                                  (int)o->port, o->keepalive_s, NULL);
	if (rc == MOSQ_ERR_ERRNO)
		return errno != 0 ? errno : ECONNREFUSED;
	if (rc != MOSQ_ERR_SUCCESS)
		return -rc;
	if (o->tls && !is_first && !is_connected(mosquitto_socket(l->client)))
		return replace_socket(mosquitto_socket(l->client), address);
	return 0;
}

/* Waits for TCP; an errno. */
static int wait_connected(int fd, int64_t deadline_ms)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};
	int error = 0;
	socklen_t len = sizeof error;

	if (deadline_poll(&ready, 1, deadline_ms) <= 0)
		return ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		return errno;
	/* A peer that was quick to refuse TLS: what it said before can still be read. */
	if (was_connected(fd))
		return 0;
	/* A handshake that was begun too early may have taken the error away. */
	return error == 0 ? ECONNREFUSED : error;
}

int reach_broker(struct link *l, const struct addrinfo *addresses, int64_t deadline_ms)
{
	unsigned timeout_ms = (unsigned)l->options.timeout_ms;
	int count = 0, error = EADDRNOTAVAIL;

	for (const struct addrinfo *i = addresses; i != NULL; i = i->ai_next)
		count++;
	for (const struct addrinfo *i = addresses; i != NULL; i = i->ai_next, count--) {
		int64_t now_ms = deadline_now();

		error = begin(l, i, i == addresses);
		if (error == 0)
			error = wait_connected(mosquitto_socket(l->client),
			                       now_ms + (deadline_ms - now_ms) / count);
		if (error <= 0)
			break;
	}
	/* So that a peer that has vanished is noticed, also where nothing is
	 * acknowledged. */
	if (error == 0)
		setsockopt(mosquitto_socket(l->client), IPPROTO_TCP, TCP_USER_TIMEOUT,
		           &timeout_ms, sizeof timeout_ms);
	return error;
}
