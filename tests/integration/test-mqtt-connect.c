/* SPDX-License-Identifier: MIT */
/* The mqtt output connecting: to nobody, to old and odd brokers, to ones that refuse. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mqtt_fake.h"
#include "tap.h"

/* "HTTP/1.1 400 Bad Request" and so on */
#define HTTP                                                                             \
	"485454502F312E31203430302042616420526571756573740D0A436F6E74656E742D54797065"   \
	"3A20746578742F706C61696E3B20636861727365743D7574662D380D0A436F6E6E656374696F"   \
	"6E3A20636C6F73650D0A0D0A343030204261642052657175657374"

/* ---- no broker ---- */

static void a_port_where_nobody_listens_is_refused_at_once(void)
{
	const struct fake_script script = {BOTH_VERSIONS};
	unsigned port;

	begin(&script, "5s");
	port = fake_broker_port(broker);
	end();
	host = mqtt_plugin(port, "5s");
	ok(!plugin_host_open(host) && says(plugin_host_why(host),
	                                   "connection refused (is a broker running at"),
	   "a broker that is not running is named with its address");
	plugin_host_free(host);
}

/* A socket whose queue is full drops every further SYN. */
static void a_host_that_swallows_packets_costs_the_timeout_only(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof address;
	int hole = socket(AF_INET, SOCK_STREAM, 0), filler[4];
	int64_t start_ms;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	bind(hole, (struct sockaddr *)&address, len);
	listen(hole, 0);
	getsockname(hole, (struct sockaddr *)&address, &len);
	for (unsigned i = 0; i < 4; i++) {
		filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (connect(filler[i], (struct sockaddr *)&address, len) < 0)
			continue; /* in progress, or swallowed already */
	}
	host = mqtt_plugin(ntohs(address.sin_port), "600ms");
	start_ms = plugin_host_now_ms();
	ok(!plugin_host_open(host) &&
	           says(plugin_host_why(host), "no answer from 127.0.0.1"),
	   "a host that swallows packets is given up");
	ok(plugin_host_now_ms() - start_ms < 1500,
	   "and after the timeout, not after minutes");
	plugin_host_free(host);
	for (unsigned i = 0; i < 4; i++)
		close(filler[i]);
	close(hole);
}

/* ---- before CONNACK ---- */

static void a_broker_that_never_answers_costs_the_timeout_only(void)
{
	const struct fake_script script = {.to_v5 = FAKE_SILENCE};
	int64_t start_ms;

	begin(&script, "500ms");
	start_ms = plugin_host_now_ms();
	ok(!plugin_host_open(host) &&
	           says(plugin_host_why(host), "does not answer within 0.5 s"),
	   "a broker without a CONNACK is given up");
	ok(plugin_host_now_ms() - start_ms < 1500, "after the timeout");
	end();
}

static void old_brokers_get_mqtt_3_1_1(void)
{
	static const struct {
		const char *to_v5;
		unsigned v5_connects;
		const char *text;
	} cases[] = {
		{"2003008400", 1, "refuses the version (0x84)"},
		{"20020001", 1, "refuses the version as MQTT 3.1.1 does"},
		{"20020005", 1, "answers in MQTT 3.1.1"},
		{HTTP, 1, "answers in HTTP"},
		{NULL, 2, "closes"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct fake_script script = {.to_v5 = cases[i].to_v5,
		                                   .to_v311 = FAKE_ACCEPT_V311};

		begin(&script, "5s");
		ok(plugin_host_open(host) && says(up(), "MQTT 3.1.1") &&
		           fake_broker_connects(broker, 5) == cases[i].v5_connects &&
		           plugin_host_drive(host, 1, 300, "t", 5000) &&
		           fake_broker_acknowledged(broker, 300) == 1,
		   "a broker that %s gets its messages by MQTT 3.1.1", cases[i].text);
		plugin_host_close(host);
		plugin_host_open(host);
		ok(fake_broker_connects(broker, 5) == 2 * cases[i].v5_connects,
		   "and is asked for MQTT 5 again at the next connection");
		end();
	}
}

static void a_version_that_is_set_is_kept(void)
{
	const struct fake_script script = {.to_v5 = "2003008400",
	                                   .to_v311 = FAKE_ACCEPT_V311};

	begin(&script, "5s");
	plugin_host_set(host, "protocol", "5");
	ok(!plugin_host_open(host) &&
	           says(plugin_host_why(host), "does not speak MQTT 5") &&
	           fake_broker_connects(broker, 4) == 0,
	   "protocol = 5 never falls back to a version that cannot say no");
	plugin_host_set(host, "protocol", "3.1.1");
	ok(plugin_host_open(host) && fake_broker_connects(broker, 5) == 1 &&
	           fake_broker_connects(broker, 4) == 1,
	   "protocol = 3.1.1 does not try MQTT 5");
	end();
}

static void a_peer_that_is_no_broker_is_called_so(void)
{
	const struct fake_script http = {.to_v5 = HTTP, .to_v311 = HTTP};
	const struct fake_script closed = {.to_v5 = NULL};

	begin(&http, "5s");
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "speaks no MQTT"),
	   "a web server is no broker");
	end();
	begin(&closed, "5s");
	ok(!plugin_host_open(host) &&
	           says(plugin_host_why(host),
	                "closed the connection without an answer") &&
	           fake_broker_connects(broker, 5) == 2 &&
	           fake_broker_connects(broker, 4) == 1,
	   "one that always closes is tried with both versions, then left");
	end();
}

