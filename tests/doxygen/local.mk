# SPDX-License-Identifier: MIT
DOXYGEN_TESTS = tests/doxygen/test-doxygen.sh
dist_check_SCRIPTS += $(DOXYGEN_TESTS)
TESTS += $(DOXYGEN_TESTS)
