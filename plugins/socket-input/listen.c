/* SPDX-License-Identifier: MIT */
/* Opening the sockets that senders come to. */
#include "listen.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UDP_BUFFER (4 * 1024 * 1024)

static const char *const form = "unix:PATH, tcp:ADDRESS:PORT or udp:ADDRESS:PORT";

bool why_not(struct why *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof why->text, format, args);
	va_end(args);
	return false;
}

static bool parse_unix(struct listen_address *out, const char *path, struct why *why)
{
	struct sockaddr_un *local = &out->to.local;

	if (path[0] != '/')
		return why_not(why, "unix:%.200s: an absolute path is needed", path);
	if (strlen(path) >= sizeof local->sun_path)
		return why_not(why,
		               "unix:%.200s: the path of a socket has at most %zu bytes",
		               path, sizeof local->sun_path - 1);
	local->sun_family = AF_UNIX;
	memcpy(local->sun_path, path, strlen(path) + 1);
	out->len = sizeof *local;
	return true;
}

/* Cuts `ADDRESS:PORT` or `[ADDRESS]:PORT` in two. */
static bool split_port(const char *text, char host[NI_MAXHOST], const char **port)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon == NULL ? 0 : (size_t)(colon - text);

	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	} else if (memchr(text, ':', len) != NULL) {
		return false;
	}
	if (len == 0 || len >= NI_MAXHOST)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	*port = colon + 1;
	return true;
}

static bool is_port(const char *port)
{
	char *end;

	return port[0] >= '0' && port[0] <= '9' && strlen(port) <= 5 &&
	       strtoul(port, &end, 10) <= 65535 && *end == '\0';
}

static bool parse_inet(struct listen_address *out, const char *text, struct why *why)
{
	struct addrinfo hints = {
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = out->kind == LISTEN_TCP ? SOCK_STREAM : SOCK_DGRAM,
	};
	char host[NI_MAXHOST];
	struct addrinfo *found;
	const char *port;

	if (!split_port(text + 4, host, &port))
		return why_not(why,
		               "%.200s: ADDRESS:PORT is needed, an IPv6 address in [ ]",
		               text);
	if (!is_port(port))
		return why_not(why, "%.200s: the port is a number from 0 to 65535", text);
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return why_not(
			why,
			"%.200s: the address is needed in numbers (127.0.0.1; 0.0.0.0 "
			"and [::] for all)",
			text);
	memcpy(&out->to, found->ai_addr, found->ai_addrlen);
	out->len = found->ai_addrlen;
	freeaddrinfo(found);
	return true;
}

bool listen_parse(struct listen_address *out, const char *text, struct why *why)
{
	*out = (struct listen_address){.kind = LISTEN_UNIX};
	if (strncmp(text, "unix:", 5) == 0)
		return parse_unix(out, text + 5, why);
	out->kind = text[0] == 't' ? LISTEN_TCP : LISTEN_UDP;
	if (strncmp(text, "tcp:", 4) == 0 || strncmp(text, "udp:", 4) == 0)
		return parse_inet(out, text, why);
	return why_not(why, "%.200s: %s is needed", text, form);
}

bool listen_is_local(const struct listen_address *a)
{
	const struct in6_addr *v6 = &a->to.v6.sin6_addr;

	if (a->to.any.sa_family == AF_INET)
		return ntohl(a->to.v4.sin_addr.s_addr) >> 24 == 127;
	return a->to.any.sa_family == AF_UNIX || IN6_IS_ADDR_LOOPBACK(v6) ||
	       (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == 127);
}

