# SPDX-License-Identifier: MIT
# make bench: how fast the router is on this machine, beside what the machine allows.
BENCH_TOOLS = \
	tests/bench/bench-limit \
	tests/bench/bench-meter \
	tests/bench/bench-post \
	tests/bench/bench-send
BENCH_COMMON = \
	tests/bench/bench.c \
	tests/bench/bench.h
if WITH_HTTP
BENCH_TOOLS += tests/bench/bench-http
endif
if WITH_MQTT
BENCH_TOOLS += tests/bench/bench-mqtt
endif

# `make check` builds them, so that they cannot rot, and runs none of them.
check_PROGRAMS += $(BENCH_TOOLS)
dist_check_SCRIPTS += tests/bench/bench.sh
EXTRA_DIST += tests/bench/lib.sh

tests_bench_bench_http_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
tests_bench_bench_http_LDADD = $(CURL_LIBS)
tests_bench_bench_http_SOURCES = tests/bench/bench-http.c $(BENCH_COMMON)

tests_bench_bench_limit_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
tests_bench_bench_limit_LDADD = $(SQLITE_LIBS)
tests_bench_bench_limit_SOURCES = tests/bench/bench-limit.c $(BENCH_COMMON)

tests_bench_bench_meter_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_bench_bench_meter_LDADD = $(UNIT_LIBS)
tests_bench_bench_meter_SOURCES = tests/bench/bench-meter.c $(BENCH_COMMON)

tests_bench_bench_mqtt_CPPFLAGS = $(AM_CPPFLAGS) $(MOSQUITTO_CFLAGS)
tests_bench_bench_mqtt_LDADD = $(MOSQUITTO_LIBS) -lpthread
tests_bench_bench_mqtt_SOURCES = tests/bench/bench-mqtt.c $(BENCH_COMMON)

tests_bench_bench_post_SOURCES = tests/bench/bench-post.c $(BENCH_COMMON)

tests_bench_bench_send_SOURCES = tests/bench/bench-send.c $(BENCH_COMMON)

# The store alone: make tests/bench/bench-store.
EXTRA_PROGRAMS = tests/bench/bench-store
tests_bench_bench_store_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_bench_bench_store_LDADD = $(UNIT_LIBS)
CLEANFILES += tests/bench/bench-store

bench: all $(BENCH_TOOLS) tests/integration/free-port
	@top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
		sh '$(srcdir)/tests/bench/bench.sh'
.PHONY: bench
