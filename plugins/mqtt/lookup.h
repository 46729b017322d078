/* SPDX-License-Identifier: MIT */
/* Addresses of a host within a deadline: getaddrinfo() alone may take half a minute. */
#ifndef PLUGINS_MQTT_LOOKUP_H
#define PLUGINS_MQTT_LOOKUP_H

#include <netdb.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The TCP addresses of `host` (freeaddrinfo()), or NULL with `why`, at `deadline_ms` (of
 * deadline_now()) at the latest.  A question that is given up goes on in a thread of its
 * own until the resolver has answered; it knows nothing of the caller.
 */
struct addrinfo *lookup_host(const char *host, unsigned port, int64_t deadline_ms,
                             char *why, size_t why_len);

#endif
