#!/bin/sh
# SPDX-License-Identifier: MIT
# The service's unit: systemd understands all of it, it confines the service as far as it should,
# and every system call that the router makes is one that it allows.
. "${top_srcdir:=.}/tests/install/install.sh"
need systemd-analyze

most=1.6 # exposure, of 10
built=$top_builddir/core/service/frame-router.service
unit=$work/frame-router.service

# As installed, but for a program that is there.
sed "s|^\(Exec[A-Za-z]*=\)[^ ]*|\1$router|" "$built" >"$unit"
said=$(systemd-analyze verify --man=no "$unit" 2>&1)
is "$said" "" "systemd-analyze verify has nothing to say"
sed 's/^RestartSec=.*/RestartSeconds=5/' "$unit" >"$work/wrong.service"
like "$(systemd-analyze verify --man=no "$work/wrong.service" 2>&1)" '*RestartSeconds*' \
	"and would have of an unknown key"

# rate UNIT ARGUMENT...: as systemd-analyze does, into $work/rated.
rate()
{
	rated=$1
	shift
	systemd-analyze security --offline=true --no-pager "$@" "$rated" >"$work/rated" 2>&1
}

if rate "$unit"; then
	echo "# $(grep -o 'Overall exposure level.*[0-9]' "$work/rated"), at most $most"
	grep '✗' "$work/rated" | sed 's/   */  /g' | note
	ok "the exposure is at most $most" rate "$unit" --threshold="${most%.*}${most#*.}"
	grep -v '^SystemCallFilter\|^CapabilityBoundingSet' "$unit" >"$work/open.service"
	fails "which without its filters it would not be" \
		rate "$work/open.service" --threshold="${most%.*}${most#*.}"
else
	skip "this systemd-analyze rates no files" "the exposure is at most $most"
fi
for line in Type=notify NotifyAccess=main KillMode=mixed Restart=on-failure WatchdogSec=30 \
	User=frame-router UMask=0077 LimitCORE=0 NoNewPrivileges=yes ProtectSystem=strict \
	CapabilityBoundingSet=; do
	ok "the unit has $line" grep -q -x "$line" "$unit"
done
ok "what only a person can put right is not tried again" \
	grep -q -x 'RestartPreventExitStatus=75 77 78' "$unit"

# --- system calls ------------------------------------------------------------------------------

# A leak checker traces its own process: neither strace nor the filter is for that.
if test "${sanitize:-no}" = yes || ! command -v strace >/dev/null 2>&1 ||
	! strace -o /dev/null true 2>/dev/null; then
	skip "no strace here, or a build with sanitizers" "every system call is allowed"
	end_tests
fi
cat >"$conf/all.conf" <<END
[file "archive"]
path = $work/#ID_WASP#.jsonl
[socket-input "nodes"]
listen = unix:$work/nodes
listen = tcp:127.0.0.1:$("$helpers/free-port")
END
outputs=archive
if command -v mosquitto >/dev/null && test -e "$helpers/subscriber" && start_broker; then
	printf '[mqtt "broker"]\nhost = localhost\nport = %s\n' "$broker_port" >>"$conf/all.conf"
	outputs="archive broker"
fi
strace -f -qq -o "$work/trace" -e signal=none "$router" run \
	>>"$work/router.log" 2>&1 </dev/null &
tracer=$!
began $tracer
wait_for '"$router" status >/dev/null 2>&1' 60
"$router" simulate --count 20 | "$router" send 2>/dev/null
for output in $outputs; do
	ok "$output delivers under strace" wait_delivered "$output" 20
done
"$router" restart archive >/dev/null
kill -TERM "$(cat "$state/lock")"
ok "the router ends in order under strace" wait $tracer
sed -n 's/^[0-9]* *\([a-z_][a-z0-9_]*\)(.*/\1/p' "$work/trace" | LC_ALL=C sort -u >"$work/made"
allowed "$unit" >"$work/may"
echo "# $(wc -l <"$work/made") system calls made, $(wc -l <"$work/may") allowed"
ok "those that every program makes were seen" grep -q -x openat "$work/made"
is "$(LC_ALL=C comm -23 "$work/made" "$work/may" | tr '\n' ' ')" "" \
	"every system call that the router made is allowed"
fails "which mount is not" grep -q -x mount "$work/may"
fails "nor is setuid" grep -q -x setuid "$work/may"
end_tests
