/* SPDX-License-Identifier: MIT */
/*
 * One connection to a broker, from open() to close().  connect.c brings it up in the
 * router's thread; from then on link.c's own thread alone reads, writes and closes its
 * socket.
 */
#ifndef PLUGINS_MQTT_LINK_H
#define PLUGINS_MQTT_LINK_H

#include <frame_output.h>

#include <mosquitto.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "pending.h"

/* The options of the plugin, as they stand when open() is called.  Texts are the
 * router's; NULL when not set. */
struct link_options {
	const char *host;
	unsigned port;
	int protocol; /* MQTT_PROTOCOL_V5, MQTT_PROTOCOL_V311, 0: find out */
	const char *user;
	const char *password;
	const char *client_id;
	bool is_own_client_id; /* made up by the plugin */
	int qos;
	bool retain;
	int keepalive_s;
	int64_t timeout_ms;
	bool tls;
	bool insecure;
	const char *ca_file;
	const char *cert_file;
	const char *key_file;
};

/* What the broker said in its CONNACK. */
struct link_answer {
	bool is_there;
	int code;                 /* of MQTT 5, whatever the version: 0 accepted */
	uint16_t receive_maximum; /* messages that it takes unacknowledged */
	uint32_t max_packet;      /* bytes; 0: no limit */
	int max_qos;
	bool can_retain;
	int keepalive_s; /* what it wants, or what was asked for */
};

struct link {
	void *router;
	const struct frame_services *services;
	struct link_options options;

	struct mosquitto *client; /* NULL: not connected */
	int protocol;             /* of `client` */
	struct link_answer answer;
	char problem[200]; /* what libmosquitto's log said while connecting; "" */
	bool is_explained; /* `problem` is the whole reason */

	struct pending pending;
	pthread_t thread;
	bool has_thread;
	int wake_fd;             /* an eventfd: there is something to send, or to end */
	atomic_bool is_stopping; /* close() has been called */
	atomic_bool is_lost;     /* link(DOWN) has been or is being told */
	int disconnect_code;     /* of the broker's DISCONNECT; 0: it sent none */
	int64_t ping_ms;         /* when libmosquitto may have to send a ping */
};

/* Starts the thread of a link that is connected.  False with `why`. */
bool link_start(struct link *l, char *why, size_t why_len);

/* There is something to send.  Any thread. */
void link_wake(struct link *l);

/* Says goodbye to the broker if it is there, and ends the thread; at most a second. */
void link_stop(struct link *l);

#endif
