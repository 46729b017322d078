/* SPDX-License-Identifier: MIT */
/* Where senders come in: TCP, UDP and Unix sockets, made from words like
 * tcp:127.0.0.1:4000. */
#ifndef SOCKET_INPUT_LISTEN_H
#define SOCKET_INPUT_LISTEN_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>

/* Why something failed, as one line for a person. */
struct why {
	char text[400];
};

/* Writes the text and returns false. */
bool why_not(struct why *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

enum listen_kind { LISTEN_UNIX, LISTEN_TCP, LISTEN_UDP };

struct listen_address {
	enum listen_kind kind;
	socklen_t len;
	union {
		struct sockaddr any;
		struct sockaddr_un local;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_storage storage;
	} to;
};

/* Who may use a Unix socket. */
struct listen_access {
	mode_t mode;
	gid_t group; /* (gid_t)-1: the process's own */
};

struct listen {
	struct listen_address address;
	int fd;         /* non-blocking; -1: closed */
	char name[160]; /* as configured, with the port that was given for port 0 */
	dev_t device;   /* of the Unix socket's file */
	ino_t inode;
};

/* Reads `unix:PATH`, `tcp:ADDRESS:PORT` or `udp:ADDRESS:PORT`. */
bool listen_parse(struct listen_address *out, const char *text, struct why *why);

/* Whether who sends there is on this machine. */
bool listen_is_local(const struct listen_address *a);

/*
 * Opens it.  A Unix socket's file that no program listens on is replaced; anything else
 * with that name is left alone and is an error.
 */
bool listen_open(struct listen *out, const char *text, const struct listen_access *access,
                 struct why *why);

/* Closes it; the file of a Unix socket goes if it is still ours.  -1 in fd is fine. */
void listen_close(struct listen *l);

#endif
