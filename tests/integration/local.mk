# SPDX-License-Identifier: MIT
# Tests of whole pieces: plugins as the router loads them, processes, sockets.
INTEGRATION_TESTS = \
	tests/integration/test-file \
	tests/integration/test-file-faults
INTEGRATION_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests

PLUGIN_HOST = \
	tests/integration/plugin_host.c \
	tests/integration/plugin_host.h \
	tests/integration/plugin_host_private.h \
	tests/integration/plugin_host_services.c

check_PROGRAMS += $(INTEGRATION_TESTS)
TESTS += $(INTEGRATION_TESTS)

FILE_WORLD = \
	$(PLUGIN_HOST) \
	tests/integration/file_world.c \
	tests/integration/file_world.h

tests_integration_test_file_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_file_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
tests_integration_test_file_SOURCES = tests/integration/test-file.c $(FILE_WORLD)

tests_integration_test_file_faults_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_file_faults_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
tests_integration_test_file_faults_SOURCES = tests/integration/test-file-faults.c $(FILE_WORLD)
