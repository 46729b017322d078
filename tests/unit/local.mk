# SPDX-License-Identifier: MIT
# One test per file of core, of the same name.
UNIT_TESTS = \
	tests/unit/test-backoff \
	tests/unit/test-buf \
	tests/unit/test-conf-d \
	tests/unit/test-config \
	tests/unit/test-guard \
	tests/unit/test-judge \
	tests/unit/test-log \
	tests/unit/test-mailbox \
	tests/unit/test-option \
	tests/unit/test-option-source \
	tests/unit/test-plugin \
	tests/unit/test-settings \
	tests/unit/test-surroundings \
	tests/unit/test-template \
	tests/unit/test-trust \
	tests/unit/test-verbs \
	tests/unit/test-waspmote-samples \
	tests/unit/test-window

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
EXTRA_DIST += \
	tests/data/frames/cases.jsonl \
	tests/data/frames/real.jsonl \
	tests/data/frames/vendor.jsonl \
	tests/tap.h

tests_unit_test_backoff_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_backoff_LDADD = $(UNIT_LIBS)

tests_unit_test_buf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_buf_LDADD = $(UNIT_LIBS)

tests_unit_test_config_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_config_LDADD = $(UNIT_LIBS)

tests_unit_test_guard_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_guard_LDADD = $(UNIT_LIBS)

tests_unit_test_judge_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_judge_LDADD = $(UNIT_LIBS)

tests_unit_test_log_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_log_LDADD = $(UNIT_LIBS)

tests_unit_test_mailbox_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_mailbox_LDADD = $(UNIT_LIBS)

tests_unit_test_option_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_option_LDADD = $(UNIT_LIBS)

tests_unit_test_plugin_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_plugin_LDADD = $(UNIT_LIBS)

tests_unit_test_template_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_template_LDADD = $(UNIT_LIBS)

tests_unit_test_waspmote_samples_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_waspmote_samples_LDADD = $(UNIT_LIBS)

tests_unit_test_window_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_window_LDADD = $(UNIT_LIBS)

tests_unit_test_settings_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_settings_LDADD = $(UNIT_LIBS)

tests_unit_test_surroundings_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_surroundings_LDADD = $(UNIT_LIBS)

tests_unit_test_option_source_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_option_source_LDADD = $(UNIT_LIBS)

tests_unit_test_verbs_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_verbs_LDADD = $(UNIT_LIBS)
tests_unit_test_verbs_SOURCES = \
	core/verb_check.c \
	core/verb_common.c \
	core/verb_plugins.c \
	core/verb_plugins_show.c \
	tests/unit/test-verbs.c

tests_unit_test_conf_d_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_conf_d_LDADD = $(UNIT_LIBS)
tests_unit_test_conf_d_SOURCES = \
	core/verb_plugins.h \
	core/verb_plugins_show.c \
	tests/unit/test-conf-d.c

tests_unit_test_trust_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_trust_LDADD = $(UNIT_LIBS)
