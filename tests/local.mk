# SPDX-License-Identifier: MIT
# Every test speaks TAP; automake's driver adds the results up.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/.build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
TEST_EXTENSIONS = .sh
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; top_builddir='$(abs_top_builddir)'; \
	export top_srcdir top_builddir; \
	unset FRAME_ROUTER_CONF FRAME_ROUTER_STATE FRAME_ROUTER_PLUGINS;

UNIT_CPPFLAGS = $(CORE_CPPFLAGS) -I$(top_srcdir)/tests
UNIT_LIBS = core/libcore.a $(CORE_LIBS)

include tests/plugins/local.mk
include tests/unit/local.mk
