/* SPDX-License-Identifier: MIT */
/* The mqtt output with brokers that are old, broken, slow, silent or hostile. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fakes/fake_broker.h"
#include "mqtt_plugin.h"
#include "tap.h"

#define BOTH_VERSIONS .to_v5 = FAKE_ACCEPT_V5, .to_v311 = FAKE_ACCEPT_V311

/* "HTTP/1.1 400 Bad Request" and so on */
#define HTTP                                                                             \
	"485454502F312E31203430302042616420526571756573740D0A436F6E74656E742D54797065"   \
	"3A20746578742F706C61696E3B20636861727365743D7574662D380D0A436F6E6E656374696F"   \
	"6E3A20636C6F73650D0A0D0A343030204261642052657175657374"

static struct fake_broker *broker;
static struct plugin_host *host;

static void begin(const struct fake_script *script, const char *timeout)
{
	broker = fake_broker_start(script);
	host = mqtt_plugin(fake_broker_port(broker), timeout);
}

static void end(void)
{
	plugin_host_free(host);
	fake_broker_stop(broker);
}

static const char *up(void)
{
	return plugin_host_link_why(host, FRAME_LINK_UP);
}

static const char *down(void)
{
	return plugin_host_link_why(host, FRAME_LINK_DOWN);
}

/* Opens, sends messages 1 to 20, and waits for the link to break. */
static bool breaks_within(int64_t ms)
{
	int64_t start_ms = plugin_host_now_ms();

	if (!plugin_host_open(host)) {
		printf("# open: %s\n", plugin_host_why(host));
		return false;
	}
	plugin_host_drive(host, 1, 20, "t", ms);
	return plugin_host_wait_link(host, FRAME_LINK_DOWN,
	                             start_ms + ms - plugin_host_now_ms());
}

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

/* ---- acknowledgements ---- */

