#!/bin/sh
# SPDX-License-Identifier: MIT
# The router under a service manager: it says when it is ready, how it is, that it lives and
# that it ends; one that hangs is found out, and its children end with it.
. "${top_srcdir:=.}/tests/integration/lib.sh"

said=$work/said
heard()
{
	grep -q "^$1" "$said" 2>/dev/null
}

# count PATTERN: how many messages are like that.
count()
{
	grep -c "^$1" "$said"
}

# children PID: the ids of its children that are alive.
children()
{
	for stat in /proc/[0-9]*/stat; do
		sed -n "s/^\([0-9]*\) (.*) [^ZX] $1 .*/\1/p" "$stat" 2>/dev/null
	done
}

# serve: starts the router as a manager would, with a watchdog of 2 s.
serve()
{
	: >"$said"
	sh -c 'exec env NOTIFY_SOCKET="$1" WATCHDOG_USEC=2000000 WATCHDOG_PID=$$ "$2" run' \
		- "$work/socket" "$router" >>"$work/router.log" 2>&1 </dev/null &
	router_pid=$!
	began $router_pid
	wait_for 'heard READY=1 || ! is_alive $router_pid'
}

"$helpers/manager" "$work/socket" "$said" >"$work/manager.log" 2>&1 &
manager_pid=$!
began $manager_pid
wait_for 'grep -q ready "$work/manager.log"' 10

cat >"$conf/all.conf" <<END
[file "one"]
path = $work/one.jsonl
[file "two"]
path = $work/two.jsonl
END
serve
ok "READY=1 is said" heard 'READY=1$'
ok "after the store was checked" heard 'STATUS=checking the store$'
ok "the status says how many run" wait_for 'heard "STATUS=2 of 2 running$"' 10
is "$(children "$router_pid" | wc -l)" 3 "two outputs and the housekeeping run by then"
ok "that it lives is said again and again" wait_for 'test "$(count WATCHDOG=1)" -ge 3' 10
for pid in $(children "$router_pid"); do
	if test -r "/proc/$pid/environ"; then
		fails "child $pid knows nothing of the manager" \
			grep -q 'NOTIFY_SOCKET\|WATCHDOG' "/proc/$pid/environ"
	else
		skip "only root may look" "child $pid knows nothing of the manager"
	fi
done

kill -KILL "$(children "$router_pid" | sort -n | tail -n 1)"
ok "a child that dies is in the status" \
	wait_for 'heard "STATUS=1 of 2 running; two: starting again in .*signal 9"' 10
ok "and so is its return" wait_for 'test "$(count "STATUS=2 of 2 running$")" -ge 2' 10

end_process $router_pid TERM
is $? 0 "SIGTERM ends it in order"
ok "STOPPING=1 was said" heard 'STOPPING=1$'
ok "and how long it may take" heard 'EXTEND_TIMEOUT_USEC=[0-9]*$'

# --- a supervisor that hangs: the manager hears nothing any more, and sends SIGABRT -------------
printf '[router]\nlog_format = json\n' >"$conf/log.conf"
: >"$work/router.log"
serve
ok "it runs again" heard 'READY=1$'
ok "its outputs log as well" wait_for 'grep -q "\"unit\":\"two\"" "$work/router.log"' 10
is "$(grep -v '^{"time":"[^"]*Z","level":"[a-z]*","unit":"[^"]*","text":".*"}$' \
	"$work/router.log")" "" "with log_format = json every line of every process is an object"
for pid in $router_pid $(children "$router_pid"); do
	ok "process $pid leaves no core file, which would hold secrets" \
		grep -q '^Max core file size  *0  *0 ' "/proc/$pid/limits"
done
orphans=$(children "$router_pid")
kill -STOP $router_pid
kill -ABRT $router_pid
kill -CONT $router_pid
wait $router_pid
is $? 134 "SIGABRT ends it, hung as it was"
for pid in $orphans; do
	ok "its child $pid ends with it" wait_for "! is_alive $pid" 10
done
serve
ok "the next one starts at once" heard 'READY=1$'
end_process $router_pid TERM
is $? 0 "and ends in order"
end_tests
