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

# --- reloads: the manager learns when one begins and ends, also when it fails ------------------
for i in $(seq 1000); do
	printf '[file "x%s"]\nenabled = no\npath = %s/x%s\n' "$i" "$work" "$i"
done >"$conf/many.conf"

# catch_check: stops the check that the router has started; its process.
catch_check()
{
	tr ' ' '\n' <"/proc/$router_pid/task/$router_pid/children" | while read -r child; do
		case $(tr '\0' ' ' <"/proc/$child/cmdline") in
		*' check '*) kill -STOP "$child" && echo "$child" ;;
		esac
	done 2>/dev/null
}

# freeze: asks for a reload and stops its check; $reload_pid, $check_pid.
freeze()
{
	"$router" reload >"$work/reload.out" 2>&1 &
	reload_pid=$!
	began $reload_pid
	check_pid=
	until test "$check_pid" != "" || ! is_alive $reload_pid; do
		check_pid=$(catch_check)
	done
}

freeze
ok "RELOADING=1 is said, with its moment" wait_for 'heard "RELOADING=1 MONOTONIC_USEC=[0-9]*$"' 10
ok "and how long it may take" wait_for 'heard "EXTEND_TIMEOUT_USEC=130000000$"' 10
ok "that it lives is said while the check takes its time" \
	wait_for "test \"\$(count WATCHDOG=1)\" -ge $(($(count WATCHDOG=1) + 3))" 10
ok "and commands are answered" "$router" restart two
for i in $(seq 50); do kill -HUP $router_pid; done
is "$(count READY=1)" 1 "it is not ready yet"
kill -CONT "$check_pid"
wait $reload_pid
result $? "the reload ends well"
ok "READY=1 is its end" wait_for 'test "$(count READY=1)" -eq 2' 20
is "$(grep 'READY\|RELOAD' "$said" | sed 's/ .*//' | tr '\n' ' ')" \
	"READY=1 RELOADING=1 READY=1 " "fifty SIGHUPs meanwhile are a part of it"
echo 'no section' >"$conf/zz.conf"
fails "a reload with an error fails" "$router" reload
rm "$conf/zz.conf"
ok "READY=1 is said all the same" wait_for 'test "$(count READY=1)" -eq 3' 20
is "$(count RELOADING=1)" 2 "after RELOADING=1"
printf '[router]\nlog_format = json\n' >"$conf/log.conf"
ok "the form of the log is reloaded" "$router" reload
"$router" restart one
ok "the supervisor itself logs so" grep -q '"unit":"frame-router","text":"one: restarted by admin"' \
	"$work/router.log"
rm "$conf/log.conf"
freeze
end_process $router_pid TERM
is $? 0 "SIGTERM in a reload ends it in order"
wait $reload_pid
is $? 1 "who asked for the reload is told"
fails "the check ends with it" is_alive "$check_pid"
fails "what it wrote is gone" test -e "$state/effective.new"
rm "$conf/many.conf"
serve
end_process $router_pid TERM
is $? 0 "SIGTERM ends it in order"
ok "STOPPING=1 was said" heard 'STOPPING=1$'
ok "and how long it may take" heard 'EXTEND_TIMEOUT_USEC=[0-9]*$'

# --- a supervisor that hangs: the manager hears nothing any more, and sends SIGABRT -------------
printf '[router]\nlog_format = json\n[file "one"]\nbatch = 1000\n' >"$conf/log.conf"
: >"$work/router.log"
serve
ok "a warning of the configuration is in the log with its level" \
	grep -q '"level":"warning","unit":"frame-router","text":"[^"]*: batch is larger' "$work/router.log"
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