static void every_reason_code_has_its_verdict(void)
{
	static const struct {
		int code;
		enum frame_verdict verdict;
		const char *words;
	} cases[] = {
		{0x00, FRAME_DELIVERED, "PUBACK"},
		{0x10, FRAME_DELIVERED, "nobody has subscribed"},
		{0x80, FRAME_RETRY, "does not say why"},
		{0x83, FRAME_RETRY, "not want it now"},
		{0x87, FRAME_REJECTED, "not authorised"},
		{0x90, FRAME_REJECTED, "topic"},
		{0x91, FRAME_RETRY, "another message"},
		{0x95, FRAME_REJECTED, "larger"},
		{0x97, FRAME_RETRY, "quota"},
		{0x99, FRAME_REJECTED, "payload"},
		{0xFE, FRAME_RETRY, "0xFE"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct fake_script script = {BOTH_VERSIONS, .code = cases[i].code};
		struct plugin_host_outcome outcome;

		begin(&script, "5s");
		plugin_host_open(host);
		plugin_host_drive(host, 1, 1, "t", 5000);
		outcome = plugin_host_outcome(host, 1);
		ok(outcome.is_settled && outcome.verdict == cases[i].verdict &&
		           says(outcome.reason, cases[i].words),
		   "a PUBACK with 0x%02X is %s", (unsigned)cases[i].code,
		   cases[i].verdict == FRAME_DELIVERED ? "delivered"
		   : cases[i].verdict == FRAME_RETRY   ? "tried again"
		                                       : "rejected");
		end();
	}
}

static void a_broker_that_never_acknowledges_is_left(void)
{
	const struct fake_script script = {BOTH_VERSIONS, .acks = FAKE_ACKS_NEVER};
	int64_t start_ms = plugin_host_now_ms();

	begin(&script, "700ms");
	ok(breaks_within(3000) && says(down(), "has acknowledged nothing for 0.7 s") &&
	           plugin_host_now_ms() - start_ms >= 650,
	   "a broker that takes messages and acknowledges none is left after the "
	   "timeout");
	ok(plugin_host_count(host, FRAME_DELIVERED) == 0,
	   "and nothing counts as delivered");
	ok(plugin_host_send(host, 21, "t", "x") == FRAME_RETRY &&
	           says(plugin_host_why(host), "not connected"),
	   "what is submitted after that is to be tried again");
	end();
}

static void one_message_that_is_left_out_does_not_wait_for_ever(void)
{
	const struct fake_script script = {BOTH_VERSIONS,
	                                   .acks = FAKE_ACKS_NOT_THE_FIRST};
	uint64_t id = 1;
	bool is_down = false;

	begin(&script, "700ms");
	plugin_host_open(host);
	for (; id < 200 && !is_down; id++) {
		plugin_host_send(host, id, "t", "x");
		plugin_host_flush(host);
		is_down = plugin_host_wait_link(host, FRAME_LINK_DOWN, 50);
	}
	ok(is_down && id < 60 && !plugin_host_outcome(host, 1).is_settled,
	   "a message that others overtake is sent again, though the broker answers");
	end();
}

static void bad_acknowledgements_break_the_link_and_deliver_nothing(void)
{
	static const struct {
		struct fake_script script;
		const char *text;
	} cases[] = {
		{{BOTH_VERSIONS, .acks = FAKE_ACKS_ZERO}, "packet id 0"},
		{{BOTH_VERSIONS, .acks = FAKE_ACKS_AS_QOS_2}, "PUBCOMP for QoS 1"},
		{{BOTH_VERSIONS, .acks = FAKE_ACKS_TORN}, "half a PUBACK"},
		{{.to_v5 = "2003000000"
	                   "FFFFFFFFFFFFFF"},
	         "garbage"},
		{{.to_v5 = "2003000000"
	                   "30FFFFFFFF7F"},
	         "an endless length"},
		{{.to_v5 = "2003000000", .closes = true}, "the end after CONNACK"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		begin(&cases[i].script, "5s");
		ok(breaks_within(3000) && plugin_host_count(host, FRAME_DELIVERED) == 0,
		   "%s breaks the link and delivers nothing", cases[i].text);
		printf("# %s\n", down());
		end();
	}
}

static void an_acknowledgement_before_connack_is_no_broker(void)
{
	const struct fake_script script = {.to_v5 = "400200012003000000",
	                                   .to_v311 = "4002000120020000"};

	begin(&script, "5s");
	ok(!plugin_host_open(host), "a PUBACK before CONNACK is not waited behind");
	end();
}

static void acknowledgements_of_something_else_change_nothing(void)
{
	const struct fake_script script = {BOTH_VERSIONS, .acks = FAKE_ACKS_TOO_MUCH};
	unsigned repeats = 0;

	begin(&script, "5s");
	plugin_host_open(host);
	ok(plugin_host_drive(host, 1, 2000, "t", 10000) &&
	           plugin_host_count(host, FRAME_DELIVERED) == 2000,
	   "acknowledgements of unknown packets, and twice, hold nothing up");
	for (uint64_t id = 1; id <= 2000; id++)
		repeats += plugin_host_outcome(host, id).repeats;
	ok(plugin_host_unknown(host) == 0 && repeats == 0, "and settle nothing else");
	end();
}

static void another_client_of_the_same_name_is_blamed(void)
{
	const struct fake_script script = {.to_v5 = FAKE_ACCEPT_V5 "E0028E00"};
	const struct fake_script old = {.to_v311 = FAKE_ACCEPT_V311, .closes = true};

	begin(&script, "5s");
	plugin_host_set(host, "client_id", "gateway");
	ok(breaks_within(3000) &&
	           says(down(), "another client uses the client_id gateway"),
	   "a client_id that is used twice is named");
	end();
	begin(&old, "5s");
	plugin_host_set(host, "client_id", "gateway");
	ok(breaks_within(3000) &&
	           says(down(), "does another client use the client_id gateway?"),
	   "and suspected where the broker does not say it");
	end();
}

/* The ledger of a router: every frame again until it is delivered. */
static void a_link_that_breaks_all_the_time_loses_nothing(void)
{
	const struct fake_script script = {BOTH_VERSIONS, .close_after = 37};
	enum { FRAMES = 500 };
	static bool is_delivered[FRAMES + 1];
	unsigned left = FRAMES, rounds = 0, lies = 0, missing = 0;

	begin(&script, "5s");
	for (; left > 0 && rounds < 100; rounds++) {
		if (!plugin_host_open(host))
			break;
		for (unsigned n = 1, sent = 0; n <= FRAMES && sent < 100; n++) {
			char payload[40];

			if (is_delivered[n])
				continue;
			snprintf(payload, sizeof payload, "{\"n\":%u}", n);
			plugin_host_send(host, n, "t", payload);
			sent++;
		}
		plugin_host_flush(host);
		plugin_host_wait_link(host, FRAME_LINK_DOWN, left < 37 ? 200 : 5000);
		for (unsigned n = 1; n <= FRAMES; n++) {
			struct plugin_host_outcome o = plugin_host_outcome(host, n);

			if (!o.is_settled || o.verdict != FRAME_DELIVERED)
				continue;
			is_delivered[n] = true;
			left--;
			lies += fake_broker_acknowledged(broker, n) == 0;
		}
		plugin_host_close(host);
	}
	for (unsigned n = 1; n <= FRAMES; n++)
		missing += fake_broker_got(broker, n) == 0;
	ok(left == 0 && missing == 0, "all %d frames arrive over %u broken links", FRAMES,
	   rounds);
	ok(lies == 0, "none is called delivered that the broker has not acknowledged");
	end();
}

/* ---- what is published ---- */

static void a_topic_that_mqtt_forbids_is_rejected(void)
{
	static const char *const topics[] = {"a/+/b", "a/#", "", "a\xC3(", "a\x01z"};
	const struct fake_script script = {BOTH_VERSIONS};

	begin(&script, "5s");
	plugin_host_open(host);
	for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
		ok(plugin_host_send(host, i + 1, topics[i], "x") == FRAME_REJECTED &&
		           says(plugin_host_why(host), "the topic is"),
		   "topic %zu is a dead letter, with the reason", i + 1);
	plugin_host_send(host, 10, "t", "");
	plugin_host_flush(host);
	ok(plugin_host_wait_settled(host, 6, 5000) &&
	           plugin_host_outcome(host, 10).verdict == FRAME_DELIVERED,
	   "and the next message, though empty, is delivered");
	end();
}

static void qos_0_is_told_to_be_unconfirmed(void)
{
	const struct fake_script script = {BOTH_VERSIONS, .acks = FAKE_ACKS_NEVER};

	begin(&script, "5s");
	plugin_host_set(host, "qos", "0");
	ok(plugin_host_open(host) &&
	           says(plugin_host_link_why(host, FRAME_LINK_UNCONFIRMED),
	                "MQTT 5, qos 0") &&
	           strcmp(up(), "") == 0,
	   "status can show that qos 0 confirms nothing");
	ok(plugin_host_drive(host, 1, 300, "t", 5000),
	   "what is written counts as delivered");
	plugin_host_close(host);
	ok(fake_broker_saw_goodbye(broker, 5000) && fake_broker_got(broker, 300) == 1,
	   "and arrives");
	end();
}

/* ---- the end ---- */

static void closing_is_quick_and_polite(void)
{
	const struct fake_script fine = {BOTH_VERSIONS};
	const struct fake_script silent = {BOTH_VERSIONS, .acks = FAKE_ACKS_NEVER};
	int64_t start_ms;

	begin(&fine, "10s");
	plugin_host_open(host);
	plugin_host_drive(host, 1, 50, "t", 5000);
	start_ms = plugin_host_now_ms();
	plugin_host_close(host);
	ok(plugin_host_now_ms() - start_ms < 300,
	   "closing an idle connection takes no time");
	ok(fake_broker_saw_goodbye(broker, 5000), "the broker is told DISCONNECT");
	end();
	begin(&silent, "10s");
	plugin_host_open(host);
	for (uint64_t id = 1; id <= 100; id++)
		plugin_host_send(host, id, "t", "x");
	start_ms = plugin_host_now_ms();
	plugin_host_close(host);
	ok(plugin_host_now_ms() - start_ms < 1000,
	   "nor does closing one with a full window, before anything was flushed");
	end();
}

/* Accepts one client, says CONNACK and reads nothing more; the port. */
static unsigned start_deaf_broker(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
	char connect_packet[256];

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	bind(listener, (struct sockaddr *)&address, len);
	listen(listener, 1);
	getsockname(listener, (struct sockaddr *)&address, &len);
	if (fork() == 0) {
		alarm(20);
		fd = accept(listener, NULL, NULL);
		if (read(fd, connect_packet, sizeof connect_packet) > 0 &&
		    write(fd, "\x20\x03\0\0\0", 5) == 5)
			pause();
		_exit(0);
	}
	close(listener);
	return ntohs(address.sin_port);
}

static void a_broker_that_stops_reading_does_not_hold_up_the_end(void)
{
	static char payload[100001];
	int64_t start_ms;

	memset(payload, 'x', sizeof payload - 1);
	host = mqtt_plugin(start_deaf_broker(), "5s");
	ok(plugin_host_open(host), "it connects");
	for (uint64_t id = 1; id <= 100; id++)
		plugin_host_send(host, id, "t", payload);
	plugin_host_flush(host);
	plugin_host_wait_settled(host, 1, 200);
	start_ms = plugin_host_now_ms();
	plugin_host_close(host);
	ok(plugin_host_now_ms() - start_ms < 1000,
	   "a broker that reads nothing holds close() up for less than a second");
	plugin_host_free(host);
}

static unsigned open_descriptors(void)
{
	unsigned count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void connecting_again_and_again_leaves_nothing_behind(void)
{
	const struct fake_script script = {BOTH_VERSIONS, .close_after = 3};
	const struct fake_script refusing = {.to_v5 = "2003008900"};
	unsigned before, connected = 0;

	begin(&script, "5s");
	plugin_host_open(host);
	plugin_host_close(host);
	before = open_descriptors();
	for (unsigned i = 0; i < 100; i++) {
		connected += plugin_host_open(host);
		if (i % 2 == 0)
			plugin_host_drive(host, 1, 5, "t", 5000);
		plugin_host_close(host);
	}
	/* The broker's end of the last one may still be closing. */
	fake_broker_saw_goodbye(broker, 5000);
	ok(connected == 100 && open_descriptors() <= before,
	   "no descriptor is left of 100 connections that were closed or broke");
	end();
	begin(&refusing, "5s");
	plugin_host_open(host);
	before = open_descriptors();
	for (unsigned i = 0; i < 100; i++)
		plugin_host_open(host);
	fake_broker_saw_goodbye(broker, 5000);
	ok(open_descriptors() <= before, "nor of 100 that were refused");
	end();
}

static void an_idle_link_pings_and_a_dead_one_is_noticed(void)
{
	const struct fake_script script = {BOTH_VERSIONS, .acks = FAKE_ACKS_NEVER};

	begin(&script, "5s");
	plugin_host_set(host, "keepalive", "5s");
	plugin_host_open(host);
	ok(plugin_host_wait_link(host, FRAME_LINK_DOWN, 20000) &&
	           fake_broker_pings(broker) == 1 &&
	           says(down(), "did not answer a ping"),
	   "an idle link is looked after: a ping without an answer breaks it");
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
	every_reason_code_has_its_verdict();
	a_broker_that_never_acknowledges_is_left();
	one_message_that_is_left_out_does_not_wait_for_ever();
	bad_acknowledgements_break_the_link_and_deliver_nothing();
	an_acknowledgement_before_connack_is_no_broker();
	acknowledgements_of_something_else_change_nothing();
	another_client_of_the_same_name_is_blamed();
	a_link_that_breaks_all_the_time_loses_nothing();
	a_topic_that_mqtt_forbids_is_rejected();
	qos_0_is_told_to_be_unconfirmed();
	closing_is_quick_and_polite();
	a_broker_that_stops_reading_does_not_hold_up_the_end();
	connecting_again_and_again_leaves_nothing_behind();
	an_idle_link_pings_and_a_dead_one_is_noticed();
	return done();
}
