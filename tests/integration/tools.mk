# SPDX-License-Identifier: MIT
# What tests in sh are made with, and whether it can be relied on.
EXTRA_DIST += tests/integration/lib.sh tests/integration/nginx.sh
dist_check_SCRIPTS += tests/integration/test-lib.sh
TESTS += tests/integration/test-lib.sh
check_PROGRAMS += \
	tests/integration/blaster \
	tests/integration/free-port \
	tests/integration/manager
if WITH_MQTT
check_PROGRAMS += tests/integration/subscriber
tests_integration_subscriber_CPPFLAGS = $(AM_CPPFLAGS) $(MOSQUITTO_CFLAGS)
tests_integration_subscriber_LDADD = $(MOSQUITTO_LIBS)
endif
