/* SPDX-License-Identifier: MIT */
/*
 * Bringing a connection up: a client object with its settings, TLS, CONNACK, the version
 * of MQTT. Why something failed is taken from the socket and from what libmosquitto logs.
 */
#include "connect.h"

#include <errno.h>
#include <mqtt_protocol.h>
#include <stdio.h>
#include <string.h>

#include "deadline.h"
#include "lookup.h"
#include "reach.h"
#include "tls.h"
#include "words.h"

/*
 * MQTT 3.1.1 cannot say how many messages a broker takes at once, and mosquitto throws
 * those of QoS 2 away that are more than its max_inflight_messages (20), confirming them.
 */
#define QOS2_WINDOW_V311 20

/* How an attempt with one version of MQTT ended. */
enum attempt {
	ATTEMPT_ACCEPTED,
	ATTEMPT_OTHER_VERSION, /* an older version may do */
	ATTEMPT_CLOSED,        /* the broker left without a word */
	ATTEMPT_FAILED,        /* another version would not help */
};

struct attempt_at {
	struct link *l;
	int64_t deadline_ms;
	char *why;
	size_t why_len;
};

#define say(a, ...) snprintf((a)->why, (a)->why_len, __VA_ARGS__)

/* ---- what libmosquitto tells ---- */

static void note_connect(struct mosquitto *client, void *context, int code, int flags,
                         const mosquitto_property *properties)
{
	struct link *l = context;
	uint8_t max_qos = 2, can_retain = 1;
	uint16_t keepalive_s = (uint16_t)l->options.keepalive_s;

	(void)client;
	(void)flags;
	if (l->answer.is_there)
		return; /* a second CONNACK changes nothing */
	l->answer = (struct link_answer){.is_there = true, .code = code};
	l->answer.receive_maximum = UINT16_MAX;
	if (l->protocol != MQTT_PROTOCOL_V5) {
		l->answer.code = words_connack_as_v5(code);
		if (l->options.qos == 2)
			l->answer.receive_maximum = QOS2_WINDOW_V311;
	}
	mosquitto_property_read_int16(properties, MQTT_PROP_RECEIVE_MAXIMUM,
	                              &l->answer.receive_maximum, false);
	mosquitto_property_read_int32(properties, MQTT_PROP_MAXIMUM_PACKET_SIZE,
	                              &l->answer.max_packet, false);
	mosquitto_property_read_byte(properties, MQTT_PROP_MAXIMUM_QOS, &max_qos, false);
	mosquitto_property_read_byte(properties, MQTT_PROP_RETAIN_AVAILABLE, &can_retain,
	                             false);
	mosquitto_property_read_int16(properties, MQTT_PROP_SERVER_KEEP_ALIVE,
	                              &keepalive_s, false);
	l->answer.max_qos = max_qos;
	l->answer.can_retain = can_retain != 0;
	l->answer.keepalive_s = keepalive_s;
}

static void add_problem(struct link *l, const char *text, size_t text_len)
{
	size_t len = strlen(l->problem);

	snprintf(l->problem + len, sizeof l->problem - len, "%s%.*s",
	         len == 0 ? "" : ": ", (int)text_len, text);
}

/* The whole reason: what OpenSSL says of the same is only noise. */
static void explain_problem(struct link *l, const char *before, const char *after)
{
	snprintf(l->problem, sizeof l->problem, "%s%s", before, after);
	l->is_explained = true;
}

/*
 * "Error: Unable to load client key file "x"." and "OpenSSL Error[0]: error:0A000086:SSL
 * routines::certificate verify failed": the words without the numbers, and only the first
 * of OpenSSL's, which may have several for one cause.
 */
static void note_log(struct mosquitto *client, void *context, int level, const char *text)
{
	struct link *l = context;
	const char *words = strncmp(text, "Error: ", 7) == 0 ? text + 7 : text;
	const char *refusal;
	size_t len = strlen(words);

	if (level != MOSQ_LOG_ERR || l->is_explained)
		return;
	if (strncmp(words, "host name verification failed", 29) == 0) {
		explain_problem(l, "the certificate is not for ", l->options.host);
	} else if (strncmp(text, "OpenSSL Error[0]", 16) == 0) {
		words = strrchr(text, ':') + 1;
		add_problem(l, words, strlen(words));
		refusal = tls_refusal(client);
		if (refusal != NULL)
			add_problem(l, refusal, strlen(refusal));
	} else if (strncmp(text, "OpenSSL Error[", 14) != 0) {
		while (len > 0 && (words[len - 1] == '.' || words[len - 1] == '\n'))
			len--;
		add_problem(l, words, len);
	}
}

