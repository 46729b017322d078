/* SPDX-License-Identifier: MIT */
/*
 * A broker that does what a script says, in a thread of the test, on a free port of
 * 127.0.0.1. Serves one client after the other; knows QoS 0 and 1 and payloads
 * `{"n":NUMBER}`.
 */
#ifndef TESTS_FAKES_FAKE_BROKER_H
#define TESTS_FAKES_FAKE_BROKER_H

#include <stdbool.h>

#define FAKE_SILENCE     ""
#define FAKE_ACCEPT_V5   "2003000000"
#define FAKE_ACCEPT_V311 "20020000"

enum fake_acks {
	FAKE_ACKS_ALL,
	FAKE_ACKS_NEVER,
	FAKE_ACKS_NOT_THE_FIRST, /* of a connection */
	FAKE_ACKS_ZERO,          /* packet id 0 */
	FAKE_ACKS_TOO_MUCH,      /* one that was never sent, the right one, again */
	FAKE_ACKS_AS_QOS_2,      /* PUBCOMP */
	FAKE_ACKS_TORN,          /* half a PUBACK, then closes */
};

struct fake_script {
	/* What a CONNECT of each version gets, as hexadecimal digits; more packets may
	 * follow.  NULL: the connection is closed. */
	const char *to_v5;
	const char *to_v311;
	bool dribbles; /* a byte at a time */
	bool closes;   /* after that answer */
	enum fake_acks acks;
	int code;             /* in the PUBACK of MQTT 5; 0: none */
	unsigned close_after; /* so many messages of a connection, the last without
	                         an answer; 0: never */
};

struct fake_broker;

/* `script` is borrowed until fake_broker_stop(). */
struct fake_broker *fake_broker_start(const struct fake_script *script);
void fake_broker_stop(struct fake_broker *f);
unsigned fake_broker_port(const struct fake_broker *f);

/* What it has seen: CONNECTs of version 5 or 4 (3.1.1), pings, whether the last client
 * said DISCONNECT, and how often a number (below 100000) came and was acknowledged. */
unsigned fake_broker_connects(struct fake_broker *f, int version);
unsigned fake_broker_pings(struct fake_broker *f);
unsigned fake_broker_got(struct fake_broker *f, unsigned n);
unsigned fake_broker_acknowledged(struct fake_broker *f, unsigned n);
/* Waits until the client of now is gone: whether it said DISCONNECT. */
bool fake_broker_saw_goodbye(struct fake_broker *f, int timeout_ms);

#endif
