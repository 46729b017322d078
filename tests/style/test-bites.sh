#!/bin/sh
# SPDX-License-Identifier: MIT
# The style tests find what they look for: here is a small tree that breaks every rule once.
. "${top_srcdir:=.}/tests/tap.sh"

cd "$top_srcdir" || exit 1
top_srcdir=$(pwd)
export top_srcdir
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
unset GIT_DIR GIT_WORK_TREE

lines()
{
	awk -v n="$1" -v text="$2" 'BEGIN { while (n-- > 0) print text }'
}

source_of()
{
	mkdir -p "$tree/${1%/*}"
	{
		echo "/* SPDX-License-Identifier: MIT */"
		cat
	} >"$tree/$1"
}

mkdir -p "$tree/tests/style" "$tree/include" "$tree/conf.d" "$tree/.ci"
cp tests/style/floors.txt "$tree/tests/style/"
cp .clang-format "$tree/"
echo 'if true' >"$tree/bootstrap"
echo true >"$tree/.ci/run"
echo '#include <stdlib.h>' | source_of include/frame_output.h
echo '#include "store.h"' | source_of core/buf.c
echo '#include "judge.h"' | source_of core/window.h
echo '#include "window.h"' | source_of core/judge.h
echo '#include <sqlite3.h>' | source_of core/store.c
echo '#include <json-c/json.h>' | source_of core/store.h
echo '#include <ltdl.h>' | source_of core/store_prepare.c
echo '#include <mosquitto.h>' | source_of core/attic.c
echo '#include "store.h"' | source_of plugins/mqtt/mqtt.c
printf 'int  x;\t\n// TO%s\nchar *p = "/ho%s/me";\n' DO me | source_of core/log.c
printf 'void log_it(void)\n{\n\tsprin%s(x, y);\n%s\n}\n' tf "$(lines 60 '	x();')" |
	source_of core/log_it.c
lines 400 'int x;' | source_of core/clock.h
echo 'int x;' >"$tree/core/clock.c"

# complains TEST PATTERN: the style test says that, in one of its remarks.
complains()
{
	said=$(style_root=$tree sh "tests/style/test-$1.sh" 2>&1) &&
		echo "# test-$1.sh finds nothing at all"
	printf '%s\n' "$said" | grep -q "^# *$2"
	result $? "test-$1.sh finds: $2" || printf '%s\n' "$said" | note
}

complains floors 'core/buf.c: floor 1 includes store.h of floor 3'
complains floors 'tsort:.*loop'
complains floors 'core/attic.c: has no floor'
complains floors 'core/store.c: only core/db_private.h'
complains floors 'core/store.h: only core/json.c'
complains floors 'core/store_prepare.c: only core/plugin.c'
complains floors 'core/attic.c: only plugins/mqtt'
complains floors 'plugins/mqtt/mqtt.c: includes store.h'
complains floors '.*<stdlib.h>'
complains text 'core/clock.c: does not begin'
complains text 'core/log.c:2:.*white space'
complains text 'core/log.c:3:.*finish it'
complains text 'core/log.c:4:.*whose machine'
complains text 'core/log_it.c:4:.*unsafe'
complains size 'core/clock.h: 401 lines'
complains size 'core/log_it.c:3: log_it() has 61 lines'
if command -v shellcheck >/dev/null 2>&1; then
	complains tools 'In bootstrap line 1'
else
	skip "shellcheck is not installed" "test-tools.sh runs shellcheck"
fi
if clang-format-14 --version >/dev/null 2>&1; then
	complains tools '.* core/log.c'
else
	skip "clang-format 14 is not installed" "test-tools.sh runs clang-format"
fi
if command -v git >/dev/null 2>&1; then
	mkdir "$tree/attic"
	touch "$tree/attic/old" "$tree/configure.ac"
	git -C "$tree" init -q && git -C "$tree" add .
	complains text attic
else
	skip "git is not installed" "test-text.sh looks at the top folder"
fi
end_tests
