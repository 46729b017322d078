# SPDX-License-Identifier: MIT
# Plugins that the tests load: two good ones, an older, a newer, and those that are refused.
TEST_PLUGINS = \
	tests/plugins/bad-default.la \
	tests/plugins/bad-key.la \
	tests/plugins/bad-template.la \
	tests/plugins/both-kinds.la \
	tests/plugins/common-key.la \
	tests/plugins/crash.la \
	tests/plugins/good-input.la \
	tests/plugins/good.la \
	tests/plugins/leave.la \
	tests/plugins/newer.la \
	tests/plugins/misbehave.la \
	tests/plugins/no-submit.la \
	tests/plugins/no-symbol.la \
	tests/plugins/no-table.la \
	tests/plugins/older.la \
	tests/plugins/other-group.la \
	tests/plugins/tiny.la \
	tests/plugins/twice.la \
	tests/plugins/twin.la \
	tests/plugins/undefined-symbol.la \
	tests/plugins/wrong-abi.la \
	tests/plugins/wrong-name.la

check_LTLIBRARIES += $(TEST_PLUGINS)
EXTRA_DIST += tests/plugins/table.h

# Never installed, so libtool wants to know where it is not; bound lazily, as a stranger's.
TEST_PLUGIN_LDFLAGS = -module -avoid-version -shared -rpath /nowhere

tests_plugins_bad_default_la_SOURCES = tests/plugins/bad-default.c
tests_plugins_bad_default_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_bad_key_la_SOURCES = tests/plugins/bad-key.c
tests_plugins_bad_key_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_bad_template_la_SOURCES = tests/plugins/bad-template.c
tests_plugins_bad_template_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_both_kinds_la_SOURCES = tests/plugins/both-kinds.c
tests_plugins_both_kinds_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/core
tests_plugins_both_kinds_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_common_key_la_SOURCES = tests/plugins/common-key.c
tests_plugins_common_key_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_crash_la_SOURCES = tests/plugins/crash.c
tests_plugins_crash_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_good_input_la_SOURCES = tests/plugins/good-input.c
tests_plugins_good_input_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/core
tests_plugins_good_input_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_good_la_SOURCES = tests/plugins/good.c
tests_plugins_good_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_leave_la_SOURCES = tests/plugins/leave.c
tests_plugins_leave_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_newer_la_SOURCES = tests/plugins/newer.c
tests_plugins_newer_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_no_submit_la_SOURCES = tests/plugins/no-submit.c
tests_plugins_no_submit_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_no_symbol_la_SOURCES = tests/plugins/no-symbol.c
tests_plugins_no_symbol_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_no_table_la_SOURCES = tests/plugins/no-table.c
tests_plugins_no_table_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_older_la_SOURCES = tests/plugins/older.c
tests_plugins_older_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_other_group_la_SOURCES = tests/plugins/other-group.c
tests_plugins_other_group_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_tiny_la_SOURCES = tests/plugins/tiny.c
tests_plugins_tiny_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_twice_la_SOURCES = tests/plugins/twice.c
tests_plugins_twice_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_twin_la_SOURCES = tests/plugins/twin.c
tests_plugins_twin_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_undefined_symbol_la_SOURCES = tests/plugins/undefined-symbol.c
tests_plugins_undefined_symbol_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_wrong_abi_la_SOURCES = tests/plugins/wrong-abi.c
tests_plugins_wrong_abi_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)

tests_plugins_wrong_name_la_SOURCES = tests/plugins/wrong-name.c
tests_plugins_wrong_name_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
tests_plugins_misbehave_la_SOURCES = tests/plugins/misbehave.c
tests_plugins_misbehave_la_LDFLAGS = $(TEST_PLUGIN_LDFLAGS)
