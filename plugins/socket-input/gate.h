/* SPDX-License-Identifier: MIT */
/*
 * Who comes in and who leaves: new connections get a slot while there are slots and
 * descriptors; else they wait in the kernel's queue, and silent ones give way.
 */
#ifndef SOCKET_INPUT_GATE_H
#define SOCKET_INPUT_GATE_H

#include "server.h"

/* Lets in who waits at this listening socket. */
void gate_accept(struct server *s, const struct source *from);

/* Ends a connection, which frees its slot. */
void gate_drop(struct server *s, struct client *c);

/* When gate_tick() has something to do next; INT64_MAX: nothing. */
int64_t gate_next_ms(const struct server *s);

/* Ends connections that are silent for too long, and tries again what had to wait. */
void gate_tick(struct server *s, int64_t now_ms);

#endif
