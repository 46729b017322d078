/* SPDX-License-Identifier: MIT */
/* A real mosquitto with a configuration, folder and port of its own. */
#ifndef TESTS_INTEGRATION_MQTT_BROKER_H
#define TESTS_INTEGRATION_MQTT_BROKER_H

#include <stdbool.h>
#include <sys/types.h>

struct mqtt_broker {
	pid_t pid;           /* 0: not running */
	const char *address; /* where it listens: 127.0.0.1, unless a test sets another */
	unsigned port;
	int out_fd; /* what it says */
	char config[8192];
	char folder[64]; /* a new one under $TMPDIR; removed at the end */
};

/* Whether there is a mosquitto on this machine. */
bool mqtt_broker_is_installed(void);

/* Makes the folder, where a test may put files before it starts the broker. */
void mqtt_broker_init(struct mqtt_broker *b);
/* Puts certificates there (make-certificates.sh); false: openssl makes none. */
bool mqtt_broker_make_certificates(const struct mqtt_broker *b);

/*
 * Starts it with a listener on a free port of `address` and the lines of `config` behind
 * that (`%s` in them is the folder); again on the same port if it has had one.  Ends the
 * test with "Bail out!" when it does not come up.
 */
void mqtt_broker_start(struct mqtt_broker *b, const char *config);
void mqtt_broker_kill(struct mqtt_broker *b); /* at once, as a crash would */
void mqtt_broker_end(struct mqtt_broker *b);  /* and removes the folder */

#endif
