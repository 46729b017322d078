# SPDX-License-Identifier: MIT
# Tests of the whole router, by its verbs and its log, in sh.
WHOLE_TESTS = \
	tests/integration/test-end-to-end.sh \
	tests/integration/test-commands.sh \
	tests/integration/test-damage.sh \
	tests/integration/test-denied.sh \
	tests/integration/test-full.sh \
	tests/integration/test-http-input.sh \
	tests/integration/test-kill.sh \
	tests/integration/test-mend.sh \
	tests/integration/test-misbehave.sh \
	tests/integration/test-outage.sh \
	tests/integration/test-readme.sh \
	tests/integration/test-service.sh \
	tests/integration/test-reload-full.sh \
	tests/integration/test-reload.sh \
	tests/integration/test-readings.sh \
	tests/integration/test-stuck.sh \
	tests/integration/test-templates.sh \
	tests/integration/test-verbs.sh

if WITH_HTTP
WHOLE_TESTS += \
	tests/integration/test-http-outage.sh \
	tests/integration/test-http-patience.sh \
	tests/integration/test-http-tls.sh \
	tests/integration/test-http-wait.sh
endif

dist_check_SCRIPTS += $(WHOLE_TESTS)
TESTS += $(WHOLE_TESTS)
