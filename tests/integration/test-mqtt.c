/* SPDX-License-Identifier: MIT */
/* The mqtt output with a real broker: what is called delivered is what a subscriber gets.
 */
#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mqtt_broker.h"
#include "mqtt_plugin.h"
#include "mqtt_subscriber.h"
#include "tap.h"

#define ANYBODY "allow_anonymous true\n"

static struct mqtt_broker broker;
static struct plugin_host *host;

static void begin(const char *config)
{
	mqtt_broker_init(&broker);
	mqtt_broker_start(&broker, config);
	host = mqtt_plugin(broker.port, "5s");
}

static void end(void)
{
	plugin_host_free(host);
	mqtt_broker_end(&broker);
}

static void what_is_submitted_arrives(const char *qos, const char *protocol, bool has_uid)
{
	enum { FRAMES = 2000 };
	struct mqtt_subscriber *s;
	unsigned came, repeated, wrong = 0;
	struct mqtt_received r;

	begin(ANYBODY);
	s = mqtt_subscriber_start(broker.port, "#");
	plugin_host_set(host, "qos", qos);
	plugin_host_set(host, "protocol", protocol);
	ok(plugin_host_open(host) &&
	           plugin_host_drive(host, 1, FRAMES, "frames/gw/a", 20000) &&
	           plugin_host_count(host, FRAME_DELIVERED) == FRAMES,
	   "qos %s, protocol %s: everything is delivered", qos, protocol);
	plugin_host_close(host);
	mqtt_subscriber_wait(s, FRAMES, 10000);
	came = mqtt_subscriber_count(s, 1, FRAMES, &repeated);
	ok(came == FRAMES && repeated == 0,
	   "a subscriber gets %u of %d, %u of them twice", came, FRAMES, repeated);
	for (uint64_t n = 1; n <= FRAMES; n++) {
		r = mqtt_subscriber_got(s, n);
		wrong += strcmp(r.topic, "frames/gw/a") != 0 || r.has_uid != has_uid ||
		         r.is_uid_right != has_uid;
	}
	ok(wrong == 0, "each with its topic%s", has_uid ? " and its uid" : "");
	mqtt_subscriber_stop(s);
	end();
}

static void the_receipt_says_whether_anybody_listens(void)
{
	struct mqtt_subscriber *s;

	begin(ANYBODY);
	plugin_host_open(host);
	plugin_host_drive(host, 1, 1, "t", 5000);
	same(plugin_host_outcome(host, 1).reason, "PUBACK: nobody has subscribed",
	     "the delivery log can show that nobody got it");
	s = mqtt_subscriber_start(broker.port, "t");
	plugin_host_drive(host, 2, 2, "t", 5000);
	same(plugin_host_outcome(host, 2).reason, "PUBACK", "or that somebody did");
	mqtt_subscriber_stop(s);
	end();
}

static void the_brokers_window_is_kept_to(void)
{
	begin(ANYBODY "max_inflight_messages 7\n");
	ok(plugin_host_open(host) && plugin_host_limit(host) == 7,
	   "the broker's Receive Maximum is the router's window");
	ok(plugin_host_drive(host, 1, 500, "t", 10000) &&
	           plugin_host_count(host, FRAME_DELIVERED) == 500,
	   "and a small one delivers as well");
	end();
}

static void retained_messages_wait_for_a_subscriber(void)
{
	struct mqtt_subscriber *s;

	begin(ANYBODY);
	plugin_host_set(host, "retain", "yes");
	plugin_host_open(host);
	plugin_host_drive(host, 1, 3, "t", 5000);
	s = mqtt_subscriber_start(broker.port, "t");
	mqtt_subscriber_wait(s, 1, 5000);
	ok(mqtt_subscriber_got(s, 3).is_retained && mqtt_subscriber_got(s, 2).times == 0,
	   "one that comes later gets the last message of the topic");
	mqtt_subscriber_stop(s);
	end();
}

