# SPDX-License-Identifier: MIT
# One test per file of core, of the same name.
UNIT_TESTS = \
	tests/unit/test-buf \
	tests/unit/test-decode \
	tests/unit/test-float32 \
	tests/unit/test-frame \
	tests/unit/test-intake \
	tests/unit/test-isotime \
	tests/unit/test-json \
	tests/unit/test-sensors \
	tests/unit/test-simulate \
	tests/unit/test-verb-frames \
	tests/unit/test-waspmote-ascii \
	tests/unit/test-waspmote-bad \
	tests/unit/test-waspmote-binary \
	tests/unit/test-waspmote-samples

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
EXTRA_DIST += \
	tests/data/frames/cases.jsonl \
	tests/data/frames/real.jsonl \
	tests/data/frames/vendor.jsonl \
	tests/fuzz/fuzz-frame.c \
	tests/fuzz/fuzz-json.c \
	tests/tap.h \
	tests/unit/decoding.h \
	tests/unit/sound.h

tests_unit_test_buf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_buf_LDADD = $(UNIT_LIBS)
tests_unit_test_decode_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_decode_LDADD = $(UNIT_LIBS)
tests_unit_test_float32_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_float32_LDADD = $(UNIT_LIBS)
tests_unit_test_frame_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_frame_LDADD = $(UNIT_LIBS)
tests_unit_test_intake_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_intake_LDADD = $(UNIT_LIBS)
tests_unit_test_isotime_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_isotime_LDADD = $(UNIT_LIBS)
tests_unit_test_json_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_json_LDADD = $(UNIT_LIBS)
tests_unit_test_sensors_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sensors_LDADD = $(UNIT_LIBS)
tests_unit_test_simulate_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_simulate_LDADD = $(UNIT_LIBS)
tests_unit_test_verb_frames_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_verb_frames_LDADD = $(UNIT_LIBS)
tests_unit_test_waspmote_ascii_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_waspmote_ascii_LDADD = $(UNIT_LIBS)
tests_unit_test_waspmote_bad_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_waspmote_bad_LDADD = $(UNIT_LIBS)
tests_unit_test_waspmote_binary_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_waspmote_binary_LDADD = $(UNIT_LIBS)
tests_unit_test_waspmote_samples_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_waspmote_samples_LDADD = $(UNIT_LIBS)
