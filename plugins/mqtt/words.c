/* SPDX-License-Identifier: MIT */
/* Reason codes in words.  Knows no connection. */
#include "words.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <stdbool.h>
#include <stddef.h>

static const struct {
	int code;
	bool is_final; /* for a message: sending it again cannot help */
	const char *words;
} reasons[] = {
	{MQTT_RC_UNSPECIFIED, false, "the broker failed and does not say why"},
	{MQTT_RC_MALFORMED_PACKET, false, "the broker could not read a packet"},
	{MQTT_RC_PROTOCOL_ERROR, false, "the broker says that the protocol was broken"},
	{MQTT_RC_IMPLEMENTATION_SPECIFIC, false, "the broker does not want it now"},
	{MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION, false,
         "the broker does not speak this version of MQTT"},
	{MQTT_RC_CLIENTID_NOT_VALID, false, "the broker does not accept the client_id"},
	{MQTT_RC_BAD_USERNAME_OR_PASSWORD, false, "bad user name or password"},
	{MQTT_RC_NOT_AUTHORIZED, true,
         "not authorised: look at user, password, and rights at the broker"},
	{MQTT_RC_SERVER_UNAVAILABLE, false, "the broker is not available"},
	{MQTT_RC_SERVER_BUSY, false, "the broker is busy"},
	{MQTT_RC_BANNED, false, "the broker has banned this client"},
	{MQTT_RC_SERVER_SHUTTING_DOWN, false, "the broker is shutting down"},
	{MQTT_RC_BAD_AUTHENTICATION_METHOD, false,
         "the broker wants another way of authentication"},
	{MQTT_RC_KEEP_ALIVE_TIMEOUT, false, "the broker heard nothing for too long"},
	{MQTT_RC_SESSION_TAKEN_OVER, false, "another client uses the same client_id"},
	{MQTT_RC_TOPIC_NAME_INVALID, true, "the broker does not accept the topic"},
	{MQTT_RC_PACKET_ID_IN_USE, false, "the broker takes it for another message"},
	{MQTT_RC_RECEIVE_MAXIMUM_EXCEEDED, false,
         "the broker got more at once than it takes"},
	{MQTT_RC_PACKET_TOO_LARGE, true, "larger than the broker takes"},
	{MQTT_RC_MESSAGE_RATE_TOO_HIGH, false, "the broker gets messages too fast"},
	{MQTT_RC_QUOTA_EXCEEDED, false, "the broker's quota is used up"},
	{MQTT_RC_ADMINISTRATIVE_ACTION, false,
         "the broker's administrator closed the connection"},
	{MQTT_RC_PAYLOAD_FORMAT_INVALID, true, "the broker does not accept the payload"},
	{MQTT_RC_RETAIN_NOT_SUPPORTED, false,
         "the broker keeps no retained messages: set retain = no"},
	{MQTT_RC_QOS_NOT_SUPPORTED, false,
         "the broker does not support this qos: set a lower one"},
	{MQTT_RC_USE_ANOTHER_SERVER, false, "the broker wants another server to be used"},
	{MQTT_RC_SERVER_MOVED, false, "the broker has moved to another server"},
	{MQTT_RC_CONNECTION_RATE_EXCEEDED, false, "the broker gets connections too fast"},
};

enum frame_verdict words_verdict(int code)
{
	if (code < 0x80)
		return FRAME_DELIVERED;
	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (reasons[i].code == code && reasons[i].is_final)
			return FRAME_REJECTED;
	return FRAME_RETRY;
}

const char *words_reason(int code)
{
	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (reasons[i].code == code)
			return reasons[i].words;
	return mosquitto_reason_string(code);
}

int words_connack_as_v5(int code)
{
	static const int as_v5[] = {
		[CONNACK_REFUSED_PROTOCOL_VERSION] = MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION,
		[CONNACK_REFUSED_IDENTIFIER_REJECTED] = MQTT_RC_CLIENTID_NOT_VALID,
		[CONNACK_REFUSED_SERVER_UNAVAILABLE] = MQTT_RC_SERVER_UNAVAILABLE,
		[CONNACK_REFUSED_BAD_USERNAME_PASSWORD] =
			MQTT_RC_BAD_USERNAME_OR_PASSWORD,
		[CONNACK_REFUSED_NOT_AUTHORIZED] = MQTT_RC_NOT_AUTHORIZED,
	};

	if (code > 0 && (size_t)code < sizeof as_v5 / sizeof as_v5[0])
		return as_v5[code];
	return code;
}
