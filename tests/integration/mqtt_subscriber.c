/* SPDX-License-Identifier: MIT */
/* A subscriber on libmosquitto's own thread, good enough for a test. */
#include "mqtt_subscriber.h"

#include <assert.h>
#include <inttypes.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NUMBERS 100000

struct mqtt_subscriber {
	struct mosquitto *client;
	pthread_t thread;
	char topic[64];
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct mqtt_received received[NUMBERS];
	unsigned different;
	bool is_subscribed, is_gone;
};

static void note_connect(struct mosquitto *client, void *context, int code)
{
	struct mqtt_subscriber *s = context;

	assert(code == 0);
	mosquitto_subscribe(client, NULL, s->topic, 0);
}

static void note_subscribe(struct mosquitto *client, void *context, int mid, int count,
                           const int *qos)
{
	struct mqtt_subscriber *s = context;

	(void)client;
	(void)mid;
	(void)count;
	(void)qos;
	pthread_mutex_lock(&s->lock);
	s->is_subscribed = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

static void note_message(struct mosquitto *client, void *context,
                         const struct mosquitto_message *message,
                         const mosquitto_property *properties)
{
	struct mqtt_subscriber *s = context;
	char payload[64], uid[64], *name = NULL, *value = NULL;
	struct mqtt_received *r;
	unsigned n = 0;

	(void)client;
	snprintf(payload, sizeof payload, "%.*s", message->payloadlen,
	         (const char *)message->payload);
	if (sscanf(payload, "{\"n\":%u}", &n) != 1 || n >= NUMBERS)
		n = 0;
	snprintf(uid, sizeof uid, "00000000000000aa-%u", n);
	mosquitto_property_read_string_pair(properties, MQTT_PROP_USER_PROPERTY, &name,
	                                    &value, false);
	pthread_mutex_lock(&s->lock);
	r = &s->received[n];
	if (r->times++ == 0)
		s->different++;
	r->is_retained = message->retain;
	r->has_uid = name != NULL;
	r->is_uid_right =
		name != NULL && strcmp(name, "uid") == 0 && strcmp(value, uid) == 0;
	snprintf(r->topic, sizeof r->topic, "%s", message->topic);
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	free(name);
	free(value);
}

static void *run(void *context)
{
	struct mqtt_subscriber *s = context;

	while (mosquitto_loop(s->client, 1000, 1) == MOSQ_ERR_SUCCESS)
		continue;
	pthread_mutex_lock(&s->lock);
	s->is_gone = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* With the lock held. */
static bool wait_for(struct mqtt_subscriber *s, const bool *flag, const unsigned *number,
                     unsigned enough, int64_t timeout_ms)
{
	struct timespec deadline;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_nsec += timeout_ms % 1000 * 1000000;
	deadline.tv_sec += timeout_ms / 1000 + deadline.tv_nsec / 1000000000;
	deadline.tv_nsec %= 1000000000;
	while (rc == 0 && (flag != NULL ? !*flag : *number < enough))
		rc = pthread_cond_timedwait(&s->changed, &s->lock, &deadline);
	return flag != NULL ? *flag : *number >= enough;
}

struct mqtt_subscriber *mqtt_subscriber_start(unsigned port, const char *topic)
{
	struct mqtt_subscriber *s = calloc(1, sizeof *s);
	pthread_condattr_t attr;
	bool is_subscribed;

	assert(s != NULL);
	snprintf(s->topic, sizeof s->topic, "%s", topic);
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->changed, &attr);
	mosquitto_lib_init();
	s->client = mosquitto_new(NULL, true, s);
	assert(s->client != NULL);
	mosquitto_int_option(s->client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
	mosquitto_connect_callback_set(s->client, note_connect);
	mosquitto_subscribe_callback_set(s->client, note_subscribe);
	mosquitto_message_v5_callback_set(s->client, note_message);
	assert(mosquitto_connect(s->client, "127.0.0.1", (int)port, 60) == 0);
	assert(pthread_create(&s->thread, NULL, run, s) == 0);
	pthread_mutex_lock(&s->lock);
	is_subscribed = wait_for(s, &s->is_subscribed, NULL, 0, 10000);
	pthread_mutex_unlock(&s->lock);
	assert(is_subscribed);
	return s;
}

void mqtt_subscriber_stop(struct mqtt_subscriber *s)
{
	mosquitto_disconnect(s->client);
	pthread_join(s->thread, NULL);
	mosquitto_destroy(s->client);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->changed);
	free(s);
}

struct mqtt_received mqtt_subscriber_got(struct mqtt_subscriber *s, uint64_t n)
{
	struct mqtt_received copy;

	assert(n < NUMBERS);
	pthread_mutex_lock(&s->lock);
	copy = s->received[n];
	pthread_mutex_unlock(&s->lock);
	return copy;
}

bool mqtt_subscriber_wait(struct mqtt_subscriber *s, unsigned count, int64_t timeout_ms)
{
	bool is_enough;

	pthread_mutex_lock(&s->lock);
	is_enough = wait_for(s, NULL, &s->different, count, timeout_ms);
	pthread_mutex_unlock(&s->lock);
	return is_enough;
}

bool mqtt_subscriber_wait_gone(struct mqtt_subscriber *s, int64_t timeout_ms)
{
	bool is_gone;

	pthread_mutex_lock(&s->lock);
	is_gone = wait_for(s, &s->is_gone, NULL, 0, timeout_ms);
	pthread_mutex_unlock(&s->lock);
	return is_gone;
}

unsigned mqtt_subscriber_count(struct mqtt_subscriber *s, uint64_t first, uint64_t last,
                               unsigned *repeated)
{
	unsigned came = 0;

	*repeated = 0;
	for (uint64_t n = first; n <= last; n++) {
		unsigned times = mqtt_subscriber_got(s, n).times;

		came += times > 0;
		*repeated += times > 1;
	}
	return came;
}
