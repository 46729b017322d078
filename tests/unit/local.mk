# SPDX-License-Identifier: MIT
# One test per file of core, of the same name.
UNIT_TESTS = \
	tests/unit/test-ballast \
	tests/unit/test-buf \
	tests/unit/test-db \
	tests/unit/test-keep \
	tests/unit/test-ledger \
	tests/unit/test-live \
	tests/unit/test-place \
	tests/unit/test-readings \
	tests/unit/test-statedir \
	tests/unit/test-store \
	tests/unit/test-store-many \
	tests/unit/test-store-prepare \
	tests/unit/test-store-salvage \
	tests/unit/test-store-sql \
	tests/unit/test-store-want \
	tests/unit/test-waspmote-samples

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
EXTRA_DIST += \
	tests/data/frames/cases.jsonl \
	tests/data/frames/real.jsonl \
	tests/data/frames/vendor.jsonl \
	tests/tap.h \
	tests/unit/state.h

tests_unit_test_buf_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_buf_LDADD = $(UNIT_LIBS)

tests_unit_test_waspmote_samples_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_waspmote_samples_LDADD = $(UNIT_LIBS)

tests_unit_test_db_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_db_LDADD = $(UNIT_LIBS)

tests_unit_test_live_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_live_LDADD = $(UNIT_LIBS)

tests_unit_test_place_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_place_LDADD = $(UNIT_LIBS)

tests_unit_test_statedir_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_statedir_LDADD = $(UNIT_LIBS)

tests_unit_test_store_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_LDADD = $(UNIT_LIBS)

tests_unit_test_store_sql_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_sql_LDADD = $(UNIT_LIBS)

tests_unit_test_store_want_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_want_LDADD = $(UNIT_LIBS)

tests_unit_test_store_prepare_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_prepare_LDADD = $(UNIT_LIBS)

tests_unit_test_store_salvage_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_salvage_LDADD = $(UNIT_LIBS)

tests_unit_test_store_many_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_store_many_LDADD = $(UNIT_LIBS)

tests_unit_test_ledger_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_ledger_LDADD = $(UNIT_LIBS)

tests_unit_test_keep_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_keep_LDADD = $(UNIT_LIBS)

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

# make tests/bench/bench-store: how fast the store is here.
EXTRA_PROGRAMS = tests/bench/bench-store
tests_bench_bench_store_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_bench_bench_store_LDADD = $(UNIT_LIBS)
CLEANFILES += tests/bench/bench-store

tests_unit_test_readings_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_readings_LDADD = $(UNIT_LIBS)

tests_unit_test_ballast_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_ballast_LDADD = $(UNIT_LIBS)
