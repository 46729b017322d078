/* SPDX-License-Identifier: MIT */
/*
 * The thread of a connection: sends, settles what the broker acknowledges, and notices
 * that the broker is gone.  libmosquitto's own loop is not used: it gives up for ever
 * after one illegal packet, and it connects again by itself, which is the router's to
 * decide.
 */
#include "link.h"

#include <errno.h>
#include <mqtt_protocol.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "deadline.h"
#include "words.h"

#define GOODBYE_MS 500

static void note_publish(struct mosquitto *client, void *context, int mid, int code,
                         const mosquitto_property *properties)
{
	struct link *l = context;
	enum frame_verdict verdict = words_verdict(code);
	const char *receipt = l->options.qos == 0   ? "sent"
	                      : l->options.qos == 1 ? "PUBACK"
	                                            : "PUBCOMP";
	char *broker_says = NULL;
	char why[300];
	uint64_t id;

	(void)client;
	if (!pending_take(&l->pending, (uint16_t)mid, deadline_now(), &id))
		return;
	if (code == MQTT_RC_NO_MATCHING_SUBSCRIBERS)
		receipt = l->options.qos == 1 ? "PUBACK: nobody has subscribed"
		                              : "PUBCOMP: nobody has subscribed";
	if (verdict == FRAME_DELIVERED) {
		l->services->settle(l->router, id, verdict, receipt);
		return;
	}
	mosquitto_property_read_string(properties, MQTT_PROP_REASON_STRING, &broker_says,
	                               false);
	snprintf(why, sizeof why, "%s%s%s (0x%02X)", words_reason(code),
	         broker_says == NULL ? "" : ": ", broker_says == NULL ? "" : broker_says,
	         (unsigned)code);
	free(broker_says);
	l->services->settle(l->router, id, verdict, why);
}

/* Also called with libmosquitto's own codes, which are smaller. */
static void note_disconnect(struct mosquitto *client, void *context, int code,
                            const mosquitto_property *properties)
{
	struct link *l = context;

	(void)client;
	(void)properties;
	if (code >= MQTT_RC_UNSPECIFIED && l->disconnect_code == 0)
		l->disconnect_code = code;
}

static void say_closed(const struct link *l, char *why, size_t why_len)
{
	if (l->disconnect_code == MQTT_RC_SESSION_TAKEN_OVER)
		snprintf(why, why_len, "another client uses the client_id %s",
		         l->options.client_id);
	else if (l->disconnect_code != 0)
		snprintf(why, why_len, "%s", words_reason(l->disconnect_code));
	else if (!l->options.is_own_client_id)
		snprintf(why, why_len,
		         "the broker closed the connection (does another client use the "
		         "client_id %s?)",
		         l->options.client_id);
	else
		snprintf(why, why_len, "the broker closed the connection");
}

static void say_lost(const struct link *l, int rc, int error, char *why, size_t why_len)
{
	switch (rc) {
	case MOSQ_ERR_ERRNO:
		if (error == ETIMEDOUT)
			snprintf(why, why_len, "the broker does not answer any more");
		else if (error != 0 && error != EPIPE && error != EPROTO) /* EOF in TLS */
			snprintf(why, why_len, "%s", strerror(error));
		else
			say_closed(l, why, why_len);
		break;
	case MOSQ_ERR_PROTOCOL:
		snprintf(why, why_len, "the broker broke the protocol");
		break;
	case MOSQ_ERR_KEEPALIVE:
		snprintf(why, why_len, "the broker did not answer a ping");
		break;
	case MOSQ_ERR_NOMEM:
		snprintf(why, why_len, "out of memory");
		break;
	default:
		say_closed(l, why, why_len);
	}
}

static void say_unacknowledged(struct link *l, char *why, size_t why_len)
{
	snprintf(why, why_len, "the broker has %s for %g s",
	         pending_is_overtaken(&l->pending) ? "left a message unacknowledged"
	                                           : "acknowledged nothing",
	         (double)l->options.timeout_ms / 1000);
}

static void lose(struct link *l, const char *why)
{
	atomic_store(&l->is_lost, true);
	l->services->link(l->router, FRAME_LINK_DOWN, why);
}

