# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the parts of `make bench` share: settings, rates, medians, rows of the table, the machine.
bench_load=$(cut -d ' ' -f 1-3 /proc/loadavg)
TMPDIR=$top_builddir/tests/bench # its disk is part of what is measured
export TMPDIR
. "$top_srcdir/tests/integration/lib.sh"

tools=$top_builddir/tests/bench
frames=${BENCH_FRAMES:-200000}
rounds=${BENCH_ROUNDS:-3}
has_mqtt= # whether the plugin, its tool and its far side are here
has_http=

# number FORMAT EXPRESSION: awk counts, as the shell knows no fractions.
number()
{
	awk "BEGIN { printf \"$1\", $2 }"
}

# rate FRAMES SECONDS ...: what the tools print, as frames a second.
rate()
{
	number %.0f "$1 / ($2)"
}

# middle FILE COLUMN: the median of that column.
middle()
{
	awk -v n="$2" '{ print $n }' "$1" | sort -n |
		awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# grouped NUMBER: 1234567 becomes 1,234,567.
grouped()
{
	echo "$1" | awk '{ s = sprintf("%.0f", $1)
		while (match(s, /[0-9][0-9][0-9][0-9]($|,)/))
			s = substr(s, 1, RSTART) "," substr(s, RSTART + 1)
		print s }'
}

# row WHAT OURS LIMIT RATIO CPU: one line of the table, told at once and kept.
row()
{
	printf '%s|%s|%s|%s|%s\n' "$@" >>"$work/table"
	printf '  %-48s %s\n' "$1" "$2" >&2
}

# side_by_side WHAT LIMIT-TEXT LIMIT OURS: alternately, $rounds times.  LIMIT and OURS are
# functions that print frames a second; OURS the CPU seconds for a million behind it.
side_by_side()
{
	: >"$work/limits"
	: >"$work/ours"
	bench_round=0
	while test "$bench_round" -lt "$rounds"; do
		bench_round=$((bench_round + 1))
		$3 >>"$work/limits" || failed "$1: the limit"
		$4 >>"$work/ours" || failed "$1"
	done
	bench_limit=$(middle "$work/limits" 1)
	bench_ours=$(middle "$work/ours" 1)
	bench_cpu=$(middle "$work/ours" 2)
	test -n "$bench_limit$bench_ours" || failed "$1: no figure"
	row "$1" "$(grouped "$bench_ours") frames/s" "$(grouped "$bench_limit") $2" \
		"$(number %.2f "$bench_ours / $bench_limit")" \
		"$(number %.1f "${bench_cpu:-0}")"
}

failed()
{
	echo "bench: $1 failed" >&2
	tail -n 5 "$work/router.log" >&2 2>/dev/null
	exit 1
}

# --- the table -------------------------------------------------------------------------------

heading='what|frame-router|limit, same run|ratio|CPU s a million'

print_table()
{
	{
		echo "$heading"
		cat "$work/table"
	} | awk -F '|' -v markdown="$1" '
		{ for (i = 1; i <= NF; i++) { v[NR, i] = $i; if (length($i) > w[i]) w[i] = length($i) } n = NF }
		function line(r,   i) {
			for (i = 1; i <= n; i++)
				printf(markdown ? "| %-" w[i] "s " : "%-" w[i] "s  ", v[r, i])
			print markdown ? "|" : ""
		}
		END {
			line(1)
			for (i = 1; i <= n; i++) {
				s = sprintf("%" w[i] "s", "")
				gsub(/ /, "-", s)
				printf(markdown ? "| %s " : "%s  ", s)
			}
			print markdown ? "|" : ""
			for (r = 2; r <= NR; r++) line(r)
		}' | sed 's/ *$//'
}

# --- the machine -----------------------------------------------------------------------------

of_cpuinfo()
{
	sed -n "s/^$1[[:space:]]*: //p" /proc/cpuinfo | head -n 1
}

machine()
{
	bench_cpu_name=$(of_cpuinfo 'model name')
	bench_system=$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release 2>/dev/null)
	echo "${bench_cpu_name:-$(uname -m)}, $(nproc) cores, $(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GiB"
	echo "${bench_system:-unknown system}, Linux $(uname -r), state on $(file_system) ($(disk))"
	{
		"$tools/bench-limit" version
		test ! -x "$tools/bench-mqtt" || "$tools/bench-mqtt" version
		test ! -x "$tools/bench-http" || "$tools/bench-http" version
		test -z "$has_http" || nginx -v 2>&1 | sed -n 's|.*nginx/|nginx |p'
		test -z "$has_mqtt" || mosquitto -h 2>/dev/null | sed -n 's/^\(mosquitto\) version /\1 /p'
	} | tr '\n' ',' | sed 's/,$//; s/,/, /g'
	echo
	echo "load before: $bench_load; $(grouped "$frames") frames a round, median of $rounds"
}

file_system()
{
	df -PT "$work" | awk 'NR == 2 { print $2 }'
}

disk()
{
	df -PT "$work" | awk 'NR == 2 { print $1 }'
}
