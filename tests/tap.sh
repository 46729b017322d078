# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# The Test Anything Protocol for tests in sh: what tap.h is for those in C.  A test that
# ends without end_tests has no plan, which counts as an error.
tap_run=0
tap_failed=0

# result STATUS TEXT: one line, ok when STATUS is 0; gives STATUS back.
result()
{
	tap_run=$((tap_run + 1))
	if test "$1" -eq 0; then
		echo "ok $tap_run - $2"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_run - $2"
	fi
	return "$1"
}

# ok TEXT COMMAND...: the command must succeed.  What it prints goes to stderr.
ok()
{
	tap_text=$1
	shift
	"$@" >&2
	set -- $?
	result "$1" "$tap_text" || echo "# it gave $1"
	return "$1"
}

# fails TEXT COMMAND...: the command must say no: with 1 to 98.  More is no answer: 99 comes
# from a sanitizer, 126 and 127 from the shell, which found no such command, more from a signal.
fails()
{
	tap_text=$1
	shift
	"$@" >&2
	set -- $?
	test "$1" -ge 1 && test "$1" -le 98
	result $? "$tap_text" || {
		echo "# it gave $1"
		return 1
	}
}

# is GOT WANT TEXT: two texts must be the same.
is()
{
	if test "$1" = "$2"; then
		result 0 "$3"
		return
	fi
	result 1 "$3" || {
		echo " got: $1"
		echo "want: $2"
	} | note
	return 1
}

# like GOT PATTERN TEXT: a text must match a pattern as in `case`.
like()
{
	# shellcheck disable=SC2254 # the pattern is one
	case $1 in
	$2) result 0 "$3" ;;
	*)
		result 1 "$3" || {
			echo " got: $1"
			echo "like: $2"
		} | note
		return 1
		;;
	esac
}

# Its input becomes remarks: for whoever looks for the reason of a failure.
note()
{
	sed 's/^/# /'
}

# skip REASON TEXT: one test that cannot run here.
skip()
{
	tap_run=$((tap_run + 1))
	echo "ok $tap_run - $2 # SKIP $1"
}

# skip_all REASON: the whole file cannot run here; ends it.
skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

# need COMMAND...: skips the whole file when one of them is not installed.
need()
{
	for tap_command in "$@"; do
		command -v "$tap_command" >/dev/null 2>&1 ||
			skip_all "$tap_command is not installed"
	done
}

# The plan; ends the test.
end_tests()
{
	echo "1..$tap_run"
	test "$tap_failed" -eq 0
	exit
}
