# SPDX-License-Identifier: MIT
# Every test speaks TAP; automake's driver adds the results up.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/.build-aux/tap-driver.sh
SH_LOG_DRIVER = $(LOG_DRIVER)
TEST_EXTENSIONS = .sh

# A test that hangs fails, with all that it started.
LOG_COMPILER = timeout -k 20 300
SH_LOG_COMPILER = $(LOG_COMPILER)

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; top_builddir='$(abs_top_builddir)'; \
	CC='$(CC)'; export top_srcdir top_builddir CC; \
	unset FRAME_ROUTER_CONF FRAME_ROUTER_STATE FRAME_ROUTER_PLUGINS; \
	$(SANITIZE_ENVIRONMENT)
EXTRA_DIST += tests/tap.sh

# With sanitizers every report ends the process with 99, which no test takes for an answer.
if SANITIZE
SANITIZE_ENVIRONMENT = \
	ASAN_OPTIONS=exitcode=99:detect_stack_use_after_return=1; \
	UBSAN_OPTIONS=print_stacktrace=1:exitcode=99; \
	export ASAN_OPTIONS UBSAN_OPTIONS; \
	sanitize=yes; export sanitize;
endif

UNIT_CPPFLAGS = $(CORE_CPPFLAGS) -I$(top_srcdir)/tests
UNIT_LIBS = core/libcore.a $(CORE_LIBS)

include tests/abi/local.mk
include tests/bench/local.mk
include tests/doxygen/local.mk
include tests/fuzz/local.mk
include tests/install/local.mk
include tests/integration/local.mk
include tests/integration/tools.mk
include tests/integration/whole.mk
include tests/plugins/local.mk
include tests/style/local.mk
include tests/unit/local.mk

# What an archive of the sources is tried with: `make distcheck TESTS='$(SHORT_TESTS)'`.
SHORT_TESTS = $(ABI_TESTS) $(UNIT_TESTS)
