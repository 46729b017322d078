/* SPDX-License-Identifier: MIT */
/* From options to a broker that has accepted us, within a deadline. */
#ifndef PLUGINS_MQTT_CONNECT_H
#define PLUGINS_MQTT_CONNECT_H

#include "link.h"

/*
 * Connects as l->options say, within their timeout: every address of the host in turn;
 * MQTT 5 first and MQTT 3.1.1 for a broker that does not know it.  Sets l->client,
 * l->protocol and l->answer; false with `why` and no client.
 */
bool connect_broker(struct link *l, char *why, size_t why_len);

#endif
