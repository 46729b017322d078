# SPDX-License-Identifier: MIT
# The whole program against real far sides, and the small programs that this takes.
check_PROGRAMS += \
	tests/integration/blaster \
	tests/integration/free-port
if WITH_MQTT
check_PROGRAMS += tests/integration/subscriber
tests_integration_subscriber_CPPFLAGS = $(AM_CPPFLAGS) $(MOSQUITTO_CFLAGS)
tests_integration_subscriber_LDADD = $(MOSQUITTO_LIBS)
endif
EXTRA_DIST += tests/integration/lib.sh
