# SPDX-License-Identifier: MIT
INSTALL_TESTS = \
	tests/install/test-install.sh \
	tests/install/test-root.sh \
	tests/install/test-unit.sh
EXTRA_DIST += tests/install/install.sh
check_PROGRAMS += tests/install/confine
dist_check_SCRIPTS += $(INSTALL_TESTS)
TESTS += $(INSTALL_TESTS)
