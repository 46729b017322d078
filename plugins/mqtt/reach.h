/* SPDX-License-Identifier: MIT */
/* TCP to one of the addresses of a host, for a client of libmosquitto. */
#ifndef PLUGINS_MQTT_REACH_H
#define PLUGINS_MQTT_REACH_H

#include <netdb.h>

#include "link.h"

/*
 * Connects l->client to the first of `addresses` that answers, each with its share of the
 * time until `deadline_ms`; CONNECT is queued then, and TLS begun.  Returns 0, an errno
 * of the last address, or the negative of another code of libmosquitto (and l->problem).
 */
int reach_broker(struct link *l, const struct addrinfo *addresses, int64_t deadline_ms);

#endif
