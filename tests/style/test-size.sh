#!/bin/sh
# SPDX-License-Identifier: MIT
# Files and functions that one can read at a sitting.
. "${top_srcdir:=.}/tests/style/style.sh"

long_files()
{
	sources | while read -r file; do
		lines=$(wc -l <"$file")
		test "$lines" -le 400 || echo "$file: $lines lines"
	done
}

long_functions()
{
	files core plugins -- '*.c' | xargs awk -v most=60 -f "$top_srcdir/tests/style/functions.awk"
}

clean "no source has more than 400 lines" long_files
clean "no function of core and plugins has more than 60 lines" long_functions
end_tests
