/* SPDX-License-Identifier: MIT */
/*
 * The output "mqtt": publishes each message and calls it delivered when the broker has
 * taken it over.  Here are the options and the callbacks; link.h is the connection.
 */
#include <frame_output.h>

#include <inttypes.h>
#include <mqtt_protocol.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "connect.h"
#include "deadline.h"
#include "link.h"
#include "tls.h"

#define PORT     1883
#define PORT_TLS 8883

#define OPTION(kind)                                                                     \
	.struct_size = sizeof(struct frame_option), .type = FRAME_OPTION_##kind

static const struct frame_option option_host = {
	OPTION(TEXT),
	.name = "host",
	.default_value = "localhost",
	.help = "the broker: a name or an address",
};
static const struct frame_option option_port = {
	OPTION(NUMBER),
	.name = "port",
	.minimum = 1,
	.maximum = 65535,
	.help = "the broker's port; unset: 1883, with tls 8883",
};
static const struct frame_option option_protocol = {
	OPTION(CHOICE),
	.name = "protocol",
	.default_value = "auto",
	.choices = "auto|5|3.1.1",
	.help = "the version of MQTT; auto: 5, and 3.1.1 with a broker that does not "
		"know it",
};
static const struct frame_option option_user = {
	OPTION(TEXT),
	.name = "user",
	.help = "the user name at the broker",
};
static const struct frame_option option_password = {
	OPTION(SECRET),
	.name = "password",
	.help = "the password of user",
};
static const struct frame_option option_client_id = {
	OPTION(TEXT),
	.name = "client_id",
	.help = "the name of this connection, unique at the broker; unset: "
		"frame-router- and eight random digits",
};
static const struct frame_option option_qos = {
	OPTION(NUMBER),
	.name = "qos",
	.default_value = "1",
	.minimum = 0,
	.maximum = 2,
	.help = "0: not confirmed, 1: at least once, 2: exactly once as far as the "
		"broker",
};
static const struct frame_option option_retain = {
	OPTION(YES_NO),
	.name = "retain",
	.default_value = "no",
	.help = "whether the broker keeps the last message of a topic for later "
		"subscribers",
};
static const struct frame_option option_topic = {
	OPTION(TEMPLATE),
	.name = "topic",
	.default_value = "frames/#MESHLIUM#/#ID_WASP#",
	.help = "the topic of a message",
};
static const struct frame_option option_keepalive = {
	OPTION(DURATION),
	.name = "keepalive",
	.default_value = "60s",
	.minimum = 5000,
	.maximum = 65535000,
	.help = "after how much silence to ask the broker whether it is there",
};
/* No default, so that "no" can be told from nothing: see check(). */
static const struct frame_option option_tls = {
	OPTION(YES_NO),
	.name = "tls",
	.help = "whether to encrypt; unset: no, but then no password goes to another "
		"host",
};
static const struct frame_option *const options[] = {
	&option_host,     &option_port,      &option_protocol, &option_user,
	&option_password, &option_client_id, &option_qos,      &option_retain,
	&option_topic,    &option_keepalive, &option_tls,      NULL,
};

/* ---- options ---- */

/* The text of an option; NULL when it is unset or empty. */
static const char *text_of(void *router, const struct frame_services *services,
                           const char *key)
{
	const char *text = services->option_text(router, key);

	return text == NULL || text[0] == '\0' ? NULL : text;
}

static bool is_yes(void *router, const struct frame_services *services, const char *key)
{
	return text_of(router, services, key) != NULL &&
	       services->option_number(router, key) != 0;
}

/* The same name as long as the process lives, so that a broker that has not noticed the
 * end of the last connection ends it now. */
static const char *own_client_id(void)
{
	static char id[32];
	uint32_t random = 0;

	if (id[0] == '\0') {
		if (getrandom(&random, sizeof random, 0) != sizeof random)
			random = (uint32_t)deadline_now();
		snprintf(id, sizeof id, "frame-router-%08" PRIx32, random);
	}
	return id;
}

static struct link_options read_options(void *router, const struct frame_services *s)
{
	const char *protocol = text_of(router, s, "protocol");
	struct link_options o = {
		.host = text_of(router, s, "host"),
		.user = text_of(router, s, "user"),
		.password = text_of(router, s, "password"),
		.client_id = text_of(router, s, "client_id"),
		.qos = (int)s->option_number(router, "qos"),
		.retain = is_yes(router, s, "retain"),
		.keepalive_s = (int)(s->option_number(router, "keepalive") / 1000),
		.timeout_ms = s->option_number(router, "timeout"),
		.tls = is_yes(router, s, "tls"),
		.insecure = is_yes(router, s, "insecure"),
		.ca_file = text_of(router, s, "ca_file"),
		.cert_file = text_of(router, s, "cert_file"),
		.key_file = text_of(router, s, "key_file"),
	};