static void a_large_message_is_rejected_where_the_broker_has_a_limit(void)
{
	char large[600];

	begin(ANYBODY "max_packet_size 500\n");
	memset(large, 'x', sizeof large);
	large[sizeof large - 1] = '\0';
	plugin_host_open(host);
	ok(plugin_host_send(host, 1, "t", large) == FRAME_REJECTED &&
	           says(plugin_host_why(host), "more than the broker takes (500)"),
	   "a message that the broker never takes is a dead letter");
	ok(plugin_host_drive(host, 2, 50, "t", 5000), "and the next ones pass");
	large[500 - 3 - 3 - 2 - 28] = '\0'; /* heads, topic, packet id, properties */
	plugin_host_send(host, 51, "t", large);
	plugin_host_flush(host);
	ok(plugin_host_wait_settled(host, 51, 5000) &&
	           plugin_host_outcome(host, 51).verdict == FRAME_DELIVERED,
	   "one of exactly the size passes too");
	end();
}

static void a_password_is_asked_and_given(void)
{
	char command[256];

	mqtt_broker_init(&broker);
	snprintf(command, sizeof command,
	         "touch '%s/pw' && mosquitto_passwd -b '%s/pw' gateway secret",
	         broker.folder, broker.folder);
	if (system(command) != 0) {
		printf("ok %d # SKIP mosquitto_passwd does not work here\n", ++tap_run);
		mqtt_broker_end(&broker);
		return;
	}
	mqtt_broker_start(&broker, "allow_anonymous false\npassword_file %s/pw\n");
	host = mqtt_plugin(broker.port, "5s");
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "not authorised"),
	   "without a password the reason is clear");
	plugin_host_set(host, "user", "gateway");
	plugin_host_set(host, "password", "wrong");
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "not authorised"),
	   "with a wrong one as well");
	plugin_host_set(host, "protocol", "3.1.1");
	ok(!plugin_host_open(host) && says(plugin_host_why(host), "not authorised"),
	   "by MQTT 3.1.1 too");
	plugin_host_set(host, "password", "secret");
	ok(plugin_host_open(host) && plugin_host_drive(host, 1, 10, "t", 5000),
	   "with the right one it goes on");
	end();
}

static void a_topic_that_is_denied_is_rejected_and_the_rest_goes_on(void)
{
	struct mqtt_subscriber *s;
	unsigned repeated;
	FILE *acl;
	char path[128];

	mqtt_broker_init(&broker);
	snprintf(path, sizeof path, "%s/acl", broker.folder);
	acl = fopen(path, "w");
	fprintf(acl, "topic readwrite allowed/#\n");
	fclose(acl);
	mqtt_broker_start(&broker, ANYBODY "acl_file %s/acl\n");
	host = mqtt_plugin(broker.port, "5s");
	s = mqtt_subscriber_start(broker.port, "allowed/#");
	plugin_host_open(host);
	plugin_host_drive(host, 1, 20, "allowed/a", 5000);
	plugin_host_drive(host, 21, 40, "denied/a", 5000);
	plugin_host_drive(host, 41, 60, "allowed/b", 5000);
	ok(plugin_host_count(host, FRAME_DELIVERED) == 40 &&
	           plugin_host_count(host, FRAME_REJECTED) == 20 &&
	           says(plugin_host_outcome(host, 30).reason, "not authorised"),
	   "what the broker throws away is not called delivered");
	ok(mqtt_subscriber_wait(s, 40, 5000) &&
	           mqtt_subscriber_count(s, 21, 40, &repeated) == 0,
	   "and the rest arrives");
	mqtt_subscriber_stop(s);
	end();
}

static void two_with_one_client_id_are_named(void)
{
	struct plugin_host *other;

	begin(ANYBODY);
	plugin_host_set(host, "client_id", "gateway");
	plugin_host_open(host);
	other = mqtt_plugin(broker.port, "5s");
	plugin_host_set(other, "client_id", "gateway");
	ok(plugin_host_open(other) &&
	           plugin_host_wait_link(host, FRAME_LINK_DOWN, 5000) &&
	           says(plugin_host_link_why(host, FRAME_LINK_DOWN),
	                "does another client use the client_id gateway?"),
	   "the one that was thrown out asks the right question");
	plugin_host_free(other);
	end();
}

