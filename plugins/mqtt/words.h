/* SPDX-License-Identifier: MIT */
/* MQTT's reason codes as words for a person, and what they mean for a message. */
#ifndef PLUGINS_MQTT_WORDS_H
#define PLUGINS_MQTT_WORDS_H

#include <frame_output.h>

#include <stdint.h>

/* What a PUBACK, PUBREC or PUBCOMP with this code makes of its message. */
enum frame_verdict words_verdict(int code);

/* "not authorised"; of a CONNACK, DISCONNECT or acknowledgement of MQTT 5. */
const char *words_reason(int code);

/* The code of MQTT 5 that says the same as a CONNACK code (1 to 5) of MQTT 3.1.1. */
int words_connack_as_v5(int code);

#endif
