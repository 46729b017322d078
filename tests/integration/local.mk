# SPDX-License-Identifier: MIT
# Tests of whole pieces: plugins as the router loads them, processes, sockets.
INTEGRATION_TESTS =
INTEGRATION_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests

PLUGIN_HOST = \
	tests/integration/plugin_host.c \
	tests/integration/plugin_host.h \
	tests/integration/plugin_host_private.h \
	tests/integration/plugin_host_services.c

check_PROGRAMS += $(INTEGRATION_TESTS)
TESTS += $(INTEGRATION_TESTS)

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
