/* SPDX-License-Identifier: MIT */
/* The scripted broker: reads packets, answers as told, keeps an account. */
#include "fake_broker.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NUMBERS 100000

struct fake_broker {
	const struct fake_script *script;
	pthread_t thread;
	int listen_fd, stop_fd;
	unsigned port;

	/* of the client of now; the thread's own */
	int fd;
	uint8_t in[65536];
	size_t in_len;
	int version;
	unsigned messages;

	pthread_mutex_t lock; /* the account */
	pthread_cond_t changed;
	unsigned connects[6], pings;
	uint16_t got[NUMBERS], acknowledged[NUMBERS];
	bool has_client, has_goodbye;
};

/* ---- answers ---- */

static void put(struct fake_broker *f, const uint8_t *bytes, size_t len)
{
	if (send(f->fd, bytes, len, MSG_NOSIGNAL) < 0)
		return; /* the client is gone: the next read says so */
}

static void put_hex(struct fake_broker *f, const char *digits)
{
	uint8_t bytes[256];
	size_t len = 0;
	unsigned byte;

	for (; sscanf(digits, "%2x", &byte) == 1; digits += 2) {
		assert(len < sizeof bytes);
		bytes[len++] = (uint8_t)byte;
	}
	if (!f->script->dribbles) {
		put(f, bytes, len);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		put(f, bytes + i, 1);
		poll(NULL, 0, 5); /* so that the bytes travel alone */
	}
}

static void put_ack(struct fake_broker *f, unsigned type, unsigned mid)
{
	uint8_t bytes[] = {(uint8_t)type, 2, (uint8_t)(mid >> 8), (uint8_t)mid,
	                   (uint8_t)f->script->code};

	if (f->version == 5 && f->script->code != 0)
		bytes[1] = 3;
	put(f, bytes, 2U + bytes[1]);
}

static void note(struct fake_broker *f, uint16_t *account, unsigned n)
{
	pthread_mutex_lock(&f->lock);
	account[n]++;
	pthread_mutex_unlock(&f->lock);
}

/* False: closes. */
static bool acknowledge(struct fake_broker *f, unsigned mid, unsigned n)
{
	switch (f->script->acks) {
	case FAKE_ACKS_NOT_THE_FIRST:
		if (f->messages == 1)
			return true;
		break;
	case FAKE_ACKS_NEVER:
		return true;
	case FAKE_ACKS_ZERO:
		mid = 0;
		break;
	case FAKE_ACKS_TORN:
		put(f, (const uint8_t[]){0x40, 2, 0}, 3);
		return false;
	case FAKE_ACKS_AS_QOS_2:
		put_ack(f, 0x70, mid);
		return true;
	case FAKE_ACKS_TOO_MUCH:
		put_ack(f, 0x40, mid + 1000);
		put_ack(f, 0x40, mid);
		break;
	case FAKE_ACKS_ALL:
		break;
	}
	note(f, f->acknowledged, n); /* before it is sent, so that no reader is faster */
	put_ack(f, 0x40, mid);
	return true;
}

/* ---- packets; each returns false to close ---- */

static bool take_connect(struct fake_broker *f, const uint8_t *body)
{
	const char *answer;

	f->version = body[6];
	assert(f->version == 4 || f->version == 5);
	pthread_mutex_lock(&f->lock);
	f->connects[f->version]++;
	pthread_mutex_unlock(&f->lock);
	answer = f->version == 5 ? f->script->to_v5 : f->script->to_v311;
	if (answer == NULL)
		return false;
	put_hex(f, answer);
	return !f->script->closes;
}

static bool take_publish(struct fake_broker *f, uint8_t head, const uint8_t *body,
                         size_t len)
{
	unsigned qos = (head >> 1) & 3;
	size_t at = 2 + (size_t)(body[0] << 8 | body[1]);
	unsigned mid = 0, n = 0;
	char payload[64];

	if (qos > 0) {
		mid = (unsigned)(body[at] << 8 | body[at + 1]);
		at += 2;
	}
	if (f->version == 5)
		at += 1 + (size_t)body[at];
	assert(at <= len);
	snprintf(payload, sizeof payload, "%.*s", (int)(len - at),
	         (const char *)body + at);
	if (sscanf(payload, "{\"n\":%u}", &n) != 1 || n >= NUMBERS)
		n = 0;
	note(f, f->got, n);
	f->messages++;
	if (f->messages == f->script->close_after)
		return false;
	return qos == 0 || acknowledge(f, mid, n);
}

static bool take_packet(struct fake_broker *f, uint8_t head, const uint8_t *body,
                        size_t len)
{
	switch (head >> 4) {
	case 1:
		return take_connect(f, body);
	case 3:
		return take_publish(f, head, body, len);
	case 12:
		pthread_mutex_lock(&f->lock);
		f->pings++;
		pthread_mutex_unlock(&f->lock);
		if (f->script->acks != FAKE_ACKS_NEVER)
			put(f, (const uint8_t[]){0xD0, 0}, 2);
		return true;
	case 14:
		pthread_mutex_lock(&f->lock);
		f->has_goodbye = true;
		pthread_mutex_unlock(&f->lock);
		return true;
	default:
		return false;
	}
}

