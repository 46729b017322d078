#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-format and shellcheck have nothing to say.
. "${top_srcdir:=.}/tests/style/style.sh"

# Other versions lay some lines out in other ways.
formatter()
{
	for command in clang-format-14 clang-format; do
		case $($command --version 2>/dev/null) in
		*'version 14.'*)
			echo $command
			return
			;;
		esac
	done
}

unformatted()
{
	sources | xargs "$format" --dry-run --Werror 2>&1 | sed -n 's/:[0-9:]* error:.*//p' | uniq -c
}

unchecked()
{
	# 2016: texts for eval, make and awk.  2119: functions whose words may be left out.
	# 2317: functions that are called by a word.
	scripts | xargs shellcheck -x -e SC2016,SC2119,SC2317
}

format=$(formatter)
if test -n "$format"; then
	clean "clang-format 14 leaves every source as it is" unformatted
else
	skip "clang-format 14 is not installed" "clang-format 14 leaves every source as it is"
fi
if command -v shellcheck >/dev/null 2>&1; then
	clean "shellcheck has no complaint" unchecked
else
	skip "shellcheck is not installed" "shellcheck has no complaint"
fi
end_tests
