/* SPDX-License-Identifier: MIT */
/* Addresses and listening sockets. */
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Cuts it in two at the last colon, and takes the brackets off; `*port` is borrowed. */
static bool split(const char *text, char host[INET6_ADDRSTRLEN], bool *is_v6,
                  const char **port)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon == NULL ? 0 : (size_t)(colon - text);

	*is_v6 = len >= 2 && text[0] == '[' && text[len - 1] == ']';
	if (*is_v6) {
		text++;
		len -= 2;
	}
	if (len == 0 || len >= INET6_ADDRSTRLEN)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	*port = colon + 1;
	return true;
}

static bool read_port(const char *text, in_port_t *port)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	*port = htons((uint16_t)number);
	return text[0] >= '0' && text[0] <= '9' && strlen(text) <= 5 && *end == '\0' &&
	       number <= 65535;
}

bool listen_parse(struct listen_address *out, const char *text, struct why *why)
{
	char host[INET6_ADDRSTRLEN];
	const char *port_text;
	in_port_t port;
	bool is_v6;

	memset(out, 0, sizeof *out);
	if (!split(text, host, &is_v6, &port_text))
		return why_not(why,
		               "listen: '%.100s': ADDRESS:PORT is needed, an IPv6 "
		               "address in [ ]",
		               text);
	if (!read_port(port_text, &port))
		return why_not(why,
		               "listen: '%.100s': the port is a number from 0 to 65535",
		               text);
	if (is_v6 && inet_pton(AF_INET6, host, &out->to.v6.sin6_addr) == 1) {
		out->to.v6.sin6_family = AF_INET6;
		out->to.v6.sin6_port = port;
		out->len = sizeof out->to.v6;
		return true;
	}
	if (!is_v6 && inet_pton(AF_INET, host, &out->to.v4.sin_addr) == 1) {
		out->to.v4.sin_family = AF_INET;
		out->to.v4.sin_port = port;
		out->len = sizeof out->to.v4;
		return true;
	}
	return why_not(why,
	               "listen: '%.100s': the address is needed in numbers (127.0.0.1; "
	               "0.0.0.0 and [::] for all)",
	               text);
}

bool listen_is_loopback(const struct listen_address *a)
{
	const struct in6_addr *v6 = &a->to.v6.sin6_addr;

	if (a->to.any.sa_family == AF_INET)
		return ntohl(a->to.v4.sin_addr.s_addr) >> 24 == 127;
	return a->to.any.sa_family == AF_INET6 &&
	       (IN6_IS_ADDR_LOOPBACK(v6) ||
	        (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == 127));
}

bool listen_open(int *fd, const char *text, struct why *why)
{
	const int on = 1;
	struct listen_address a;

	*fd = -1;
	if (!listen_parse(&a, text, why))
		return false;
	*fd = socket(a.to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd >= 0) {
		setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
		/* else [::] would take 0.0.0.0's place only where the system says so */
		if (a.to.any.sa_family == AF_INET6)
			setsockopt(*fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
		if (bind(*fd, &a.to.any, a.len) == 0 && listen(*fd, SOMAXCONN) == 0)
			return true;
	}
	why_not(why, "listen: %.100s: %s", text, strerror(errno));
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return false;
}

void listen_name(char out[LISTEN_NAME_SIZE], int fd)
{
	struct listen_address a = {.len = sizeof a.to};
	char host[INET6_ADDRSTRLEN] = "?";
	bool is_v6;

	getsockname(fd, &a.to.any, &a.len);
	is_v6 = a.to.any.sa_family == AF_INET6;
	inet_ntop(a.to.any.sa_family,
	          is_v6 ? (const void *)&a.to.v6.sin6_addr
	                : (const void *)&a.to.v4.sin_addr,
	          host, sizeof host);
	snprintf(out, LISTEN_NAME_SIZE, is_v6 ? "[%s]:%u" : "%s:%u", host,
	         ntohs(is_v6 ? a.to.v6.sin6_port : a.to.v4.sin_port));
}
