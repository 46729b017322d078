/* SPDX-License-Identifier: MIT */
/* Where senders come in: a TCP address like 127.0.0.1:8080. */
#ifndef HTTP_INPUT_LISTEN_H
#define HTTP_INPUT_LISTEN_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "why.h"

struct listen_address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_storage storage;
	} to;
	socklen_t len;
};

/* Reads `ADDRESS:PORT` or `[ADDRESS]:PORT`, all in numbers. */
bool listen_parse(struct listen_address *out, const char *text, struct why *why);

/* Whether only this machine reaches it. */
bool listen_is_loopback(const struct listen_address *a);

/* Opens it; `*fd` is non-blocking. */
bool listen_open(int *fd, const char *text, struct why *why);

/* The address that a socket has, as `ADDRESS:PORT`: with the port that was given for 0.
 */
#define LISTEN_NAME_SIZE 64
void listen_name(char out[LISTEN_NAME_SIZE], int fd);

#endif
