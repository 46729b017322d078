#!/bin/sh
# SPDX-License-Identifier: MIT
# A hundred reloads, good and bad, while frames come all the time: nothing is lost, nothing is
# restarted without need, a bad one changes nothing.  Overrides, over a restart as well.
. "$top_srcdir/tests/integration/lib.sh"
ROUNDS=${RELOAD_ROUNDS:-100}
window=50

cat >"$conf/all.conf" <<END
[router]
name = gw
[socket-input "nodes"]
listen = unix:$work/nodes.sock
END
# output NAME [LINE...]: its file of conf.d.
output()
{
	output_name=$1
	shift
	{
		printf '[file "%s"]\npath = %s\nwindow = %s\n' "$output_name" \
			"$work/$output_name.jsonl" $window
		printf '%s\n' "$@"
	} >"$conf/$output_name.conf"
}
output archive 'batch = 50'
output second 'batch = 50'
start_router || end_tests

# units: "NAME PID" of each input and output that runs.
units()
{
	tr ' ' '\n' <"/proc/$router_pid/task/$router_pid/children" | while read -r unit_pid; do
		tr '\0' ' ' <"/proc/$unit_pid/cmdline" 2>/dev/null
		echo "$unit_pid"
	done 2>/dev/null | sed -n 's/^frame-router [io][a-z]*put \([^ ]*\) .* /\1 /p' | sort
}

# pid_of NAME
pid_of()
{
	units | sed -n "s/^$1 //p"
}

# reload WANT: whether it has that exit status.
reload()
{
	"$router" reload >"$work/reload.out" 2>"$work/reload.err"
	test $? -eq "$1"
}

# judge_change WANT: which processes went (<) and came (>) since $work/before.
judge_change()
{
	units >"$work/after"
	got=$(diff "$work/before" "$work/after" | sed -n 's/^\([<>]\) \([^ ]*\) .*/\1\2/p' |
		sort | tr '\n' ' ')
	test "$got" = "$1" || {
		echo "round $round: want \"$1\", got \"$got\"" | note
		wrong=$((wrong + 1))
	}
}

# bad_reload: it fails, says why, and changes nothing.
bad_reload()
{
	cp "$state/effective" "$work/effective"
	reload 1 && grep -q ": error: " "$work/reload.err" &&
		grep -q "has errors: nothing was changed" "$work/reload.err" && test ! -s "$work/reload.out" &&
		cmp -s "$state/effective" "$work/effective" || failures=$((failures + 1))
	judge_change ''
	rm "$conf/zz.conf"
}

# good_reload WANT: it works, and changes those processes.
good_reload()
{
	reload 0 || {
		note <"$work/reload.err"
		failures=$((failures + 1))
	}
	judge_change "$1"
}

mkfifo "$work/stream"
"$router" simulate --count 0 --rate 1000 --nodes 5 --seed 3 >"$work/stream" &
simulate_pid=$!
began $simulate_pid
"$helpers/blaster" -w 16 -t 240 -r -l "$work/ledger" "unix:$work/nodes.sock" "$work/stream" &
blaster_pid=$!
began $blaster_pid
wait_for 'test -s "$work/archive.jsonl" && test -s "$work/second.jsonl"' 20
result $? "frames come and go"

wrong=0
failures=0
round=0
while test $round -lt "$ROUNDS"; do
	round=$((round + 1))
	units >"$work/before"
	case $round in
	*1 | *6) # one output changes
		output archive "batch = $((10 + round % 40))"
		good_reload '<archive >archive '
		;;
	*2) # one is added
		output "extra"
		good_reload '>extra '
		;;
	*3) # and removed
		rm "$conf/extra.conf"
		good_reload '<extra '
		;;
	*4 | *9) # lines move, words stay
		sed -i '1i # another comment' "$conf/archive.conf"
		good_reload ''
		;;
	*5) # every output knows the router's name
		sed -i "s/^name = .*/name = gw$round/" "$conf/all.conf"
		good_reload '<archive <second >archive >second '
		;;
	*8)
		printf '[file "archive"]\nwindow = many\n' >"$conf/zz.conf"
		bad_reload
		;;
	*7)
		echo '[nothing "x"]' >"$conf/zz.conf"
		bad_reload
		;;
	*50)
		echo '[socket-input "archive"]' >"$conf/zz.conf"
		bad_reload
		;;
	*)
		echo 'no section' >"$conf/zz.conf"
		bad_reload
		;;
	esac
done
is "$failures" 0 "each of $ROUNDS reloads says what it should, and a bad one why"
is "$wrong" 0 "only what changed was restarted, and once"

# The input itself: its senders come back.
before=$(pid_of nodes)
sed -i 's/^name = .*/&\ncommit = 1ms/' "$conf/all.conf"
ok "what inputs work with can be reloaded" reload 0
like "$(cat "$work/reload.out")" '*nodes: restarted (changed: \[router\] commit)*' \
	"it says what was changed"
fails "and the input is another process" test "$(pid_of nodes)" = "$before"

before=$(pid_of second)
case $("$router" status) in *"conf.d has changed"*) false ;; esac
result $? "conf.d is what the router runs with"
output second 'batch = 20'
like "$("$router" status)" '*conf.d has changed since: frame-router reload applies it*' \
	"status tells when it is not"
