#!/bin/sh
# SPDX-License-Identifier: MIT
# A plugin may be written in any C since C99 and in C++, and built against the header alone.
. "${top_srcdir:=.}/tests/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
header=$top_srcdir/include/frame_output.h
# -isysroot and the like may stand in CC: it is more than one word.
: "${CC:=cc}"

cat >"$work/plugin.c" <<'END'
#include <frame_output.h>
const struct frame_output *frame_output_plugin(void) { return NULL; }
END

# compiles LANGUAGE STANDARD COMPILER...
compiles()
{
	language=$1
	standard=$2
	shift 2
	"$@" -x "$language" -std="$standard" -pedantic -Wall -Wextra -Werror \
		-I "${header%/*}" -fsyntax-only "$work/plugin.c"
}

for standard in c99 c11 c17; do
	# shellcheck disable=SC2086
	ok "a plugin in $standard compiles without a warning" compiles c $standard $CC
done
cxx=$(command -v "${CXX:-c++}" || command -v g++ || command -v clang++)
for standard in c++11 c++17; do
	if test -n "$cxx"; then
		ok "a plugin in $standard compiles without a warning" \
			compiles c++ $standard "$cxx"
	else
		skip "no C++ compiler is installed" "a plugin in $standard compiles"
	fi
done

# No bool, bit field or member of an enum type crosses the border: their size is the compiler's.
misfits()
{
	awk '/^struct/ { inside = 1 } /^}/ { inside = 0 }
		inside && /^\t(bool|_Bool|enum [a-z_]+) [a-z_]+;|:[ ]*[0-9]+;/ { print $1, $2, $3 }' "$1"
}
is "$(misfits "$header")" "" "no member is a bool, a bit field or an enum"
sed '/^struct frame_message {/a \
	enum frame_link link;' "$header" >"$work/bad.h"
is "$(misfits "$work/bad.h")" "enum frame_link link;" "one that is would be found"
end_tests
