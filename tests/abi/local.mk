# SPDX-License-Identifier: MIT
# The plugin contract does not change under those who rely on it.
ABI_TESTS = \
	tests/abi/test-frozen \
	tests/abi/test-header.sh \
	tests/abi/test-layout

check_PROGRAMS += tests/abi/test-frozen tests/abi/test-layout
dist_check_SCRIPTS += tests/abi/test-header.sh
TESTS += $(ABI_TESTS)

tests_abi_test_frozen_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_abi_test_frozen_LDADD = $(UNIT_LIBS)
EXTRA_tests_abi_test_frozen_DEPENDENCIES = tests/abi/frozen.la
tests_abi_test_layout_CPPFLAGS = $(UNIT_CPPFLAGS)

# A -rpath makes it a shared object although it is never installed.
check_LTLIBRARIES += tests/abi/frozen.la
tests_abi_frozen_la_SOURCES = tests/abi/frozen.c tests/abi/frame_output-1.h
tests_abi_frozen_la_LDFLAGS = $(PLUGIN_LDFLAGS) -rpath /nowhere
