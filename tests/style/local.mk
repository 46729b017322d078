# SPDX-License-Identifier: MIT
# The rules of the house, and that their tests can fail.
STYLE_TESTS = \
	tests/style/test-bites.sh \
	tests/style/test-floors.sh \
	tests/style/test-manual.sh \
	tests/style/test-size.sh \
	tests/style/test-text.sh \
	tests/style/test-tools.sh

dist_check_SCRIPTS += $(STYLE_TESTS)
TESTS += $(STYLE_TESTS)
EXTRA_DIST += \
	tests/style/floors.awk \
	tests/style/floors.txt \
	tests/style/functions.awk \
	tests/style/style.sh
