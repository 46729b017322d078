/* SPDX-License-Identifier: MIT */
/* A sender, for tests of the input "socket-input"; every wait has a deadline of 20 s. */
#ifndef TESTS_INTEGRATION_SOCKET_PEER_H
#define TESTS_INTEGRATION_SOCKET_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input_host.h"

struct peer {
	int fd;
	size_t at, len;
	char data[65536]; /* answers read and not looked at */
};

#define SOON_MS 20000 /* for what has to happen */

/* The plugin, not opened, without any address or with this; the one that listens on a
 * free TCP port of 127.0.0.1, opened. */
struct input_host *peer_load(void);
struct input_host *peer_load_unix(const char *path);
struct input_host *peer_start(void);

/* Each bails out when it cannot connect. */
struct peer *peer_tcp(int port);
struct peer *peer_unix(const char *path);
struct peer *peer_udp(int port);
void peer_free(struct peer *p);

bool peer_send(struct peer *p, const void *data, size_t len);
bool peer_say(struct peer *p, const char *text);
/* Nothing more will be sent. */
void peer_half_close(struct peer *p);
/* Breaks the connection off (RST). */
void peer_reset(struct peer *p);

/* The next answer without its line end, "(end)" or "(nothing)"; borrowed. */
const char *peer_answer(struct peer *p);
/* Whether the next answers are `ok FIRST` to `ok LAST`. */
bool peer_is_ok(struct peer *p, uint64_t first, uint64_t last);

/* The directory of this program's tests, and a path in it (in one of 4 buffers). */
const char *peer_path(const char *name);
void peer_end(void);

#endif