	o.port = o.tls ? PORT_TLS : PORT;
	if (text_of(router, s, "port") != NULL)
		o.port = (unsigned)s->option_number(router, "port");
	if (protocol != NULL && strcmp(protocol, "5") == 0)
		o.protocol = MQTT_PROTOCOL_V5;
	else if (protocol != NULL && strcmp(protocol, "3.1.1") == 0)
		o.protocol = MQTT_PROTOCOL_V311;
	o.is_own_client_id = o.client_id == NULL;
	if (o.is_own_client_id)
		o.client_id = own_client_id();
	return o;
}

static bool is_this_machine(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
	       strncmp(host, "127.", 4) == 0;
}

static int check(void *router, const struct frame_services *services, char *why,
                 size_t why_len)
{
	struct link_options o = read_options(router, services);
	const char *of_tls = o.ca_file != NULL     ? "ca_file"
	                     : o.cert_file != NULL ? "cert_file"
	                     : o.key_file != NULL  ? "key_file"
	                     : o.insecure          ? "insecure"
	                                           : NULL;
	const char *colon = o.host == NULL ? NULL : strchr(o.host, ':');

	if (o.host == NULL)
		snprintf(why, why_len, "host is empty");
	else if (strpbrk(o.host, "/\"' ") != NULL ||
	         (colon != NULL && colon == strrchr(o.host, ':')))
		snprintf(
			why, why_len,
			"host is a name or an address alone, not a URL, without port and "
			"quotation marks: %s",
			o.host);
	else if (o.password != NULL && o.user == NULL)
		snprintf(why, why_len, "password is set without user");
	else if (!o.tls && of_tls != NULL)
		snprintf(why, why_len, "%s is set, but tls is not: set tls = yes",
		         of_tls);
	else if (o.password != NULL && services->option_text(router, "tls") == NULL &&
	         !is_this_machine(o.host))
		snprintf(why, why_len,
		         "the password would go to %s unencrypted: set tls = yes, or tls "
		         "= no to "
		         "allow it",
		         o.host);
	else if (tls_check_files(o.ca_file, o.cert_file, o.key_file, why, why_len))
		return 0;
	return -1;
}

/* ---- the connection ---- */

static void tell_link(const struct link *l)
{
	const char *tls = tls_version(l->client);
	char how[160];

	snprintf(how, sizeof how, "MQTT %s%s%s%s%s%s",
	         l->protocol == MQTT_PROTOCOL_V5 ? "5" : "3.1.1",
	         !l->options.tls ? "" : ", ",
	         !l->options.tls ? ""
	         : tls == NULL   ? "TLS"
	                         : tls,
	         l->options.insecure ? ", the broker's certificate is not verified" : "",
	         l->options.retain && !l->answer.can_retain
	                 ? ", the broker retains nothing"
	                 : "",
	         l->options.qos == 0 ? ", qos 0" : "");
	l->services->link(l->router,
	                  l->options.qos == 0 ? FRAME_LINK_UNCONFIRMED : FRAME_LINK_UP,
	                  how);
}

static void close_link(void *instance)
{
	struct link *l = instance;

	link_stop(l);
	mosquitto_destroy(l->client);
	pending_free(&l->pending);
	free(l);
}

static int open_link(void **instance, void *router, const struct frame_services *services,
                     char *why, size_t why_len)
{
	static bool has_library;
	struct link *l = calloc(1, sizeof *l);

	if (l == NULL) {
		snprintf(why, why_len, "out of memory");
		return -1;
	}
	if (!has_library)
		mosquitto_lib_init(); /* for as long as the process lives */
	has_library = true;
	l->router = router;
	l->services = services;
	l->options = read_options(router, services);
	l->wake_fd = -1;
	pending_init(&l->pending);
	if (l->options.password == NULL &&
	    text_of(router, services, "password_file") != NULL) {
		snprintf(why, why_len, "password_file cannot be read");
		goto undo;
	}
	if (!connect_broker(l, why, why_len))
		goto undo;
	services->limit_window(router, l->answer.receive_maximum);
	tell_link(l);
	if (!link_start(l, why, why_len))
		goto undo;
	*instance = l;
	return 0;

undo:
	close_link(l);
	return -1;
}

