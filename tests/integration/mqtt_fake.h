/* SPDX-License-Identifier: MIT */
/* The mqtt output in front of a scripted broker. */
#ifndef TESTS_INTEGRATION_MQTT_FAKE_H
#define TESTS_INTEGRATION_MQTT_FAKE_H

#include "fakes/fake_broker.h"
#include "mqtt_plugin.h"

#define BOTH_VERSIONS .to_v5 = FAKE_ACCEPT_V5, .to_v311 = FAKE_ACCEPT_V311

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

__attribute__((unused)) static const char *up(void)
{
	return plugin_host_link_why(host, FRAME_LINK_UP);
}

__attribute__((unused)) static const char *down(void)
{
	return plugin_host_link_why(host, FRAME_LINK_DOWN);
}

#endif