/* Without this OpenSSL would ask on the terminal. */
static int no_passphrase(char *buffer, int size, int is_writing, void *client)
{
	(void)buffer;
	(void)size;
	(void)is_writing;
	explain_problem(mosquitto_userdata(client), "key_file needs a passphrase",
	                ", which cannot be given");
	return 0;
}

/* ---- a client object ---- */

static bool set_tls(struct mosquitto *client, const struct link_options *o)
{
	/* libmosquitto takes a client certificate only along with some place of
	 * authorities. */
	const char *folder = o->ca_file == NULL ? "/etc/ssl/certs" : NULL;

	if (o->ca_file == NULL && mosquitto_int_option(client, MOSQ_OPT_TLS_USE_OS_CERTS,
	                                               1) != MOSQ_ERR_SUCCESS)
		return false;
	if (mosquitto_tls_set(client, o->ca_file, folder, o->cert_file, o->key_file,
	                      no_passphrase) != MOSQ_ERR_SUCCESS)
		return false;
	return !o->insecure ||
	       (mosquitto_tls_opts_set(client, 0, NULL, NULL) == MOSQ_ERR_SUCCESS &&
	        mosquitto_tls_insecure_set(client, true) == MOSQ_ERR_SUCCESS);
}

static bool new_client(struct attempt_at *a, int protocol)
{
	struct link *l = a->l;
	const struct link_options *o = &l->options;
	struct mosquitto *client;

	errno = 0;
	client = mosquitto_new(o->client_id, true, l);
	if (client == NULL) {
		say(a, "cannot use the client_id %s: %s", o->client_id,
		    errno == 0 ? "it is no UTF-8" : strerror(errno));
		return false;
	}
	l->client = client;
	l->protocol = protocol;
	l->answer.is_there = false;
	l->problem[0] = '\0';
	l->is_explained = false;
	l->disconnect_code = 0;
	mosquitto_connect_v5_callback_set(client, note_connect);
	mosquitto_log_callback_set(client, note_log);
	mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, protocol);
	mosquitto_max_inflight_messages_set(client, 0); /* the window is the router's */
	mosquitto_threaded_set(client, true);           /* publishing only queues */
	if (mosquitto_username_pw_set(client, o->user, o->password) != 0)
		say(a, "user or password cannot be sent: not UTF-8, or too long");
	else if (o->tls && !tls_check_files(o->ca_file, o->cert_file, o->key_file, a->why,
	                                    a->why_len))
		return false;
	else if (o->tls && !set_tls(client, o))
		say(a, "libmosquitto does not take the TLS settings");
	else
		return true;
	return false;
}

/* ---- TLS and CONNACK ---- */

static enum attempt say_refused(struct attempt_at *a)
{
	const struct link *l = a->l;

	if (l->answer.code == MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION) {
		say(a, "the broker does not speak MQTT %s",
		    l->protocol == MQTT_PROTOCOL_V5 ? "5" : "3.1.1");
		return ATTEMPT_OTHER_VERSION;
	}
	say(a, "%s", words_reason(l->answer.code));
	return ATTEMPT_FAILED;
}

static enum attempt say_not_reached(struct attempt_at *a, int error)
{
	const struct link_options *o = &a->l->options;

	if (error == ECONNREFUSED)
		say(a, "connection refused (is a broker running at %s:%u?)", o->host,
		    o->port);
	else if (error == ETIMEDOUT)
		say(a, "no answer from %s:%u", o->host, o->port);
	else
		say(a, "cannot connect to %s:%u: %s", o->host, o->port, strerror(error));
	return ATTEMPT_FAILED;
}

static enum attempt say_tls_failed(struct attempt_at *a)
{
	const struct link_options *o = &a->l->options;
	const char *problem = a->l->problem;

	say(a, "TLS with %s:%u failed: %s%s", o->host, o->port, problem,
	    tls_hint(problem, o->ca_file));
	return strstr(problem, "unexpected eof") != NULL ? ATTEMPT_CLOSED
	                                                 : ATTEMPT_FAILED;
}

/* There is no CONNACK: libmosquitto's code, and errno. */
static enum attempt say_no_answer(struct attempt_at *a, int rc, int error)
{
	const struct link_options *o = &a->l->options;

	if (rc == MOSQ_ERR_PROTOCOL) {
		say(a, "the broker speaks no MQTT (is %s:%u the right port%s?)", o->host,
		    o->port, o->tls ? "" : ", without TLS");
		return ATTEMPT_OTHER_VERSION;
	}
	if (a->l->problem[0] != '\0')
		return say_tls_failed(a);
	/* EPROTO without a word is a reset within TLS. */
	if (rc == MOSQ_ERR_CONN_LOST ||
	    (rc == MOSQ_ERR_ERRNO && (error == 0 || error == EPIPE || error == EPROTO))) {
		say(a, "%s:%u closed the connection without an answer (does it %s TLS?)",
		    o->host, o->port, o->tls ? "speak" : "want");
		return ATTEMPT_CLOSED;
	}
	say(a, "%s:%u: %s", o->host, o->port,
	    rc == MOSQ_ERR_ERRNO ? strerror(error) : mosquitto_strerror(rc));
	return ATTEMPT_FAILED;
}

