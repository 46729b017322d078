# SPDX-License-Identifier: MIT
CORE_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/core $(SQLITE_CFLAGS) $(JSONC_CFLAGS)
CORE_LIBS = $(SQLITE_LIBS) $(JSONC_LIBS) $(LTDL_LIBS)

noinst_LIBRARIES += core/libcore.a
core_libcore_a_CPPFLAGS = $(CORE_CPPFLAGS)
core_libcore_a_SOURCES = \
	core/backoff.c \
	core/backoff.h \
	core/ballast.c \
	core/ballast.h \
	core/buf.c \
	core/buf.h \
	core/checksum.c \
	core/checksum.h \
	core/clock.c \
	core/clock.h \
	core/config.h \
	core/db.c \
	core/db.h \
	core/db_short.c \
	core/decode.c \
	core/decode.h \
	core/float32.c \
	core/float32.h \
	core/frame.c \
	core/frame.h \
	core/frame_input.h \
	core/highwater.c \
	core/highwater.h \
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
	core/option.h \
	core/place.c \
	core/place.h \
	core/plugin.h \
	core/readings.c \
	core/readings.h \
	core/reason.c \
	core/reason.h \
	core/sensors.c \
	core/sensors.h \
	core/sensors_csv.c \
	core/sensors_private.h \
	core/settings.h \
	core/show.c \
	core/show.h \
	core/simulate.c \
	core/simulate.h \
	core/simulate_write.c \
	core/simulate_write.h \
	core/statedir.c \
	core/statedir.h \
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
	core/template.h \
	core/turnstile.c \
	core/turnstile.h \
	core/utf8.c \
	core/utf8.h \
	core/verb.h \
	core/verb_decode.c \
	core/verb_simulate.c \
	core/waspmote.c \
	core/waspmote.h \
	core/waspmote_ascii.c \
	core/waspmote_binary.c \
	core/waspmote_layout.c \
	core/waspmote_layout.h \
	core/waspmote_private.h

sensordir = $(datadir)/frame-router/sensors
dist_sensor_DATA = \
	core/sensors/sensors_agr_xtr.csv \
	core/sensors/sensors_v12.csv \
	core/sensors/sensors_v15.csv \
	core/sensors/sensors_wtr_xtr.csv
