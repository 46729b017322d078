/* SPDX-License-Identifier: MIT */
/*
 * A far side for tests: subscribes at QoS 1 and appends each payload as a line to a file,
 * at once.  Prints "ready" whenever its subscription stands.  Connects again for ever,
 * with a lasting session, so that the broker keeps for it what comes meanwhile.
 *
 *   subscriber PORT TOPIC FILE [CLIENT-ID]
 */
#include <mosquitto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define KEEPALIVE_S 5
#define WAIT_MS     200

struct subscriber {
	const char *topic;
	FILE *file;
};

static void on_connect(struct mosquitto *m, void *context, int rc)
{
	const struct subscriber *s = context;

	if (rc == 0)
		mosquitto_subscribe(m, NULL, s->topic, 1);
}

static void on_subscribe(struct mosquitto *m, void *context, int id, int n,
                         const int *granted)
{
	(void)m;
	(void)context;
	(void)id;
	if (n < 1 || granted[0] > 2) {
		fprintf(stderr, "subscriber: the broker refuses the subscription\n");
		exit(1);
	}
	printf("ready\n");
	fflush(stdout);
}

static void on_message(struct mosquitto *m, void *context,
                       const struct mosquitto_message *message)
{
	const struct subscriber *s = context;

	(void)m;
	fwrite(message->payload, 1, (size_t)message->payloadlen, s->file);
	putc('\n', s->file);
	if (fflush(s->file) != 0) {
		perror("subscriber");
		exit(1);
	}
}

static void serve(struct mosquitto *m, int port)
{
	int rc = mosquitto_connect(m, "127.0.0.1", port, KEEPALIVE_S);

	for (;;) {
		if (rc != MOSQ_ERR_SUCCESS) {
			usleep(WAIT_MS * 1000);
			rc = mosquitto_reconnect(m);
		} else {
			rc = mosquitto_loop(m, WAIT_MS, 1);
		}
	}
}

int main(int argc, char **argv)
{
	struct subscriber s;
	struct mosquitto *m;
	char id[32];

	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: subscriber PORT TOPIC FILE [CLIENT-ID]\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG,
	      SIGKILL); /* a test that is killed leaves nothing behind */
	snprintf(id, sizeof id, "subscriber-%d", (int)getpid());
	s.topic = argv[2];
	s.file = fopen(argv[3], "a");
	if (s.file == NULL) {
		perror(argv[3]);
		return 1;
	}
	mosquitto_lib_init();
	m = mosquitto_new(argc == 5 ? argv[4] : id, false, &s);
	if (m == NULL) {
		perror("subscriber");
		return 1;
	}
	mosquitto_connect_callback_set(m, on_connect);
	mosquitto_subscribe_callback_set(m, on_subscribe);
	mosquitto_message_callback_set(m, on_message);
	serve(m, atoi(argv[1]));
	return 1;
}
