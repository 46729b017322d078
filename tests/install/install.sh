# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What tests of the installation share.
. "${top_srcdir:=.}/tests/integration/lib.sh"

unset MAKEFLAGS MFLAGS MAKELEVEL
root=$work/root

# place VARIABLE: the place of a thing, as make knows it.
place()
{
	printf 'include %s/Makefile\nfr-print:\n\t@echo $(%s)\n' "$top_builddir" "$1" >"$work/mk"
	make -C "$top_builddir" -s --no-print-directory -f "$work/mk" fr-print
}

# installs TARGET: make install or uninstall, below $root.
installs()
{
	make -C "$top_builddir" "$1" DESTDIR="$root" >"$work/make.log" 2>&1 || {
		cat "$work/make.log"
		return 1
	}
}

# calls SET...: the names of the system calls in sets of systemd's; of nested sets too.
calls()
{
	for set in "$@"; do
		case $set in
		@*)
			# shellcheck disable=SC2046 # a list of names
			calls $(systemd-analyze syscall-filter "$set" |
				sed -n 's/^  *\([@a-z_][a-z0-9_-]*\)$/\1/p')
			;;
		*) echo "$set" ;;
		esac
	done
}

# allowed UNIT: the calls that its filter leaves, line by line as systemd reads it.
allowed()
{
	: >"$work/allowed"
	sed -n 's/^SystemCallFilter=//p' "$1" | while read -r words; do
		# shellcheck disable=SC2086 # a list of names
		calls ${words#\~} | LC_ALL=C sort -u >"$work/named"
		case $words in
		\~*) LC_ALL=C comm -23 "$work/allowed" "$work/named" ;;
		*) LC_ALL=C sort -u "$work/allowed" "$work/named" ;;
		esac >"$work/allowed.new"
		mv "$work/allowed.new" "$work/allowed"
	done
	calls @default >>"$work/allowed"
	LC_ALL=C sort -u "$work/allowed"
}
