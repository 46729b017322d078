# SPDX-License-Identifier: MIT
# What tests in sh are made with.
EXTRA_DIST += tests/integration/lib.sh
check_PROGRAMS += \
	tests/integration/blaster \
	tests/integration/free-port
if WITH_MQTT
check_PROGRAMS += tests/integration/subscriber
tests_integration_subscriber_CPPFLAGS = $(AM_CPPFLAGS) $(MOSQUITTO_CFLAGS)
tests_integration_subscriber_LDADD = $(MOSQUITTO_LIBS)
endif
