# SPDX-License-Identifier: MIT
INSTALL_TESTS = \
	tests/install/test-install.sh \
	tests/install/test-unit.sh
dist_check_SCRIPTS += $(INSTALL_TESTS)
TESTS += $(INSTALL_TESTS)
