/* SPDX-License-Identifier: MIT */
/*
 * Who comes in and who has to leave: slots, descriptors, connections of one address, and
 * deadlines, which no dribble of bytes moves.
 */
#ifndef HTTP_INPUT_GATE_H
#define HTTP_INPUT_GATE_H

#include "server.h"

/* Lets in who waits. */
void gate_accept(struct server *s);

/* A phase of the connection begins. */
void gate_move(struct server *s, struct client *c, enum client_phase phase);

/* MHD has closed it: its slot is free. */
void gate_leave(struct server *s, struct client *c);

/* When gate_tick() has something to do next; INT64_MAX: nothing. */
int64_t gate_next_ms(const struct server *s);

/* Breaks off what is past its deadline, and tries again what had to wait. */
void gate_tick(struct server *s, int64_t now_ms);

#endif