like "$("$router" restart archive 2>&1)" '*conf.d has changed since*' "and so does restart"
kill -HUP "$router_pid"
wait_for 'now=$(pid_of second); test -n "$now" && test "$now" != "$before"' 20
result $? "SIGHUP reloads"

units >"$work/before"
asked=
for i in 1 2 3 4 5; do
	"$router" reload >"$work/reload.$i" 2>&1 &
	asked="$asked $!"
	began $!
done
failures=0
for pid in $asked; do
	wait "$pid" || failures=$((failures + 1))
done
is "$failures" 0 "five reloads at once are all answered"
judge_change ''
is "$wrong" 0 "and change nothing when there is nothing to change"

# --- overrides -------------------------------------------------------------------------------

units >"$work/before"
ok "an output is disabled" "$router" disable second
judge_change '<second '
is "$wrong" 0 "which stops it and touches nobody else"
is "$(status_of second state) $(status_of second reason)" "Stopped disabled" "status says so"
echo 'no section' >"$conf/zz.conf"
ok "enable works while conf.d is being edited" "$router" enable second
rm "$conf/zz.conf"
is "$(status_of second state)" Running "and starts it"
ok "it is disabled again" "$router" disable second
is "$(stat -c %a "$state/override/second.conf")" 600 "only we can read the override"
ok "an output is stopped by hand" "$router" stop archive
reload 0
is "$(status_of archive reason)" "by admin" "a reload starts nothing that was stopped"
output archive 'batch = 11'
reload 0
like "$(cat "$work/reload.out")" '*archive: stays stopped (changed: batch)*' \
	"not even when it was changed"
ok "it is started again" "$router" start archive
fails "there is no such output" "$router" disable nobody

# The supervisor dies in the middle of a reload; its successor finds all whole.
for i in 1 2 3; do
	children=$(units | sed 's/.* //')
	output archive "batch = $((20 + i))"
	"$router" reload >"$work/reload.out" 2>&1 &
	reload_pid=$!
	began $reload_pid
	wait_for 'test -e "$state/effective.new" || ! is_alive "$reload_pid"' 5
	end_process "$router_pid" KILL
	wait $reload_pid
	for child in $children; do
		wait_for "! is_alive $child" 20 || result 1 "process $child ends"
	done
	start_router || end_tests
done
is "$(status_of archive state)" Running "kill -9 in a reload: the next router runs"
is "$(status_of second state) $(status_of second reason)" "Stopped disabled" \
	"and what was disabled stays so"
like "$("$router" status)" '*override of second: enabled = no*' "which status tells of"
like "$("$router" check)" '*second*disabled*override: enabled*' "and check"
sed -i 's/^name = .*/&\noverrides = no/' "$conf/all.conf"
reload 0
is "$(status_of second state)" Running "overrides = no: conf.d alone counts"
like "$(cat "$work/reload.err")" '*override of second*left out*' "that is told"
fails "and no other is made" "$router" disable archive
sed -i '/^overrides/d' "$conf/all.conf"
reload 0
is "$(status_of second state)" Stopped "with them it is disabled again"
printf '[override "second"]\nenabled = no\nno key\n' >"$state/override/second.conf"
ok "a damaged override is no error" reload 0
is "$(status_of second state)" Running "it does not count"
like "$(cat "$work/reload.err")" '*override of second*left out*' "and is complained of"
printf '[override "second"]\nenabled = no\nbatch = x\npath = /etc/x\n' \
	>"$state/override/second.conf"
ok "nor is one with a wrong key" reload 0
is "$(status_of second state)" Stopped "whose other keys count"
like "$(cat "$work/reload.err")" '*path is ignored: only conf.d may set it*' "but no path"
ok "reset drops it" "$router" reset second
is "$(status_of second state)" Running "and conf.d counts"

# --- what became of the frames ---------------------------------------------------------------

end_process $simulate_pid
wait $blaster_pid
result $? "the sender was promised every frame"
ledger_ids "$work/ledger" >"$work/promised"
for output in archive second; do
	ok "$output: nothing waits any more" \
		wait_for "test \"\$(status_of $output waiting)\" = 0" 60
	arrived_ids "$work/$output.jsonl" >"$work/arrived"
	is_complete "$work/promised" "$work/arrived" $((60 * 2 * window)) \
		"$output has every promised frame"
	echo "# $(wc -l <"$work/promised") frames, $duplicates duplicates"
done
"$router" reload >"$work/reload.out" 2>&1 &
reload_pid=$!
began $reload_pid
stop_router
result $? "a router that is asked to stop in a reload ends in order"
wait_for "! is_alive $reload_pid" 10
result $? "and who asked for the reload is answered"

ok "without a router an override is kept" "$router" disable second
like "$("$router" status)" '*override of second: enabled = no*' "and shown"
unset FRAME_ROUTER_STATE
sed -i "s#^name = .*#&\nstate = $state#" "$conf/all.conf"
start_router
is "$("$router" status second | head -n 1)" "second (file): Stopped (disabled)" \
	"and counts when the router starts"
mkdir "$work/elsewhere"
sed -i "s#^state = .*#state = $work/elsewhere#" "$conf/all.conf"
"$router" reload --state "$state" >"$work/reload.out" 2>"$work/reload.err"
is $? 1 "the state directory cannot be changed by a reload"
like "$(cat "$work/reload.err")" '*state cannot change*restart it*' "which says what to do"
stop_router
result $? "the router ends in order"
end_tests
