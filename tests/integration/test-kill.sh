#!/bin/sh
# SPDX-License-Identifier: MIT
# kill -9 of any process in the middle, the supervisor too; outputs stopped and started under
# load: nothing that was promised is lost, and duplicates stay within twice the window.
. "$top_srcdir/tests/integration/lib.sh"
FRAMES=${KILL_FRAMES:-30000}
window=50

cat >"$conf/all.conf" <<END
[socket-input "nodes"]
listen = unix:$work/nodes.sock
[file "archive"]
path = $work/archive.jsonl
window = $window
batch = $window
[file "second"]
path = $work/second.jsonl
window = $window
batch = $window
END
start_router || end_tests
: >>"$work/archive.jsonl"
"$router" simulate --count "$FRAMES" --nodes 5 --seed 3 >"$work/lines"
"$helpers/blaster" -w 8 -t 240 -r -l "$work/ledger" "unix:$work/nodes.sock" "$work/lines" &
blaster_pid=$!
began $blaster_pid

more()
{
	more_want=$(($(wc -l <"$work/archive.jsonl") + FRAMES / 20))
	wait_for "test \$(wc -l <'$work/archive.jsonl') -ge $more_want || ! is_alive $blaster_pid" 60
}

process_of()
{
	"$router" status "$1" | sed -n 's/^ *process *//p'
}

kill_unit()
{
	kill_pid=$(process_of "$1")
	if test -n "$kill_pid" && kill -KILL "$kill_pid"; then
		wait_for "test \"\$(status_of $1 state)\" = Running &&
			test \"\$(process_of $1)\" != $kill_pid" 30
		result $? "$1 runs again after kill -9"
	else
		result 1 "$1 could be killed"
	fi
}

more
kill_unit archive
more
kill_unit nodes
more
kill_unit archive
more
ok "stop takes an output out" "$router" stop second
is "$(status_of second state) $(status_of second reason)" "Stopped by admin" \
	"status says that it was stopped, and by whom"
"$router" simulate --count 100 | "$router" send 2>/dev/null
ok "its frames wait" test "$(status_of second waiting)" -ge 100
ok "start brings it back" "$router" start second
more
kill_unit nodes
more

# The supervisor: its children end by themselves, and a new one takes over.
children=$(for unit in nodes archive second; do process_of $unit; done)
kill -KILL $router_pid
for child in $children; do
	wait_for "! is_alive $child" 20
	result $? "process $child ends when its supervisor was killed"
done
start_router || end_tests
more
ok "restart works under load" "$router" restart archive

wait $blaster_pid
result $? "the sender was promised every frame"
ledger_ids "$work/ledger" >"$work/promised"
for output in archive second; do
	ok "$output: nothing waits any more" \
		wait_for "test \"\$(status_of $output waiting)\" = 0" 60
	arrived_ids "$work/$output.jsonl" >"$work/arrived"
	is_complete "$work/promised" "$work/arrived" $((5 * 2 * window)) \
		"$output has every promised frame"
	echo "# $duplicates duplicates"
done
is_balanced
stop_router
result $? "the router ends in order"
end_tests
