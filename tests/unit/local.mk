# SPDX-License-Identifier: MIT
# One test per file of core, of the same name.
UNIT_TESTS = \
	tests/unit/test-account \
	tests/unit/test-backoff \
	tests/unit/test-ballast \
	tests/unit/test-buf \
	tests/unit/test-change \
	tests/unit/test-clock \
	tests/unit/test-conf-d \
	tests/unit/test-config \
	tests/unit/test-config-file \
	tests/unit/test-control \
	tests/unit/test-db \
	tests/unit/test-decode \
	tests/unit/test-deliver \
	tests/unit/test-float32 \
	tests/unit/test-frame \
	tests/unit/test-group \
	tests/unit/test-guard \
	tests/unit/test-intake \
	tests/unit/test-isotime \
	tests/unit/test-json \
	tests/unit/test-json-write \
	tests/unit/test-judge \
	tests/unit/test-keep \
	tests/unit/test-keep-hold \
	tests/unit/test-ledger \
	tests/unit/test-live \
	tests/unit/test-log \
	tests/unit/test-mailbox \
	tests/unit/test-manual \
	tests/unit/test-message \
	tests/unit/test-notify \
	tests/unit/test-option \
	tests/unit/test-option-source \
	tests/unit/test-override \
	tests/unit/test-phpdate \
	tests/unit/test-place \
	tests/unit/test-place-begin \
	tests/unit/test-plugin \
	tests/unit/test-reading \
	tests/unit/test-readings \
	tests/unit/test-recent \
	tests/unit/test-sandbox \
	tests/unit/test-secret \
	tests/unit/test-senml \
	tests/unit/test-sensors \
	tests/unit/test-settings \
	tests/unit/test-settings-effective \
	tests/unit/test-settings-warn \
	tests/unit/test-simulate \
	tests/unit/test-statedir \
	tests/unit/test-store \
	tests/unit/test-store-many \
	tests/unit/test-store-prepare \
	tests/unit/test-store-salvage \
	tests/unit/test-store-sql \
	tests/unit/test-store-want \
	tests/unit/test-surroundings \
	tests/unit/test-template \
	tests/unit/test-template-json \
	tests/unit/test-trust \
	tests/unit/test-verb-frames \
	tests/unit/test-verbs \
	tests/unit/test-waspmote-ascii \
	tests/unit/test-waspmote-bad \
	tests/unit/test-waspmote-binary \
	tests/unit/test-waspmote-samples \
	tests/unit/test-window

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
EXTRA_DIST += \
	tests/data/frames/cases.jsonl \
	tests/data/frames/real.jsonl \
	tests/data/frames/vendor.jsonl \
	tests/says.h \
	tests/tap.h \
	tests/unit/check_world.h \
	tests/unit/config_world.h \
	tests/unit/decoding.h \
	tests/unit/deliver_world.h \
	tests/unit/far_side.h \
	tests/unit/fake_clock.h \
	tests/unit/settings_world.h \
	tests/unit/sound.h \
	tests/unit/state.h \
	tests/unit/test_plugins.h

tests_unit_test_account_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_account_LDADD = $(UNIT_LIBS)

tests_unit_test_backoff_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_backoff_LDADD = $(UNIT_LIBS)

tests_unit_test_buf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_buf_LDADD = $(UNIT_LIBS)

tests_unit_test_clock_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_clock_LDADD = $(UNIT_LIBS)
tests_unit_test_change_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_change_LDADD = $(UNIT_LIBS)

tests_unit_test_conf_d_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_conf_d_LDADD = $(UNIT_LIBS)
tests_unit_test_conf_d_SOURCES = \
	core/verb_plugins.h \
	core/verb_plugins_show.c \
	tests/unit/test-conf-d.c

tests_unit_test_config_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_config_LDADD = $(UNIT_LIBS)

tests_unit_test_config_file_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_config_file_LDADD = $(UNIT_LIBS)

tests_unit_test_control_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_control_LDADD = $(UNIT_LIBS)

tests_unit_test_db_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_db_LDADD = $(UNIT_LIBS)

tests_unit_test_decode_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_decode_LDADD = $(UNIT_LIBS)

tests_unit_test_float32_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_float32_LDADD = $(UNIT_LIBS)

tests_unit_test_frame_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_frame_LDADD = $(UNIT_LIBS)

tests_unit_test_guard_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_guard_LDADD = $(UNIT_LIBS)

tests_unit_test_intake_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_intake_LDADD = $(UNIT_LIBS)

tests_unit_test_isotime_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_isotime_LDADD = $(UNIT_LIBS)

tests_unit_test_json_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_json_LDADD = $(UNIT_LIBS)

tests_unit_test_json_write_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_json_write_LDADD = $(UNIT_LIBS)

tests_unit_test_judge_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_judge_LDADD = $(UNIT_LIBS)

tests_unit_test_keep_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keep_LDADD = $(UNIT_LIBS)

tests_unit_test_keep_hold_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keep_hold_LDADD = $(UNIT_LIBS)

tests_unit_test_ledger_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_ledger_LDADD = $(UNIT_LIBS)

tests_unit_test_live_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_live_LDADD = $(UNIT_LIBS)

