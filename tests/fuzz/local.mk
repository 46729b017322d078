# SPDX-License-Identifier: MIT
# `make fuzz`: texts from outside, read for FUZZ_SECONDS each by clang's fuzzer.  What breaks
# one is left as crash-* in tests/fuzz.
FUZZ_SECONDS = 60
FUZZ_CC = clang
FUZZ_CFLAGS = -g -O1 -std=gnu11 -D_GNU_SOURCE -I$(top_srcdir)/core -I$(top_srcdir)/include \
	-I$(top_srcdir)/plugins/http-input -I$(top_srcdir)/tests/unit $(JSONC_CFLAGS) \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZ_TARGETS = \
	fuzz-config \
	fuzz-form \
	fuzz-frame \
	fuzz-json \
	fuzz-template
FUZZ_FILES = \
	$(top_srcdir)/core/account.c \
	$(top_srcdir)/core/buf.c \
	$(top_srcdir)/core/clock.c \
	$(top_srcdir)/core/config.c \
	$(top_srcdir)/core/config_file.c \
	$(top_srcdir)/core/config_parse.c \
	$(top_srcdir)/core/config_problem.c \
	$(top_srcdir)/core/decode.c \
	$(top_srcdir)/core/float32.c \
	$(top_srcdir)/core/frame.c \
	$(top_srcdir)/core/intake.c \
	$(top_srcdir)/core/isotime.c \
	$(top_srcdir)/core/json.c \
	$(top_srcdir)/core/json_document.c \
	$(top_srcdir)/core/json_plain.c \
	$(top_srcdir)/core/float32.c \
	$(top_srcdir)/core/isotime.c \
	$(top_srcdir)/core/json_scan.c \
	$(top_srcdir)/core/json_write.c \
	$(top_srcdir)/core/log.c \
	$(top_srcdir)/core/option.c \
	$(top_srcdir)/core/option_own.c \
	$(top_srcdir)/core/phpdate.c \
	$(top_srcdir)/core/reading.c \
	$(top_srcdir)/core/readings.c \
	$(top_srcdir)/core/reason.c \
	$(top_srcdir)/core/sensors.c \
	$(top_srcdir)/core/sensors_csv.c \
	$(top_srcdir)/core/show.c \
	$(top_srcdir)/core/stamp.c \
	$(top_srcdir)/core/reason.c \
	$(top_srcdir)/core/show.c \
	$(top_srcdir)/core/template.c \
	$(top_srcdir)/core/template_json.c \
	$(top_srcdir)/core/template_render.c \
	$(top_srcdir)/core/trust.c \
	$(top_srcdir)/core/utf8.c \
	$(top_srcdir)/core/waspmote.c \
	$(top_srcdir)/core/waspmote_ascii.c \
	$(top_srcdir)/core/waspmote_binary.c \
	$(top_srcdir)/core/waspmote_fields.c \
	$(top_srcdir)/core/waspmote_layout.c \
	$(top_srcdir)/plugins/http-input/body.c \
	$(top_srcdir)/plugins/http-input/form.c \
	$(top_srcdir)/plugins/http-input/parts.c

EXTRA_DIST += \
	tests/fuzz/fuzz-config.c \
	tests/fuzz/fuzz-form.c \
	tests/fuzz/fuzz-frame.c \
	tests/fuzz/fuzz-json.c \
	tests/fuzz/fuzz-template.c
CLEANFILES += \
	tests/fuzz/fuzz-config \
	tests/fuzz/fuzz-form \
	tests/fuzz/fuzz-frame \
	tests/fuzz/fuzz-json \
	tests/fuzz/fuzz-template

# The first texts are the files of conf.d and the frames of the tests, a file each.
fuzz:
	$(MKDIR_P) tests/fuzz
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	for target in $(FUZZ_TARGETS); do \
		$(FUZZ_CC) $(FUZZ_CFLAGS) -o tests/fuzz/$$target \
			$(top_srcdir)/tests/fuzz/$$target.c $(FUZZ_FILES) $(JSONC_LIBS) && \
			$(top_srcdir)/tests/fuzz/$$target.c $(FUZZ_FILES) -lm && \
		corpus=`mktemp -d` && cp $(top_srcdir)/conf.d/*.conf "$$corpus" && \
		sed -n 's/.*"hex": *"\([0-9A-F]*\)".*/\1/p' \
			$(top_srcdir)/tests/data/frames/*.jsonl | \
			split -l 1 -a 4 - "$$corpus/frame-" && \
		tests/fuzz/$$target -max_total_time=$(FUZZ_SECONDS) -max_len=4096 \
			-artifact_prefix=tests/fuzz/ -verbosity=0 -print_final_stats=1 "$$corpus" && \
		rm -rf "$$corpus" || exit 1; \
	done
.PHONY: fuzz
