/* SPDX-License-Identifier: MIT */
/*
 * Frames of weather stations that do not exist, for demonstrations and load.  The same
 * seed gives the same frames, on every machine; the format changes how they are written,
 * not what they say.
 */
#ifndef CORE_SIMULATE_H
#define CORE_SIMULATE_H

#include <stdint.h>

#include "buf.h"

#define SIMULATE_NODES_MAX 10000

enum simulate_format { SIMULATE_HEX, SIMULATE_ASCII, SIMULATE_JSON };

struct simulation;

/* NULL: out of memory.  `nodes` is 1 to SIMULATE_NODES_MAX. */
struct simulation *simulation_new(unsigned nodes, uint64_t seed);
void simulation_free(struct simulation *s); /* NULL is fine */

/* Adds the next frame as one line, its end included.  The nodes send in turn. */
void simulation_add(struct simulation *s, enum simulate_format format, struct buf *out);

#endif