/* Takes whole packets from the front of what was read. */
static bool take_packets(struct fake_broker *f)
{
	size_t begin = 0;
	bool goes_on = true;

	while (goes_on) {
		size_t at = begin + 1, len = 0;
		unsigned shift = 0;

		while (at < f->in_len && (f->in[at] & 0x80) != 0) {
			len |= (size_t)(f->in[at++] & 0x7F) << shift;
			shift += 7;
		}
		if (at >= f->in_len)
			break;
		len |= (size_t)f->in[at++] << shift;
		if (at + len > f->in_len)
			break;
		goes_on = take_packet(f, f->in[begin], f->in + at, len);
		begin = at + len;
	}
	f->in_len -= begin;
	memmove(f->in, f->in + begin, f->in_len);
	return goes_on;
}

/* ---- clients ---- */

static void serve(struct fake_broker *f)
{
	struct pollfd fds[2] = {{.fd = f->fd, .events = POLLIN},
	                        {.fd = f->stop_fd, .events = POLLIN}};
	ssize_t got;

	f->in_len = 0;
	f->messages = 0;
	do {
		poll(fds, 2, -1);
		if (fds[1].revents != 0)
			return;
		got = recv(f->fd, f->in + f->in_len, sizeof f->in - f->in_len, 0);
		if (got <= 0)
			return;
		f->in_len += (size_t)got;
	} while (take_packets(f));
}

static void set_client(struct fake_broker *f, bool has_client)
{
	pthread_mutex_lock(&f->lock);
	f->has_client = has_client;
	if (has_client)
		f->has_goodbye = false;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

static void *run(void *context)
{
	struct fake_broker *f = context;
	struct pollfd fds[2] = {{.fd = f->listen_fd, .events = POLLIN},
	                        {.fd = f->stop_fd, .events = POLLIN}};

	for (;;) {
		poll(fds, 2, -1);
		if (fds[1].revents != 0)
			return NULL;
		f->fd = accept(f->listen_fd, NULL, NULL);
		if (f->fd < 0)
			continue;
		set_client(f, true);
		serve(f);
		close(f->fd);
		set_client(f, false);
	}
}

struct fake_broker *fake_broker_start(const struct fake_script *script)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof address;
	struct fake_broker *f = calloc(1, sizeof *f);
	pthread_condattr_t attr;

	assert(f != NULL);
	f->script = script;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	f->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert(bind(f->listen_fd, (struct sockaddr *)&address, len) == 0);
	assert(listen(f->listen_fd, 8) == 0);
	assert(getsockname(f->listen_fd, (struct sockaddr *)&address, &len) == 0);
	f->port = ntohs(address.sin_port);
	f->stop_fd = eventfd(0, EFD_CLOEXEC);
	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&f->changed, &attr);
	assert(pthread_create(&f->thread, NULL, run, f) == 0);
	return f;
}

void fake_broker_stop(struct fake_broker *f)
{
	assert(write(f->stop_fd, &(uint64_t){1}, sizeof(uint64_t)) > 0);
	pthread_join(f->thread, NULL);
	close(f->listen_fd);
	close(f->stop_fd);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->changed);
	free(f);
}

/* ---- the account ---- */

unsigned fake_broker_port(const struct fake_broker *f)
{
	return f->port;
}

unsigned fake_broker_connects(struct fake_broker *f, int version)
{
	unsigned number;

	pthread_mutex_lock(&f->lock);
	number = f->connects[version];
	pthread_mutex_unlock(&f->lock);
	return number;
}

unsigned fake_broker_pings(struct fake_broker *f)
{
	unsigned number;

	pthread_mutex_lock(&f->lock);
	number = f->pings;
	pthread_mutex_unlock(&f->lock);
	return number;
}

static unsigned look_up(struct fake_broker *f, const uint16_t *account, unsigned n)
{
	unsigned number;

	assert(n < NUMBERS);
	pthread_mutex_lock(&f->lock);
	number = account[n];
	pthread_mutex_unlock(&f->lock);
	return number;
}

unsigned fake_broker_got(struct fake_broker *f, unsigned n)
{
	return look_up(f, f->got, n);
}

unsigned fake_broker_acknowledged(struct fake_broker *f, unsigned n)
{
	return look_up(f, f->acknowledged, n);
}

bool fake_broker_saw_goodbye(struct fake_broker *f, int timeout_ms)
{
	struct timespec deadline;
	bool has_goodbye;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_nsec += timeout_ms % 1000 * 1000000;
	deadline.tv_sec += timeout_ms / 1000 + deadline.tv_nsec / 1000000000;
	deadline.tv_nsec %= 1000000000;
	pthread_mutex_lock(&f->lock);
	while (f->has_client && rc == 0)
		rc = pthread_cond_timedwait(&f->changed, &f->lock, &deadline);
	has_goodbye = f->has_goodbye && !f->has_client;
	pthread_mutex_unlock(&f->lock);
	return has_goodbye;
}
