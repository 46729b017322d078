#!/bin/sh
# SPDX-License-Identifier: MIT
# The floors of core, and which file speaks to which library.
. "${top_srcdir:=.}/tests/style/style.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
files core -- '*.h' >"$work/headers"
{
	files core -- '*.[ch]' | sed 's/$/:/'
	files core -- '*.[ch]' | xargs grep -H '^[ 	]*#[ 	]*include'
} >"$work/includes"

floors()
{
	awk -v headers="$work/headers" -v edges="$1" -f "$top_srcdir/tests/style/floors.awk" \
		tests/style/floors.txt "$work/includes"
}

circles()
{
	floors 1 | sort -u | tsort >/dev/null
}

# speakers HEADER ALLOWED: files of core and plugins that include it and are not allowed to.
speakers()
{
	files core plugins -- '*.[ch]' | xargs grep -l "^[ 	]*#[ 	]*include[ 	]*[<\"]$1[>\"]" |
		grep -v -x "$2" | sed "s|\$|: only $2 speaks to this library|"
}

# A plugin is built against the contracts alone.
plugin_includes()
{
	files plugins -- '*.[ch]' | xargs grep -H '^[ 	]*#[ 	]*include[ 	]*"' |
		while IFS=: read -r file line; do
			header=$(echo "$line" | cut -d '"' -f 2)
			test "$header" = frame_input.h || test -f "${file%/*}/$header" ||
				echo "$file: includes $header of the core"
		done
}

# The core knows plugins by their contracts only: none of their files, none of their libraries.
clean "core files include lower floors only" floors 0
clean "no circle of includes on a floor of core" circles
clean "plugins include the contracts and their own files only" plugin_includes
clean "core/db_private.h alone includes sqlite3.h" speakers sqlite3.h core/db_private.h
clean "and the files of db alone include that" speakers db_private.h 'core/db.*'
clean "core/json.c alone includes json-c" speakers 'json.*/.*' core/json.c
clean "core/plugin.c alone includes ltdl.h" speakers ltdl.h core/plugin.c
clean "plugins/http alone includes curl" speakers 'curl/.*' 'plugins/http/.*'
clean "plugins/mqtt alone includes mosquitto.h" speakers 'mosquitto.*' 'plugins/mqtt/.*'
clean "include/frame_output.h includes stddef.h and stdint.h alone" \
	sh -c "grep '^[ 	]*#[ 	]*include' include/*.h | grep -v '<stdint.h>\|<stddef.h>'"
end_tests