/* ---- messages ---- */

/* Bytes of the whole PUBLISH packet; libmosquitto's own check lets one byte too many
 * through. */
static size_t packet_len(const struct link *l, const struct frame_message *m)
{
	size_t properties_len = 1 + 2 + strlen("uid") + 2 + strlen(m->uid);
	size_t len = 2 + strlen(m->topic) + 2 + m->payload_len;
	size_t len_len = 1;

	if (l->protocol == MQTT_PROTOCOL_V5)
		len += 1 + properties_len; /* a uid is far from 127 bytes */
	for (size_t rest = len; rest > 127; rest /= 128)
		len_len++;
	return 1 + len_len + len;
}

static enum frame_verdict explain(const struct frame_message *m, int rc, char *why,
                                  size_t why_len)
{
	switch (rc) {
	case MOSQ_ERR_INVAL:
	case MOSQ_ERR_MALFORMED_UTF8:
		if (m->topic[0] == '\0')
			snprintf(why, why_len, "the topic is empty");
		else
			snprintf(why, why_len, "the topic is not valid: %.200s",
			         m->topic);
		return FRAME_REJECTED;
	case MOSQ_ERR_PAYLOAD_SIZE:
	case MOSQ_ERR_OVERSIZE_PACKET:
		snprintf(why, why_len, "%zu bytes are more than MQTT or the broker takes",
		         m->payload_len);
		return FRAME_REJECTED;
	case MOSQ_ERR_NO_CONN:
	case MOSQ_ERR_CONN_LOST:
		snprintf(why, why_len, "not connected");
		return FRAME_RETRY;
	default:
		snprintf(why, why_len, "cannot publish: %s", mosquitto_strerror(rc));
		return FRAME_RETRY;
	}
}

static int publish(struct link *l, const struct frame_message *m, int *mid)
{
	mosquitto_property *properties = NULL;
	int rc = MOSQ_ERR_SUCCESS;

	if (l->protocol == MQTT_PROTOCOL_V5)
		rc = mosquitto_property_add_string_pair(
			&properties, MQTT_PROP_USER_PROPERTY, "uid", m->uid);
	if (rc == MOSQ_ERR_SUCCESS)
		rc = mosquitto_publish_v5(l->client, mid, m->topic, (int)m->payload_len,
		                          m->payload, l->options.qos, l->options.retain,
		                          properties);
	mosquitto_property_free_all(&properties);
	return rc;
}

/* Only queues the message; flush() has it sent, with the others at hand. */
static enum frame_verdict submit(void *instance, const struct frame_message *m, char *why,
                                 size_t why_len)
{
	struct link *l = instance;
	int mid = 0;
	int rc;

	/* A publish that is not connected would be queued all the same, and sent by
	 * nobody. */
	if (atomic_load(&l->is_lost))
		return explain(m, MOSQ_ERR_NO_CONN, why, why_len);
	if (m->payload_len > MQTT_MAX_PAYLOAD)
		return explain(m, MOSQ_ERR_PAYLOAD_SIZE, why, why_len);
	if (l->answer.max_packet != 0 && packet_len(l, m) > l->answer.max_packet) {
		snprintf(why, why_len,
		         "%zu bytes are more than the broker takes (%" PRIu32 ")",
		         packet_len(l, m), l->answer.max_packet);
		return FRAME_REJECTED;
	}
	if (!pending_add(&l->pending, m->id, deadline_now()))
		return explain(m, MOSQ_ERR_NOMEM, why, why_len);
	rc = publish(l, m, &mid);
	if (rc != MOSQ_ERR_SUCCESS) {
		pending_drop(&l->pending, m->id);
		return explain(m, rc, why, why_len);
	}
	pending_name(&l->pending, m->id, (uint16_t)mid);
	return FRAME_PENDING;
}

static void flush(void *instance)
{
	link_wake(instance);
}

static const struct frame_output plugin = {
	.struct_size = sizeof plugin,
	.abi = 1,
	.name = "mqtt",
	.version = "0.1.0",
	.description = "publishes frames to an MQTT broker",
	.options = options,
	.groups = FRAME_GROUP_TLS,
	.check = check,
	.open = open_link,
	.submit = submit,
	.flush = flush,
	.close = close_link,
};

__attribute__((visibility("default"))) const struct frame_output *
frame_output_plugin(void)
{
	return &plugin;
}
