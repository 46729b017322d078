#!/bin/sh
# SPDX-License-Identifier: MIT
# 100,000 frames through socket-input while the broker is stopped and started again and the
# mqtt output is killed ten times: the subscriber has every frame that a sender was promised.
. "$top_srcdir/tests/integration/lib.sh"
need mosquitto
FRAMES=${OUTAGE_FRAMES:-100000}
window=100

start_broker || { result 1 "a broker runs"; end_tests; }
start_subscriber 'frames/#' "$work/subscribed" || result 1 "a subscriber listens"
cat >"$conf/all.conf" <<END
[socket-input "nodes"]
listen = unix:$work/nodes.sock
[mqtt "broker"]
host = 127.0.0.1
port = $broker_port
topic = frames/#ID_WASP#
window = $window
retry_min = 100ms
retry_max = 500ms
timeout = 5s
[file "archive"]
path = $work/archive.jsonl
END
start_router || end_tests

"$router" simulate --count "$FRAMES" --nodes 20 --seed 11 >"$work/lines"
"$helpers/blaster" -w 500 -t 300 -r -l "$work/ledger" "unix:$work/nodes.sock" "$work/lines" &
blaster_pid=$!
began $blaster_pid

# Each step waits until some more has been delivered, so that every kill is in the middle.
more()
{
	more_want=$(($(status_of broker delivered) + $1))
	wait_for "test \"\$(status_of broker delivered)\" -ge $more_want ||
		test \"\$(status_of broker waiting)\" -eq 0 && ! is_alive $blaster_pid" 60
}

kills=0
while test $kills -lt 10; do
	more $((FRAMES / 25))
	pid=$("$router" status broker | sed -n 's/^ *process *//p')
	if test -n "$pid" && kill -KILL "$pid" 2>/dev/null; then
		kills=$((kills + 1))
		# it would start again by itself, but a test need not wait so long
		wait_for "! is_alive $pid" && "$router" start broker
	fi
	case $kills in
	3 | 7)
		stop_broker TERM
		wait_for 'status_of broker reason | grep -q "backing off\|starting again"' 30
		result $? "status tells that the broker is away"
		start_broker_again || result 1 "the broker starts again"
		;;
	esac
done
is $kills 10 "the mqtt output was killed ten times"

wait $blaster_pid
result $? "the sender was promised every frame"
is "$(wc -l <"$work/ledger")" "$FRAMES" "its ledger has $FRAMES lines"
ok "nothing waits any more" wait_for 'test "$(status_of broker waiting)" = 0' 120
ok "nor for the file" wait_for 'test "$(status_of archive waiting)" = 0' 60
stop_broker TERM
start_broker_again
wait_for "test \$(arrived_ids '$work/subscribed' | LC_ALL=C sort -u | wc -l) -ge $FRAMES" 60

ledger_ids "$work/ledger" >"$work/promised"
arrived_ids "$work/subscribed" >"$work/arrived"
# Every kill and every lost link may repeat what was in flight, and what the place had not
# yet passed: twice the window.  The broker itself repeats at each of its three starts what
# the subscriber had not acknowledged: its max_inflight_messages.
is_complete "$work/promised" "$work/arrived" $((14 * 2 * window + 3 * 1000)) \
	"the subscriber has every promised frame"
is "$strange" 0 "and none that nobody sent"
echo "# $duplicates duplicates for $kills kills"
arrived_ids "$work/archive.jsonl" >"$work/arrived"
is_complete "$work/promised" "$work/arrived" 0 "the file has every promised frame, once"

received=$("$router" status broker | sed -n 's/^ *received *\([0-9]*\).*/\1/p')
sum=0
for key in delivered rejected skipped evicted waiting; do
	sum=$((sum + $(status_of broker $key)))
done
is "$sum" "$received" "the accounts of the mqtt output balance"
stop_router
result $? "the router ends in order"
end_tests
