# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the style tests share: the files of the project, and how a complaint becomes TAP.
# It stays in the top folder of the sources.
. "${top_srcdir:=.}/tests/tap.sh"
cd "${style_root:-$top_srcdir}" || exit 1

# files FOLDER... -- PATTERN...: the project's files of these names, without what builds make.
files()
{
	style_folders=
	while test "$1" != --; do
		style_folders="$style_folders $1"
		shift
	done
	shift
	style_names="-name $1"
	shift
	for style_pattern in "$@"; do
		style_names="$style_names -o -name $style_pattern"
	done
	# No name in the project has a blank; patterns must reach find as they are.
	set -f
	# shellcheck disable=SC2086
	find $style_folders -type d \( -name .libs -o -name .deps \) -prune -o \
		-type f \( $style_names \) -print | sed 's|^\./||' | LC_ALL=C sort
	set +f
}

sources()
{
	files core plugins include tests -- '*.c' '*.h'
}

scripts()
{
	echo bootstrap
	echo .ci/run
	files tests core plugins -- '*.sh'
}

# Every text that people write, but data.
texts()
{
	sources
	scripts
	files core plugins include conf.d tests -- '*.mk' '*.awk' '*.txt' '*.conf' \
		'*.[1-8]'
	for style_text in .github/workflows/*.yml .editorconfig .clang-format .gitignore \
		configure.ac Makefile.am README.md LICENSE; do
		test ! -f "$style_text" || echo "$style_text"
	done
}

# clean TEXT COMMAND...: the command prints a line for each complaint; none may be left.
clean()
{
	style_text=$1
	shift
	style_complaints=$("$@" 2>&1)
	test -z "$style_complaints"
	result $? "$style_text" || {
		printf '%s\n' "$style_complaints" | note
		return 1
	}
}