static void a_refusal_is_told_in_words(void)
{
	static const struct {
		const char *to_v5, *to_v311, *words;
	} cases[] = {
		{"2003008600", NULL, "bad user name or password"},
		{"2003008700", NULL, "not authorised"},
		{"2003008500", NULL, "client_id"},
		{"2003008800", NULL, "not available"},
		{"2003008900", NULL, "busy"},
		{"2003008A00", NULL, "banned"},
		{"2003009F00", NULL, "too fast"},
		{"2003008400", "20020002", "client_id"},
		{"2003008400", "20020003", "not available"},
		{"2003008400", "20020004", "bad user name or password"},
		{"2003008400", "20020005", "not authorised"},
		{"2003008400", "20020001", "does not speak MQTT 3.1.1"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct fake_script script = {.to_v5 = cases[i].to_v5,
		                                   .to_v311 = cases[i].to_v311};

		begin(&script, "5s");
		ok(!plugin_host_open(host) && says(plugin_host_why(host), cases[i].words),
		   "CONNACK %s%s%s is explained", cases[i].to_v5,
		   cases[i].to_v311 == NULL ? "" : " then ",
		   cases[i].to_v311 == NULL ? "" : cases[i].to_v311);
		end();
	}
}

static void a_connack_in_pieces_is_a_connack(void)
{
	const struct fake_script script = {BOTH_VERSIONS, .dribbles = true};

	begin(&script, "5s");
	ok(plugin_host_open(host) && says(up(), "MQTT 5"),
	   "a slow line that brings a CONNACK byte by byte connects");
	end();
}

static void what_the_broker_grants_is_kept_to(void)
{
	/* Receive Maximum 7, Maximum QoS 1, no retain, Maximum Packet Size 60 */
	const struct fake_script script = {.to_v5 = "200F00000C21000724012500270000003C"};
	const struct fake_script no_qos = {.to_v5 = "20050000022400"};
	char fits[64] = "", not [64] = "";

	begin(&script, "5s");
	plugin_host_set(host, "retain", "yes");
	ok(plugin_host_open(host) && plugin_host_limit(host) == 7,
	   "the broker's Receive Maximum limits the window");
	ok(says(up(), "retains nothing"),
	   "a broker that retains nothing is named in status");
	/* 2 + topic 3 + packet id 2 + properties 27 + payload */
	memset(fits, 'x', 60 - 2 - 3 - 2 - 27);
	memset(not, 'x', 60 - 2 - 3 - 2 - 27 + 1);
	ok(plugin_host_send(host, 1, "t", fits) == FRAME_PENDING,
	   "a packet of just the size that the broker takes is sent");
	ok(plugin_host_send(host, 2, "t", not ) == FRAME_REJECTED &&
	           says(plugin_host_why(host),
	                "61 bytes are more than the broker takes (60)"),
	   "one byte more is rejected, and not sent again and again");
	plugin_host_flush(host);
	ok(plugin_host_wait_settled(host, 2, 5000) &&
	           plugin_host_outcome(host, 1).verdict == FRAME_DELIVERED,
	   "and the next ones go on");
	plugin_host_close(host);
	plugin_host_set(host, "qos", "2");
	ok(!plugin_host_open(host) &&
	           says(plugin_host_why(host), "no more than qos 1: set qos = 1"),
	   "a broker that cannot give what qos promises is not used in silence");
	end();
	begin(&no_qos, "5s");
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "no more than qos 0"),
	   "nor one that confirms nothing");
	end();
}

int main(void)
{
	a_port_where_nobody_listens_is_refused_at_once();
	a_host_that_swallows_packets_costs_the_timeout_only();
	a_broker_that_never_answers_costs_the_timeout_only();
	old_brokers_get_mqtt_3_1_1();
	a_version_that_is_set_is_kept();
	a_peer_that_is_no_broker_is_called_so();
	a_refusal_is_told_in_words();
	a_connack_in_pieces_is_a_connack();
	what_the_broker_grants_is_kept_to();
	return done();
}
