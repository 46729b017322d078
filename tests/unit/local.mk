# SPDX-License-Identifier: MIT
# One test per file of core, of the same name.
UNIT_TESTS = \
	tests/unit/test-buf \
	tests/unit/test-waspmote-samples

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
EXTRA_DIST += \
	tests/data/frames/cases.jsonl \
	tests/data/frames/real.jsonl \
	tests/data/frames/vendor.jsonl \
	tests/tap.h

tests_unit_test_buf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_buf_LDADD = $(UNIT_LIBS)

tests_unit_test_waspmote_samples_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_waspmote_samples_LDADD = $(UNIT_LIBS)