tests_unit_test_log_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_log_LDADD = $(UNIT_LIBS)

tests_unit_test_mailbox_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_mailbox_LDADD = $(UNIT_LIBS)

tests_unit_test_notify_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_notify_LDADD = $(UNIT_LIBS)

tests_unit_test_option_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_option_LDADD = $(UNIT_LIBS)

tests_unit_test_option_source_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_option_source_LDADD = $(UNIT_LIBS)

tests_unit_test_override_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_override_LDADD = $(UNIT_LIBS)

tests_unit_test_place_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_place_LDADD = $(UNIT_LIBS)

tests_unit_test_place_begin_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_place_begin_LDADD = $(UNIT_LIBS)

tests_unit_test_plugin_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_plugin_LDADD = $(UNIT_LIBS)

tests_unit_test_recent_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_recent_LDADD = $(UNIT_LIBS)

tests_unit_test_sandbox_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sandbox_LDADD = $(UNIT_LIBS)

tests_unit_test_secret_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_secret_LDADD = $(UNIT_LIBS)

tests_unit_test_sensors_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sensors_LDADD = $(UNIT_LIBS)

tests_unit_test_settings_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_settings_LDADD = $(UNIT_LIBS)

tests_unit_test_settings_effective_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_settings_effective_LDADD = $(UNIT_LIBS)
tests_unit_test_settings_warn_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_settings_warn_LDADD = $(UNIT_LIBS)

tests_unit_test_simulate_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_simulate_LDADD = $(UNIT_LIBS)

tests_unit_test_statedir_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_statedir_LDADD = $(UNIT_LIBS)

tests_unit_test_store_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_LDADD = $(UNIT_LIBS)

tests_unit_test_store_many_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_many_LDADD = $(UNIT_LIBS)

tests_unit_test_store_prepare_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_prepare_LDADD = $(UNIT_LIBS)

tests_unit_test_store_salvage_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_salvage_LDADD = $(UNIT_LIBS)

tests_unit_test_store_sql_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_sql_LDADD = $(UNIT_LIBS)

tests_unit_test_store_want_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_want_LDADD = $(UNIT_LIBS)

tests_unit_test_surroundings_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_surroundings_LDADD = $(UNIT_LIBS)

tests_unit_test_template_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_template_LDADD = $(UNIT_LIBS)

tests_unit_test_trust_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_trust_LDADD = $(UNIT_LIBS)

tests_unit_test_verb_frames_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_verb_frames_LDADD = $(UNIT_LIBS)

tests_unit_test_verbs_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_verbs_LDADD = $(UNIT_LIBS)
tests_unit_test_verbs_SOURCES = \
	core/verb_check.c \
	core/verb_common.c \
	core/verb_plugins.c \
	core/verb_plugins_show.c \
	tests/unit/test-verbs.c

tests_unit_test_waspmote_ascii_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_waspmote_ascii_LDADD = $(UNIT_LIBS)

tests_unit_test_waspmote_bad_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_waspmote_bad_LDADD = $(UNIT_LIBS)

tests_unit_test_waspmote_binary_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_waspmote_binary_LDADD = $(UNIT_LIBS)

tests_unit_test_waspmote_samples_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_waspmote_samples_LDADD = $(UNIT_LIBS)

tests_unit_test_window_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_window_LDADD = $(UNIT_LIBS)

tests_unit_test_group_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_group_LDADD = $(UNIT_LIBS)

tests_unit_test_manual_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_manual_LDADD = $(UNIT_LIBS)
tests_unit_test_manual_SOURCES = \
	core/verb_plugins.h \
	core/verb_plugins_show.c \
	tests/unit/test-manual.c

tests_unit_test_message_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_message_LDADD = $(UNIT_LIBS)

# A writer for the two tests that kill it and fill its disk.
check_PROGRAMS += tests/unit/store-tool
tests_unit_store_tool_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_store_tool_LDADD = $(UNIT_LIBS)
dist_check_SCRIPTS += \
	tests/unit/test-store-crash.sh \
	tests/unit/test-store-full.sh
TESTS += \
	tests/unit/test-store-crash.sh \
	tests/unit/test-store-full.sh

tests_unit_test_readings_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_readings_LDADD = $(UNIT_LIBS)

tests_unit_test_ballast_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_ballast_LDADD = $(UNIT_LIBS)

tests_unit_test_phpdate_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_phpdate_LDADD = $(UNIT_LIBS)

tests_unit_test_reading_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_reading_LDADD = $(UNIT_LIBS)

tests_unit_test_senml_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_senml_LDADD = $(UNIT_LIBS)

tests_unit_test_template_json_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_template_json_LDADD = $(UNIT_LIBS)

tests_unit_test_deliver_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_deliver_LDADD = $(UNIT_LIBS)
tests_unit_test_deliver_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=deadline_begin \
	-Wl,--wrap=deadline_end \
	-Wl,--wrap=keep_excess \
	-Wl,--wrap=ledger_add_dead \
	-Wl,--wrap=plugin_load \
	-Wl,--wrap=process_wait \
	-Wl,--wrap=store_fetch \
	-Wl,--wrap=store_read \
	-Wl,--wrap=store_trouble
