#!/bin/sh
# SPDX-License-Identifier: MIT
# Everything in the plugin contract is documented: whoever writes a plugin has nothing else.
. "${top_srcdir:=.}/tests/tap.sh"

need doxygen
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# doxygen_on FOLDER: what doxygen complains of; 1 if anything.
doxygen_on()
{
	cat >"$work/Doxyfile" <<-END
		INPUT = "$1"
		OUTPUT_DIRECTORY = "$work/out"
		OPTIMIZE_OUTPUT_FOR_C = YES
		GENERATE_HTML = NO
		GENERATE_LATEX = NO
		GENERATE_XML = YES
		QUIET = YES
		WARN_IF_UNDOCUMENTED = YES
		WARN_IF_DOC_ERROR = YES
		WARN_AS_ERROR = FAIL_ON_WARNINGS
	END
	doxygen "$work/Doxyfile" >"$work/log" 2>&1
}

doxygen_on "$top_srcdir/include"
result $? "every member of the plugin contract says what it means" || note <"$work/log"

# A member without a comment is found: else the line above could not fail.
mkdir "$work/include"
sed '/^struct frame_message {/a int bare;' "$top_srcdir/include/frame_output.h" \
	>"$work/include/frame_output.h"
fails "a member without a word is found" doxygen_on "$work/include"
like "$(cat "$work/log")" '*bare*not documented*' "and named"
end_tests
