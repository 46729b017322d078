/* SPDX-License-Identifier: MIT */
/* Another program at the broker: what really arrives, by number. */
#ifndef TESTS_INTEGRATION_MQTT_SUBSCRIBER_H
#define TESTS_INTEGRATION_MQTT_SUBSCRIBER_H

#include <stdbool.h>
#include <stdint.h>

struct mqtt_subscriber;

/* What came of the message with the payload {"n":NUMBER}. */
struct mqtt_received {
	unsigned times;
	bool is_retained;
	bool is_uid_right; /* 00000000000000aa-NUMBER, as plugin_host_send() gives it */
	bool has_uid;
	char topic[32];
};

/* Subscribes to `topic` by MQTT 5 and waits until the broker has confirmed.  With QoS 0
 * the broker hands over at once what it gets, before it acknowledges it. */
struct mqtt_subscriber *mqtt_subscriber_start(unsigned port, const char *topic);
void mqtt_subscriber_stop(struct mqtt_subscriber *s);

struct mqtt_received mqtt_subscriber_got(struct mqtt_subscriber *s, uint64_t n);
/* Waits until `count` different numbers have come. */
bool mqtt_subscriber_wait(struct mqtt_subscriber *s, unsigned count, int64_t timeout_ms);
/* Waits until the broker is gone, with all that it had sent read. */
bool mqtt_subscriber_wait_gone(struct mqtt_subscriber *s, int64_t timeout_ms);
/* How many of `first` to `last` came at least once, and how many more often. */
unsigned mqtt_subscriber_count(struct mqtt_subscriber *s, uint64_t first, uint64_t last,
                               unsigned *repeated);

#endif
