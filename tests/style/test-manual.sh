#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual pages lead to pages that exist, are all installed, and are well formed.
. "${top_srcdir:=.}/tests/style/style.sh"

pages()
{
	files core plugins -- 'frame-router*.[1-8]'
}

# references [FILE...]: "FILE NAME.SECTION" for each reference to a page of ours.
references()
{
	awk '$1 == ".Xr" && $2 ~ /^frame-router/ { print FILENAME, $2 "." $3 }' "$@"
}

# dangling: references to pages that are none, or to the page itself.
dangling()
{
	# shellcheck disable=SC2046 # no name in the project has a blank
	references "$@" $(pages) | while read -r file page; do
		pages | grep -q "/$page\$" || echo "$file: there is no $page"
		test "${file##*/}" != "$page" || echo "$file: refers to itself"
	done
}

# unreachable: pages that frame-router(1) and frame-router.conf(5) do not lead to.
unreachable()
{
	for from in core/frame-router.1 core/frame-router.conf.5; do
		pages | grep -v "^$from\$" | while read -r page; do
			references "$from" | grep -q " ${page##*/}\$" ||
				echo "$from: does not lead to ${page##*/}"
		done
	done
}

uninstalled()
{
	pages | while read -r page; do
		cat core/local.mk plugins/*/local.mk | grep -q "[	 ]$page\\( \\\\\\)\\?\$" ||
			echo "$page: is in no local.mk"
	done
}

# malformed FILE...: what the formatter warns of; quotes that stay open among it.
malformed()
{
	for page; do
		{ groff -ww -mandoc -Tutf8 "$page" >/dev/null; } 2>&1
		# a macro's name inside the text of another is told by nobody
		awk '$1 ~ /^\.[PDBS]?[qQ]$/ && / No / { print FILENAME ":" FNR ": " $0 }' "$page"
	done
}

clean "every reference leads to a page that exists" dangling
clean "every page can be found from frame-router(1) and frame-router.conf(5)" unreachable
clean "every page is installed" uninstalled
if command -v groff >/dev/null 2>&1; then
	# shellcheck disable=SC2046
	clean "every page is well formed" malformed $(pages)
else
	skip "groff is not installed" "every page is well formed"
fi

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
printf '.Xr frame-router 8\n' >"$work/lost.5"
like "$(dangling "$work/lost.5")" '*lost.5: there is no frame-router.8' "one that leads nowhere is found"
end_tests
