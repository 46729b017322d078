# SPDX-License-Identifier: MIT
CORE_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/core $(SQLITE_CFLAGS) $(JSONC_CFLAGS)
CORE_LIBS = $(SQLITE_LIBS) $(JSONC_LIBS) $(LTDL_LIBS)

noinst_LIBRARIES += core/libcore.a
core_libcore_a_CPPFLAGS = $(CORE_CPPFLAGS)
core_libcore_a_SOURCES = \
	core/backoff.c \
	core/backoff.h \
	core/buf.c \
	core/buf.h \
	core/clock.c \
	core/clock.h \
	core/config.h \
	core/db.h \
	core/decode.c \
	core/decode.h \
	core/float32.c \
	core/float32.h \
	core/frame.c \
	core/frame.h \
	core/frame_input.h \
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
	core/keep.h \
	core/ledger.h \
	core/live.h \
	core/log.c \
	core/log.h \
	core/option.h \
	core/place.h \
	core/plugin.h \
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
	core/statedir.h \
	core/store.h \
	core/store_prepare.h \
	core/template.h \
	core/utf8.c \
	core/utf8.h \
	core/verb.h \
	core/verb_decode.c \
	core/verb_simulate.c \
	core/waspmote.c \
	core/waspmote.h \
	core/waspmote_ascii.c \
	core/waspmote_binary.c \
	core/waspmote_fields.c \
	core/waspmote_fields.h \
	core/waspmote_layout.c \
	core/waspmote_layout.h \
	core/waspmote_private.h

sensordir = $(datadir)/frame-router/sensors
dist_sensor_DATA = \
	core/sensors/sensors_agr_xtr.csv \
	core/sensors/sensors_v12.csv \
	core/sensors/sensors_v15.csv \
	core/sensors/sensors_wtr_xtr.csv
