# SPDX-License-Identifier: MIT
# Tests of the whole router, by its verbs and its log, in sh.
WHOLE_TESTS = \
	tests/integration/test-end-to-end.sh \
	tests/integration/test-commands.sh \
	tests/integration/test-denied.sh \
	tests/integration/test-full.sh \
	tests/integration/test-kill.sh \
	tests/integration/test-misbehave.sh \
	tests/integration/test-outage.sh \
	tests/integration/test-readings.sh \
	tests/integration/test-stuck.sh \
	tests/integration/test-templates.sh \
	tests/integration/test-verbs.sh

dist_check_SCRIPTS += $(WHOLE_TESTS)
TESTS += $(WHOLE_TESTS)
