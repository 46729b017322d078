# SPDX-License-Identifier: MIT
INSTALL_TESTS = tests/install/test-install.sh
dist_check_SCRIPTS += $(INSTALL_TESTS)
TESTS += $(INSTALL_TESTS)
