/* SPDX-License-Identifier: MIT */
/*
 * MQTT without a router: a bare publisher, and the subscriber.
 *
 *   bench-mqtt publish PORT FILE WINDOW   the lines of FILE at QoS 1, WINDOW ahead of the
 *                                         PUBACKs; prints "FRAMES SECONDS BEGIN"
 *   bench-mqtt subscribe PORT COUNT       prints "ready", and after COUNT messages "P50
 *                                         P99" ms since they were sent, or "all" when
 *                                         they do not say it
 *   bench-mqtt version                    libmosquitto's
 */
#include <errno.h>
#include <mosquitto.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bench.h"

#define TOPIC     "bench/frames"
#define HOST      "127.0.0.1"
#define WAIT_MS   60000
#define KEEPALIVE 60

static void check(int rc, const char *what)
{
	if (rc != MOSQ_ERR_SUCCESS && rc != MOSQ_ERR_ERRNO)
		errno = 0;
	if (rc != MOSQ_ERR_SUCCESS)
		bench_die(what);
}

/* ---- publishing: one thread publishes, one speaks with the broker ---- */

struct publisher {
	struct mosquitto *client;
	int wake_fd; /* something is to be sent */
	int done_fd; /* something was acknowledged */
	atomic_size_t acknowledged;
	atomic_bool is_connected;
	atomic_bool is_done;
};

static void wake(int fd)
{
	if (write(fd, &(uint64_t){1}, sizeof(uint64_t)) < 0)
		bench_die("eventfd");
}

static void wait_woken(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	uint64_t ignored;

	errno = 0;
	if (poll(&p, 1, WAIT_MS) <= 0 || read(fd, &ignored, sizeof ignored) < 0)
		bench_die("the broker does not answer");
}

static void note_connect(struct mosquitto *client, void *context, int code)
{
	struct publisher *p = context;

	(void)client;
	check(code, "the broker refuses");
	atomic_store(&p->is_connected, true);
	wake(p->done_fd);
}

static void note_publish(struct mosquitto *client, void *context, int mid)
{
	(void)client;
	(void)mid;
	atomic_fetch_add(&((struct publisher *)context)->acknowledged, 1);
}

static void *run_network(void *context)
{
	struct publisher *p = context;
	uint64_t ignored;

	while (!atomic_load(&p->is_done)) {
		struct pollfd fds[] = {
			{.fd = mosquitto_socket(p->client), .events = POLLIN},
			{.fd = p->wake_fd, .events = POLLIN},
		};
		size_t before = atomic_load(&p->acknowledged);

		if (mosquitto_want_write(p->client))
			fds[0].events |= POLLOUT;
		if (poll(fds, 2, WAIT_MS) <= 0)
			bench_die("the broker does not answer");
		if (fds[1].revents != 0 && read(p->wake_fd, &ignored, sizeof ignored) < 0)
			bench_die("eventfd");
		if (fds[0].revents != 0)
			check(mosquitto_loop_read(p->client, 1), "cannot read");
		if (mosquitto_want_write(p->client))
			check(mosquitto_loop_write(p->client, 1), "cannot write");
		if (atomic_load(&p->acknowledged) != before)
			wake(p->done_fd);
	}
	return NULL;
}

static void publish_all(struct publisher *p, const struct bench_lines *l, size_t window)
{
	int64_t begin_us = bench_now_us();
	size_t sent = 0;

	for (;;) {
		size_t done = atomic_load(&p->acknowledged), first = sent;

		if (done == l->count)
			break;
		for (; sent < l->count && sent < done + window; sent++)
			check(mosquitto_publish(p->client, NULL, TOPIC,
			                        (int)(l->at[sent + 1] - l->at[sent] - 1),
			                        l->text + l->at[sent], 1, false),
			      "cannot publish");
		if (sent != first)
			wake(p->wake_fd);
		wait_woken(p->done_fd);
	}
	bench_print_rate(l->count, begin_us);
}

static void publish(int port, const char *path, size_t window)
{
	struct publisher p = {.client = mosquitto_new(NULL, true, &p)};
	struct bench_lines l;
	pthread_t thread;

	bench_read_lines(&l, path);
	p.wake_fd = eventfd(0, EFD_NONBLOCK);
	p.done_fd = eventfd(0, EFD_NONBLOCK);
	if (p.client == NULL || p.wake_fd < 0 || p.done_fd < 0)
		bench_die("cannot begin");
	mosquitto_threaded_set(p.client, true);
	mosquitto_max_inflight_messages_set(p.client, 0);
	mosquitto_connect_callback_set(p.client, note_connect);
	mosquitto_publish_callback_set(p.client, note_publish);
	check(mosquitto_connect(p.client, HOST, port, KEEPALIVE), "cannot connect");
	if (pthread_create(&thread, NULL, run_network, &p) != 0)
		bench_die("cannot start a thread");
	while (!atomic_load(&p.is_connected))
		wait_woken(p.done_fd);
	publish_all(&p, &l, window);
	atomic_store(&p.is_done, true);
	wake(p.wake_fd);
	pthread_join(thread, NULL);
	mosquitto_disconnect(p.client);
	mosquitto_destroy(p.client);
}

/* ---- subscribing ---- */

struct subscriber {
	struct bench_times times;
	size_t count;
};

static void note_connected(struct mosquitto *client, void *context, int code)
{
	(void)context;
	check(code, "the broker refuses");
	check(mosquitto_subscribe(client, NULL, TOPIC, 1), "cannot subscribe");
}

static void note_subscribed(struct mosquitto *client, void *context, int id, int n,
                            const int *granted)
{
	(void)client;
	(void)context;
	(void)id;
	(void)n;
	(void)granted;
	printf("ready\n");
	fflush(stdout);
}

static void note_message(struct mosquitto *client, void *context,
                         const struct mosquitto_message *message)
{
	struct subscriber *s = context;

	(void)client;
	s->count++;
	bench_add_stamps(&s->times, message->payload, (size_t)message->payloadlen);
}

static void subscribe(int port, size_t count)
{
	struct subscriber s = {.count = 0};
	struct mosquitto *client = mosquitto_new(NULL, true, &s);

	if (client == NULL)
		bench_die("cannot begin");
	mosquitto_connect_callback_set(client, note_connected);
	mosquitto_subscribe_callback_set(client, note_subscribed);
	mosquitto_message_callback_set(client, note_message);
	check(mosquitto_connect(client, HOST, port, KEEPALIVE), "cannot connect");
	while (s.count < count)
		check(mosquitto_loop(client, 1000, 1), "the subscriber lost its broker");
	if (s.times.len > 0)
		bench_print_times(&s.times);
	else
		printf("all\n");
	mosquitto_disconnect(client);
	mosquitto_destroy(client);
}

int main(int argc, char **argv)
{
	int major, minor, revision;

	mosquitto_lib_init();
	mosquitto_lib_version(&major, &minor, &revision);
	errno = 0;
	if (argc == 5 && strcmp(argv[1], "publish") == 0)
		publish(atoi(argv[2]), argv[3], strtoul(argv[4], NULL, 10));
	else if (argc == 4 && strcmp(argv[1], "subscribe") == 0)
		subscribe(atoi(argv[2]), strtoul(argv[3], NULL, 10));
	else if (argc == 2 && strcmp(argv[1], "version") == 0)
		printf("libmosquitto %d.%d.%d\n", major, minor, revision);
	else
		bench_die("usage: bench-mqtt publish PORT FILE WINDOW | "
		          "subscribe PORT COUNT | version");
	return 0;
}