/* DISCONNECT, behind what is queued: libmosquitto closes the socket when it is sent. */
static void say_goodbye(struct link *l)
{
	int64_t deadline_ms = deadline_now() + GOODBYE_MS;
	struct pollfd fd = {.events = POLLOUT};

	mosquitto_disconnect(l->client);
	for (;;) {
		if (mosquitto_loop_write(l->client, 1) != MOSQ_ERR_SUCCESS)
			return;
		fd.fd = mosquitto_socket(l->client);
		if (fd.fd < 0 || deadline_poll(&fd, 1, deadline_ms) <= 0)
			return;
	}
}

/* When the next thing has to be done if nothing comes from outside. */
static int64_t next_deadline(struct link *l)
{
	int64_t answer_ms = pending_deadline(&l->pending, l->options.timeout_ms);

	return answer_ms < l->ping_ms ? answer_ms : l->ping_ms;
}

/* libmosquitto counts whole seconds of another clock: a second later it is sure to agree
 * that a ping is due. */
static void put_ping_off(struct link *l)
{
	if (l->answer.keepalive_s > 0)
		l->ping_ms =
			deadline_now() + (int64_t)l->answer.keepalive_s * 1000 + 1000;
}

/* Waits and does what there is to do once; libmosquitto's code when the link is lost. */
static int turn(struct link *l)
{
	struct pollfd fds[2] = {
		{.fd = mosquitto_socket(l->client), .events = POLLIN},
		{.fd = l->wake_fd, .events = POLLIN},
	};
	uint64_t ignored;
	int rc = MOSQ_ERR_SUCCESS;

	if (fds[0].fd < 0)
		return MOSQ_ERR_CONN_LOST;
	if (mosquitto_want_write(l->client))
		fds[0].events |= POLLOUT;
	if (deadline_poll(fds, 2, next_deadline(l)) < 0)
		return MOSQ_ERR_ERRNO;
	if (fds[1].revents != 0 && read(l->wake_fd, &ignored, sizeof ignored) < 0)
		return MOSQ_ERR_ERRNO;
	if ((fds[0].revents & (POLLIN | POLLERR | POLLHUP)) != 0)
		rc = mosquitto_loop_read(l->client, 1);
	if (rc == MOSQ_ERR_SUCCESS)
		rc = mosquitto_loop_misc(l->client);
	if (mosquitto_want_write(l->client) || deadline_now() >= l->ping_ms)
		put_ping_off(l);
	if (rc == MOSQ_ERR_SUCCESS && mosquitto_want_write(l->client))
		rc = mosquitto_loop_write(l->client, 1);
	if (rc == MOSQ_ERR_SUCCESS && mosquitto_socket(l->client) < 0)
		rc = MOSQ_ERR_CONN_LOST; /* by the broker's DISCONNECT */
	return rc;
}

static void *run(void *context)
{
	struct link *l = context;
	char why[300];
	int rc;

	for (;;) {
		errno = 0;
		rc = turn(l);
		if (rc != MOSQ_ERR_SUCCESS) {
			say_lost(l, rc, errno, why, sizeof why);
			lose(l, why);
			return NULL;
		}
		if (atomic_load(&l->is_stopping)) {
			say_goodbye(l);
			return NULL;
		}
		if (deadline_now() >=
		    pending_deadline(&l->pending, l->options.timeout_ms)) {
			say_unacknowledged(l, why, sizeof why);
			lose(l, why);
			return NULL;
		}
	}
}

bool link_start(struct link *l, char *why, size_t why_len)
{
	sigset_t all, before;
	int error;

	mosquitto_publish_v5_callback_set(l->client, note_publish);
	mosquitto_disconnect_v5_callback_set(l->client, note_disconnect);
	l->ping_ms = INT64_MAX;
	put_ping_off(l);
	l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (l->wake_fd < 0) {
		snprintf(why, why_len, "cannot make an eventfd: %s", strerror(errno));
		return false;
	}
	/* Signals are for the router's thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&l->thread, NULL, run, l);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0)
		snprintf(why, why_len, "cannot start a thread: %s", strerror(error));
	l->has_thread = error == 0;
	return l->has_thread;
}

void link_wake(struct link *l)
{
	if (write(l->wake_fd, &(uint64_t){1}, sizeof(uint64_t)) < 0)
		return; /* full is as good as written */
}

void link_stop(struct link *l)
{
	if (l->has_thread) {
		atomic_store(&l->is_stopping, true);
		link_wake(l);
		pthread_join(l->thread, NULL);
		l->has_thread = false;
	}
	if (l->wake_fd >= 0)
		close(l->wake_fd);
	l->wake_fd = -1;
}