/* Whether the path is free for a socket; a file that a dead program left is removed. */
static bool clear_path(const struct listen_address *address, struct why *why)
{
	const char *path = address->to.local.sun_path;
	struct stat st;
	int fd, error;

	if (lstat(path, &st) != 0)
		return true; /* bind() says what is wrong, if anything is */
	if (!S_ISSOCK(st.st_mode))
		return why_not(why, "unix:%s: a file that is no socket has this name",
		               path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return why_not(why, "unix:%s: %s", path, strerror(errno));
	error = connect(fd, &address->to.any, address->len) == 0 ? 0 : errno;
	close(fd);
	if (error == ECONNREFUSED && unlink(path) != 0)
		return why_not(why, "unix:%s: cannot be replaced: %s", path,
		               strerror(errno));
	if (error == ECONNREFUSED || error == ENOENT)
		return true;
	if (error == 0 || error == EAGAIN || error == EPROTOTYPE)
		return why_not(why, "unix:%s: another program listens there", path);
	return why_not(why, "unix:%s: %s", path, strerror(error));
}

/* Before listen(), so that nobody connects who may not. */
static bool set_access(struct listen *l, const struct listen_access *access)
{
	const char *path = l->address.to.local.sun_path;
	struct stat st;

	if (lstat(path, &st) != 0)
		return false;
	l->device = st.st_dev;
	l->inode = st.st_ino;
	if (access->group != (gid_t)-1 && lchown(path, (uid_t)-1, access->group) != 0)
		return false;
	return chmod(path, access->mode) == 0;
}

static void set_options(const struct listen *l)
{
	const int on = 1, buffer = UDP_BUFFER;
	int family = l->address.to.any.sa_family;

	if (family == AF_INET6)
		setsockopt(l->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (l->address.kind == LISTEN_TCP) {
		setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	} else if (l->address.kind == LISTEN_UDP) {
		/* Beyond the system's limit for those who may; else as near as it allows.
		 */
		if (setsockopt(l->fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer,
		               sizeof buffer) != 0)
			setsockopt(l->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
		setsockopt(l->fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
	}
}

/* The name with the port that the system chose. */
static void name_listen(struct listen *l, const char *text)
{
	struct sockaddr_storage bound;
	socklen_t len = sizeof bound;
	char host[NI_MAXHOST], port[NI_MAXSERV];
	const int flags = NI_NUMERICHOST | NI_NUMERICSERV;
	bool is_v6 = l->address.to.any.sa_family == AF_INET6;

	snprintf(l->name, sizeof l->name, "%s", text);
	if (l->address.kind == LISTEN_UNIX ||
	    getsockname(l->fd, (struct sockaddr *)&bound, &len) != 0 ||
	    getnameinfo((struct sockaddr *)&bound, len, host, sizeof host, port,
	                sizeof port, flags) != 0)
		return;
	snprintf(l->name, sizeof l->name, "%.3s:%s%.100s%s:%.8s", text, is_v6 ? "[" : "",
	         host, is_v6 ? "]" : "", port);
}

bool listen_open(struct listen *out, const char *text, const struct listen_access *access,
                 struct why *why)
{
	struct listen l = {.fd = -1};
	int type = SOCK_STREAM;

	out->fd = -1;
	if (!listen_parse(&l.address, text, why))
		return false;
	if (l.address.kind == LISTEN_UNIX && !clear_path(&l.address, why))
		return false;
	if (l.address.kind == LISTEN_UDP)
		type = SOCK_DGRAM;
	l.fd = socket(l.address.to.any.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l.fd < 0)
		return why_not(why, "%.200s: %s", text, strerror(errno));
	set_options(&l);
	if (bind(l.fd, &l.address.to.any, l.address.len) != 0)
		goto undo;
	if (l.address.kind == LISTEN_UNIX && !set_access(&l, access))
		goto undo;
	if (l.address.kind != LISTEN_UDP && listen(l.fd, SOMAXCONN) != 0)
		goto undo;
	name_listen(&l, text);
	*out = l;
	return true;
undo:
	why_not(why, "%.200s: %s", text, strerror(errno));
	listen_close(&l);
	return false;
}

void listen_close(struct listen *l)
{
	const char *path = l->address.to.local.sun_path;
	struct stat st;

	if (l->fd < 0)
		return;
	if (l->address.kind == LISTEN_UNIX && l->inode != 0 && lstat(path, &st) == 0 &&
	    st.st_dev == l->device && st.st_ino == l->inode)
		unlink(path);
	close(l->fd);
	l->fd = -1;
}
