#!/bin/sh
# SPDX-License-Identifier: MIT
# What every text of the project keeps to, and what its top folder holds.
. "${top_srcdir:=.}/tests/style/style.sh"

# The licence stands in the first line, or behind a `#!` in the second.
unlicensed()
{
	texts | grep '\.[ch]$\|\.sh$\|\.awk$\|\.mk$\|\.am$\|\.ac$\|\.yml$\|^bootstrap$\|^\.ci/run$' |
		while read -r file; do
			awk 'NR == 1 && /^#!/ { next }
				{ found = /SPDX-License-Identifier: MIT/; exit }
				END { exit !found }' "$file" ||
				echo "$file: does not begin with the SPDX line"
		done
}

# found WHAT PATTERN FILE-LIST...: lines with the pattern, as complaints.
found()
{
	what=$1
	pattern=$2
	shift 2
	"$@" | xargs grep -H -n -E -e "$pattern" | cut -c 1-120 | sed "s|\$|	<- $what|"
}

# Split, so that this file has none.
marks='TO''DO|FIX''ME|(^|[^X])X''XX([^X]|$)'
machine='/(ho''me|Us''ers)/[a-z]|/wo''rk/|/ro''ot/[a-z0-9][a-z0-9_-]*/'
unsafe='sprintf|vsprintf|strcpy|strcat|stpcpy|gets|system|popen|vfork|mktemp|tmpnam|alloca'

code()
{
	files core plugins -- '*.c' '*.h'
}

# Top folder: as git has it, because builds put more into it.
strangers()
{
	git ls-files | sed 's|/.*||' | sort -u | grep -v -x \
		'core\|plugins\|include\|conf\.d\|tests\|configure\.ac\|Makefile\.am\|README\.md\|bootstrap\|LICENSE\|\..*'
}

clean "every source begins with the SPDX line" unlicensed
clean "no white space at the end of a line" found "white space" '[[:blank:]]$' texts
clean "nothing is marked to be done later" found "finish it" "($marks)" texts
clean "no path of one machine" found "whose machine?" "($machine)" texts
clean "no function that cannot be used safely" \
	found "unsafe" "(^|[^A-Za-z0-9_])($unsafe)[ ]*\\(" code
text="the top folder holds what it is meant to"
if test "$(git rev-parse --show-prefix 2>/dev/null || echo none)" = "" &&
	git ls-files --error-unmatch configure.ac >/dev/null 2>&1; then
	clean "$text" strangers
else
	skip "no git work tree" "$text"
fi
end_tests