/* Lets libmosquitto go on with its handshakes as far as it gets; its code. */
static int advance(struct mosquitto *client)
{
	int rc = mosquitto_loop_read(client, 1); /* reads, or does what TLS wants to */

	if (rc == MOSQ_ERR_SUCCESS && mosquitto_socket(client) >= 0)
		rc = mosquitto_loop_write(client, 1);
	if (rc == MOSQ_ERR_SUCCESS && mosquitto_socket(client) < 0)
		rc = MOSQ_ERR_CONN_LOST;
	return rc;
}

static enum attempt shake_hands(struct attempt_at *a)
{
	struct link *l = a->l;
	struct pollfd fd = {.fd = mosquitto_socket(l->client), .events = POLLIN};
	int rc, error;

	for (;;) {
		errno = 0;
		rc = advance(l->client);
		error = errno;
		if (l->answer.is_there && l->answer.code == 0)
			return ATTEMPT_ACCEPTED;
		if (l->answer.is_there)
			return say_refused(a);
		/* It takes a reset in the middle of a TLS handshake for no error. */
		if (rc == MOSQ_ERR_SUCCESS && (fd.revents & (POLLERR | POLLHUP)) != 0)
			rc = MOSQ_ERR_CONN_LOST;
		if (rc != MOSQ_ERR_SUCCESS)
			return say_no_answer(a, rc, error);
		if (deadline_poll(&fd, 1, a->deadline_ms) <= 0) {
			say(a,
			    "%s:%u accepts connections, but does not answer within %g s",
			    l->options.host, l->options.port,
			    (double)l->options.timeout_ms / 1000);
			return ATTEMPT_FAILED;
		}
	}
}

/* ---- all together ---- */

static void drop_client(struct link *l)
{
	mosquitto_destroy(l->client);
	l->client = NULL;
}

static enum attempt attempt(struct attempt_at *a, const struct addrinfo *addresses,
                            int protocol)
{
	enum attempt result = ATTEMPT_FAILED;

	if (new_client(a, protocol)) {
		int error = reach_broker(a->l, addresses, a->deadline_ms);

		if (error > 0)
			result = say_not_reached(a, error);
		else if (error < 0)
			result = say_no_answer(a, -error, 0);
		else
			result = shake_hands(a);
	}
	if (result == ATTEMPT_ACCEPTED)
		/* Formatting a line for each packet would cost a tenth of the speed. */
		mosquitto_log_callback_set(a->l->client, NULL);
	else
		drop_client(a->l);
	return result;
}

/*
 * An old broker answers MQTT 5 with a refusal, with something that is no MQTT 5, or by
 * closing, which one that is just starting does too: hence twice.
 */
static bool find_version(struct attempt_at *a, const struct addrinfo *addresses)
{
	enum attempt result = attempt(a, addresses, MQTT_PROTOCOL_V5);

	if (result == ATTEMPT_CLOSED)
		result = attempt(a, addresses, MQTT_PROTOCOL_V5);
	if (result == ATTEMPT_OTHER_VERSION || result == ATTEMPT_CLOSED)
		result = attempt(a, addresses, MQTT_PROTOCOL_V311);
	return result == ATTEMPT_ACCEPTED;
}

/* What the broker grants must do for what was configured. */
static bool is_enough(struct attempt_at *a)
{
	const struct link *l = a->l;

	if (l->options.qos > l->answer.max_qos)
		say(a, "the broker takes no more than qos %d: set qos = %d",
		    l->answer.max_qos, l->answer.max_qos);
	else if (l->answer.receive_maximum == 0)
		say(a, "the broker broke the protocol: it takes no messages at all");
	else
		return true;
	return false;
}

bool connect_broker(struct link *l, char *why, size_t why_len)
{
	struct attempt_at a = {.l = l, .why = why, .why_len = why_len};
	const struct link_options *o = &l->options;
	struct addrinfo *addresses;
	bool is_done;

	a.deadline_ms = deadline_now() + o->timeout_ms;
	addresses = lookup_host(o->host, o->port, a.deadline_ms, why, why_len);
	if (addresses == NULL)
		return false;
	if (o->protocol == 0)
		is_done = find_version(&a, addresses);
	else
		is_done = attempt(&a, addresses, o->protocol) == ATTEMPT_ACCEPTED;
	freeaddrinfo(addresses);
	if (is_done && !is_enough(&a)) {
		drop_client(l);
		is_done = false;
	}
	return is_done;
}
