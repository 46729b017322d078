#!/bin/sh
# SPDX-License-Identifier: MIT
# The place of a stopped output is damaged in both slots.  Housekeeping looks at it, to hold
# the output to `hold`; the output begins where its delivery log ends all the same, and not,
# as a new one with `begin = now` would, behind the newest frame.
. "$top_srcdir/tests/integration/lib.sh"

cat >"$conf/all.conf" <<END
[file "archive"]
path = $work/archive.jsonl
begin = now
[file "witness"]
path = $work/witness.jsonl
hold = 1s
END
start_router || end_tests

sent=0
send()
{
	"$router" simulate --count "$1" | "$router" send 2>/dev/null
	sent=$((sent + $1))
}

send 100
ok "100 frames are delivered" wait_delivered archive 100
for output in archive witness; do
	ok "$output is stopped" "$router" stop $output
done
for slot in 0 4096; do
	printf damage | dd of="$state/outputs/archive.place" bs=1 seek=$slot conv=notrunc 2>/dev/null
done
send 200
# Outputs are looked at in the order of the configuration.
ok "housekeeping has looked at both" \
	wait_for 'send 1; grep -q "witness gave up its" "$work/router.log"' 60
ok "the output starts again" "$router" start archive
seq $sent >"$work/want"
ok "what came meanwhile is delivered" \
	wait_for 'arrived_ids "$work/archive.jsonl" | grep -q -x $sent' 30
arrived_ids "$work/archive.jsonl" >"$work/got"
is_complete "$work/want" "$work/got" 0 "with every frame, once"
ok "the log says where it begins" grep -q "place is damaged: it begins behind frame 100," \
	"$work/router.log"
stop_router
result $? "the router ends in order"
end_tests
