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
