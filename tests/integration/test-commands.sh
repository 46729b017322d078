#!/bin/sh
# SPDX-License-Identifier: MIT
# Commands that meet while an output takes its time to stop.
. "$top_srcdir/tests/integration/lib.sh"
FRAME_ROUTER_PLUGINS=$top_builddir/tests/plugins/.libs
export FRAME_ROUTER_PLUGINS

cat >"$conf/all.conf" <<END
[misbehave "slow"]
how = silent
path = $work/slow.uids
timeout = 2s
END
start_router || end_tests

# busy: makes the output wait for a verdict that never comes, so that it stops slowly.
busy()
{
	echo '{"readings":{"TC":1}}' | "$router" send 2>/dev/null
	wait_for 'test "$(status_of slow in_flight)" -ge 1' 20
}

# ask VERB: in the background; $ask_pid.
ask()
{
	"$router" "$1" slow >"$work/$1.out" 2>&1 &
	ask_pid=$!
	began $ask_pid
	wait_for 'status_of slow reason | grep -q stopping' 10
}

# ticks: the processor time that the supervisor has used.
ticks()
{
	echo $(($(sed 's/.*) //' "/proc/$router_pid/stat" | cut -d ' ' -f 12,13 | tr ' ' +)))
}

busy
ask restart
first=$ask_pid
"$router" stop slow
result $? "a stop while a restart is on its way is answered"
wait_for "! is_alive $first" 10
result $? "and so is the restart"
like "$(cat "$work/restart.out")" '*stopped it meanwhile*' "which is told that it came to nothing"
is "$(status_of slow state)" Stopped "the last command counts"

ok "it is started again" "$router" start slow
busy
before=$(ticks)
ask restart
kill -KILL "$ask_pid"
wait "$ask_pid" 2>/dev/null
wait_for '! status_of slow reason | grep -q stopping' 20
is "$(status_of slow state)" Running "a restart comes about although nobody waits for it"
ok "and costs no processor time" test $(($(ticks) - before)) -lt 50
stop_router
result $? "the router ends in order"
end_tests
