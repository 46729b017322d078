# SPDX-License-Identifier: MIT
CORE_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/core $(SQLITE_CFLAGS) $(JSONC_CFLAGS)
CORE_CPPFLAGS += \
	-DFRAME_ROUTER_CONFDIR='"$(confdir)"' \
	-DFRAME_ROUTER_PLUGINDIR='"$(plugindir)"' \
	-DFRAME_ROUTER_SENSORDIR='"$(sensordir)"' \
	-DFRAME_ROUTER_STATEDIR='"$(statedir)"' \
	-DFRAME_ROUTER_UNITDIR='"$(systemdsystemunitdir)"'
# Configured anew for other places, these have to be compiled anew.
core/libcore_a-settings_service.$(OBJEXT) core/libcore_a-surroundings.$(OBJEXT): Makefile
CORE_LIBS = $(SQLITE_LIBS) $(JSONC_LIBS) $(LTDL_LIBS)

noinst_LIBRARIES += core/libcore.a
core_libcore_a_CPPFLAGS = $(CORE_CPPFLAGS)
core_libcore_a_SOURCES = \
	core/account.c \
	core/account.h \
	core/announce.c \
	core/announce.h \
	core/backoff.c \
	core/backoff.h \
	core/ballast.c \
	core/ballast.h \
	core/buf.c \
	core/buf.h \
	core/checksum.c \
	core/checksum.h \
	core/child.c \
	core/child.h \
	core/clock.c \
	core/clock.h \
	core/config.c \
	core/config.h \
	core/config_file.c \
	core/config_parse.c \
	core/control.c \
	core/control.h \
	core/db.c \
	core/db.h \
	core/db_private.h \
	core/db_statement.c \
	core/deadline.c \
	core/deadline.h \
	core/decode.c \
	core/decode.h \
	core/deliver.c \
	core/deliver.h \
	core/exits.h \
	core/float32.c \
	core/float32.h \
	core/frame.c \
	core/frame.h \
	core/frame_input.h \
	core/group.c \
	core/group.h \
	core/guard.c \
	core/guard.h \
	core/highwater.c \
	core/highwater.h \
	core/housekeep.c \
	core/housekeep.h \
	core/intake.c \
	core/intake.h \
	core/isotime.c \
	core/isotime.h \
	core/json.c \
	core/json.h \
	core/json_document.c \
	core/json_scan.c \
	core/json_scan.h \
	core/json_write.c \
	core/judge.c \
	core/judge.h \
	core/keep.c \
	core/keep.h \
	core/keep_frames.c \
	core/keep_hold.c \
	core/keep_internal.h \
	core/keep_log.c \
	core/ledger.c \
	core/ledger.h \
	core/live.c \
	core/live.h \
	core/log.c \
	core/log.h \
	core/mailbox.c \
	core/mailbox.h \
	core/message.c \
	core/message.h \
	core/notify.c \
	core/notify.h \
	core/option.c \
	core/option.h \
	core/option_own.c \
	core/option_source.c \
	core/option_source.h \
	core/option_source_services.c \
	core/option_tables.c \
	core/output.h \
	core/output_link.c \
	core/output_open.c \
	core/output_services.c \
	core/output_settle.c \
	core/place.c \
	core/place.h \
	core/plugin.c \
	core/plugin.h \
	core/plugin_file.c \
	core/plugin_file.h \
	core/plugin_find.c \
	core/plugin_rows.c \
	core/plugin_table.c \
	core/plugin_table.h \
	core/process.c \
	core/process.h \
	core/readings.c \
	core/readings.h \
	core/reason.c \
	core/reason.h \
	core/receive.c \
	core/receive.h \
	core/recent.c \
	core/recent.h \
	core/sandbox.c \
	core/sandbox.h \
	core/sandbox_unit.c \
	core/secret.c \
	core/secret.h \
	core/sensors.c \
	core/sensors.h \
	core/sensors_csv.c \
	core/sensors_private.h \
	core/settings.c \
	core/settings.h \
	core/settings_check.c \
	core/settings_plugins.c \
	core/settings_private.h \
	core/settings_router.c \
	core/settings_rules.c \
	core/settings_service.c \
	core/settings_unit.c \
	core/settings_value.c \
	core/show.c \
	core/show.h \
	core/simulate.c \
	core/simulate.h \
	core/simulate_write.c \
	core/simulate_write.h \
	core/statedir.c \
	core/statedir.h \
	core/status.c \
	core/status.h \
	core/status_show.c \
	core/store.c \
	core/store.h \
	core/store_check.c \
	core/store_check.h \
	core/store_delete.c \
	core/store_gap.c \
	core/store_gap.h \
	core/store_graft.c \
	core/store_graft.h \
	core/store_identity.c \
	core/store_identity.h \
	core/store_internal.h \
	core/store_keep.c \
	core/store_keep.h \
	core/store_make.c \
	core/store_make.h \
	core/store_numbers.c \
	core/store_prepare.c \
	core/store_prepare.h \
	core/store_read.c \
	core/store_row.c \
	core/store_row.h \
	core/store_salvage.c \
	core/store_salvage.h \
	core/store_schema.c \
	core/store_schema.h \
	core/store_write.c \
	core/supervisor.c \
	core/supervisor.h \
	core/surroundings.c \
	core/surroundings.h \
	core/template.c \
	core/template.h \
	core/template_parts.h \
	core/template_render.c \
	core/trust.c \
	core/trust.h \
	core/turnstile.c \
	core/turnstile.h \
	core/unit.c \
	core/unit.h \
	core/utf8.c \
	core/utf8.h \
	core/waspmote.c \
	core/waspmote.h \
	core/waspmote_ascii.c \
	core/waspmote_binary.c \
	core/waspmote_fields.c \
	core/waspmote_fields.h \
	core/waspmote_layout.c \
	core/waspmote_layout.h \
	core/waspmote_private.h \
	core/window.c \
	core/window.h

sensordir = $(datadir)/frame-router/sensors
dist_sensor_DATA = \
	core/sensors/sensors_agr_xtr.csv \
	core/sensors/sensors_v12.csv \
	core/sensors/sensors_v15.csv \
	core/sensors/sensors_wtr_xtr.csv

bin_PROGRAMS += frame-router
dist_man1_MANS = core/frame-router.1
frame_router_CPPFLAGS = $(CORE_CPPFLAGS)
frame_router_LDADD = core/libcore.a $(CORE_LIBS)
frame_router_SOURCES = \
	core/main.c \
	core/verb.h \
	core/verb_check.c \
	core/verb_common.c \
	core/verb_control.c \
	core/verb_decode.c \
	core/verb_plugins.c \
	core/verb_plugins.h \
	core/verb_plugins_show.c \
	core/verb_run.c \
	core/verb_send.c \
	core/verb_simulate.c \
	core/verb_status.c \
	core/verb_unit.c
