/* SPDX-License-Identifier: MIT */
/* One datagram at a time from a UDP socket, as lines; counts what the kernel dropped. */
#ifndef SOCKET_INPUT_DATAGRAM_H
#define SOCKET_INPUT_DATAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client.h"

struct datagram {
	size_t at;        /* where the next line begins */
	size_t len;       /* of the datagram; at == len: all its lines were taken */
	uint32_t dropped; /* by the kernel since the socket was made, its buffer being
	                     full */
	uint8_t data[65536];
};

/* Receives the next datagram; false: there is none now. */
bool datagram_read(struct datagram *d, int fd);

/* The next line of the datagram, whose end ends a line too; false: it had no more. */
bool datagram_next(struct datagram *d, client_line_length *line_length,
                   const uint8_t **line, size_t *len);

#endif
