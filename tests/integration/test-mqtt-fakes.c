/* SPDX-License-Identifier: MIT */
/* The mqtt output connected to brokers that are broken, slow, silent or hostile. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mqtt_fake.h"
#include "tap.h"

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
	ok(is_down && id < 60 && !plugin_host_outcome(host, 1).is_settled &&
	           says(down(), "left a message unacknowledged for 0.7 s"),
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