/* The router's part: what was not delivered is submitted again, until all is. */
static unsigned submit_again(bool *is_delivered, unsigned frames, unsigned at_most)
{
	unsigned sent = 0;
	char payload[40];

	for (unsigned n = 1; n <= frames && sent < at_most; n++) {
		if (is_delivered[n])
			continue;
		snprintf(payload, sizeof payload, "{\"n\":%u}", n);
		plugin_host_send(host, n, "t", payload);
		sent++;
		if (plugin_host_in_flight(host) < 100)
			continue;
		plugin_host_flush(host);
		if (!plugin_host_wait_room(host, 50, 5000))
			break;
	}
	plugin_host_flush(host);
	plugin_host_wait_room(host, 1, 5000);
	return sent;
}

static unsigned note_delivered(bool *is_delivered, unsigned frames)
{
	unsigned delivered = 0;

	for (unsigned n = 1; n <= frames; n++) {
		struct plugin_host_outcome o = plugin_host_outcome(host, n);

		is_delivered[n] |= o.is_settled && o.verdict == FRAME_DELIVERED;
		delivered += is_delivered[n];
	}
	return delivered;
}

static void a_broker_that_crashes_again_and_again_loses_nothing(void)
{
	enum { FRAMES = 20000, CRASHES = 8 };
	static bool is_delivered[FRAMES + 1];
	static unsigned got[FRAMES + 1];
	unsigned lies = 0, missing = 0, delivered = 0, downs = 0, crashes = 0;

	begin(ANYBODY);
	while (delivered < FRAMES) {
		struct mqtt_subscriber *s = mqtt_subscriber_start(broker.port, "#");
		bool is_last = crashes == CRASHES;
		pid_t killer = 0;

		if (!plugin_host_open(host)) {
			printf("# %s\n", plugin_host_why(host));
			break;
		}
		fflush(stdout);
		if (!is_last && (killer = fork()) == 0) {
			usleep(3000 +
			       4000 * crashes); /* the moment is the test's input */
			kill(broker.pid, SIGKILL);
			_exit(0);
		}
		submit_again(is_delivered, FRAMES, is_last ? FRAMES : FRAMES / 2);
		if (!is_last)
			downs += plugin_host_wait_link(host, FRAME_LINK_DOWN, 5000);
		delivered = note_delivered(is_delivered, FRAMES);
		plugin_host_close(host);
		if (is_last)
			mqtt_subscriber_wait(s, delivered, 5000);
		else
			mqtt_subscriber_wait_gone(s, 5000);
		for (unsigned n = 1; n <= FRAMES; n++)
			got[n] += mqtt_subscriber_got(s, n).times;
		for (unsigned n = 1; n <= FRAMES; n++)
			lies += is_delivered[n] && got[n] == 0;
		mqtt_subscriber_stop(s);
		if (!is_last) {
			waitpid(killer, NULL, 0);
			mqtt_broker_kill(&broker);
			mqtt_broker_start(&broker, ANYBODY);
			crashes++;
		}
	}
	for (unsigned n = 1; n <= FRAMES; n++)
		missing += got[n] == 0;
	ok(downs == CRASHES, "each of %d crashes is noticed", CRASHES);
	ok(lies == 0, "nothing is called delivered that the broker had not handed on");
	ok(delivered == FRAMES && missing == 0, "in the end all %d frames have arrived",
	   FRAMES);
	end();
}

int main(void)
{
	if (!mqtt_broker_is_installed()) {
		printf("1..0 # SKIP mosquitto is not installed\n");
		return 0;
	}
	what_is_submitted_arrives("0", "auto", true);
	what_is_submitted_arrives("1", "auto", true);
	what_is_submitted_arrives("2", "auto", true);
	what_is_submitted_arrives("1", "3.1.1", false);
	what_is_submitted_arrives("2", "3.1.1", false);
	the_receipt_says_whether_anybody_listens();
	the_brokers_window_is_kept_to();
	retained_messages_wait_for_a_subscriber();
	a_large_message_is_rejected_where_the_broker_has_a_limit();
	a_password_is_asked_and_given();
	a_topic_that_is_denied_is_rejected_and_the_rest_goes_on();
	two_with_one_client_id_are_named();
	a_broker_that_crashes_again_and_again_loses_nothing();
	return done();
}
