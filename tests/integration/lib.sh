# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What tests of the whole program share: a folder, a router, a broker, waiting for events with
# a deadline, and comparing what was promised with what arrived.  A test begins with
#
#   . "$top_srcdir/tests/integration/lib.sh"
#
# and ends with end_tests.  Every process started here is ended here, by its id.
. "${top_srcdir:=.}/tests/tap.sh"
: "${top_builddir:=$top_srcdir}"
case $top_srcdir in /*) ;; *) top_srcdir=$(cd "$top_srcdir" && pwd) ;; esac
case $top_builddir in /*) ;; *) top_builddir=$(cd "$top_builddir" && pwd) ;; esac

umask 022
# Debian keeps the broker where only root's PATH looks.
PATH=$PATH:/usr/sbin:/sbin
router=$top_builddir/frame-router
helpers=$top_builddir/tests/integration

# The test's own folder; gone at its end, and with it the default places of the router.
work=$(mktemp -d "${TMPDIR:-/tmp}/frame-router.XXXXXX") || exit 1
conf=$work/conf.d
state=$work/state
mkdir "$conf" "$state" && chmod 700 "$state" || exit 1
FRAME_ROUTER_CONF=$conf
FRAME_ROUTER_STATE=$state
export FRAME_ROUTER_CONF FRAME_ROUTER_STATE

# --- processes -------------------------------------------------------------------------------

lib_started=

# began PID: this process ends with the test at the latest.
began()
{
	lib_started="$lib_started $1"
}

# is_alive PID: a process that has ended, but was not waited for, is not.
is_alive()
{
	case $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) in
	'' | Z* | X*) return 1 ;;
	esac
}

# end_process PID [SIGNAL]: ends a process of this test, by KILL if 20 s are not enough, and
# gives its exit status.
end_process()
{
	kill "-${2:-TERM}" "$1" 2>/dev/null
	kill -CONT "$1" 2>/dev/null
	wait_for "! is_alive $1" 20 || kill -KILL "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

lib_cleanup()
{
	lib_status=$?
	trap - EXIT INT TERM HUP
	for lib_pid in $lib_started; do
		is_alive "$lib_pid" && end_process "$lib_pid"
	done
	rm -rf "$work"
	exit "$lib_status"
}
trap lib_cleanup EXIT
trap 'exit 1' INT TERM HUP

# wait_for CONDITION [SECONDS]: until the condition (a text for eval) holds; false when it does
# not in time (30 s).  This is how a test waits: for an event, with a deadline.
wait_for()
{
	lib_end=$(($(date +%s) + ${2:-30}))
	until eval "$1"; do
		test "$(date +%s)" -le "$lib_end" || return 1
		sleep 0.05
	done
}

# --- the router ------------------------------------------------------------------------------

# start_router [ARGUMENT...]: runs it with $conf and $state (or --conf and --state of its own)
# in the background until `status` says that it runs; its log is $work/router.log, its process
# $router_pid.
start_router()
{
	"$router" run "$@" >>"$work/router.log" 2>&1 </dev/null &
	router_pid=$!
	began $router_pid
	# Not `status "$@"`: its own arguments must be those that run was given.
	lib_places=$*
	wait_for 'lib_router_is_up || ! is_alive "$router_pid"' 60
	if lib_router_is_up; then
		return 0
	fi
	echo "the router did not start:" | note
	note <"$work/router.log"
	return 1
}

lib_router_is_up()
{
	# shellcheck disable=SC2086 # options and folders of tests have no blanks
	is_alive "$router_pid" && "$router" status $lib_places >/dev/null 2>&1
}

# stop_router [SIGNAL]: gives its exit status.
stop_router()
{
	end_process "$router_pid" "$@"
}

# status_of NAME KEY: what `status --json` says of one input or output.  Without blanks, each
# object on a line: that is all the JSON that a test needs to read.
status_of()
{
	"$router" status --json | tr -d '\n' | sed 's/[{}]/\n/g' |
		grep "\"name\" *: *\"$1\" *," | grep "\"plugin\"" |
		sed -n "s/.*\"$2\" *: *\"\{0,1\}\([^\",]*\).*/\1/p"
}

# is_balanced: received = delivered + rejected + skipped + evicted + waiting, for each output.
is_balanced()
{
	"$router" status >"$work/balance"
	fails "no account is out of balance" grep -q BALANCE "$work/balance"
}

# wait_delivered NAME COUNT [SECONDS]: until that output has delivered so many.
wait_delivered()
{
	wait_for "test \"\$(status_of $1 delivered)\" -ge $2 2>/dev/null" "${3:-60}"
}

# --- far sides -------------------------------------------------------------------------------

# start_broker [LINE...]: an MQTT broker on a free port of 127.0.0.1, with these lines at the
# end of its configuration.  $broker_port, $broker_pid; its files are in $work/broker.
start_broker()
{
	mkdir -p "$work/broker"
	lib_lines=$(printf '%s\n' "$@")
	for lib_try in 1 2 3 4 5; do
		broker_port=$("$helpers/free-port") || return 1
		# It keeps every message for a subscriber that is away, also over a restart.
		cat >"$work/broker/mosquitto.conf" <<-END
			listener $broker_port 127.0.0.1
			allow_anonymous true
			persistence true
			persistence_location $work/broker/
			max_queued_messages 0
			max_inflight_messages 1000
			log_dest stderr
			$(test "$(id -u)" -ne 0 || echo user root)
			$lib_lines
		END
		start_broker_again && return 0
		echo "broker, try $lib_try:" | note
		note <"$work/broker/log"
	done
	return 1
}

# start_broker_again: the same broker on the same port, after stop_broker.
start_broker_again()
{
	lib_again=0
	while test $lib_again -lt 10; do
		lib_again=$((lib_again + 1))
		: >"$work/broker/log"
		mosquitto -c "$work/broker/mosquitto.conf" >"$work/broker/log" 2>&1 </dev/null &
		broker_pid=$!
		began $broker_pid
		wait_for 'grep -q " running$" "$work/broker/log" || ! is_alive "$broker_pid"' 20
		is_alive "$broker_pid" && grep -q ' running$' "$work/broker/log" && return 0
		# somebody's connection has the port for a moment; anything else stays wrong
		grep -q 'in use' "$work/broker/log" || return 1
		sleep 0.5
	done
	return 1
}

# stop_broker [SIGNAL]: with TERM it keeps its sessions, with KILL it forgets.
stop_broker()
{
	end_process "$broker_pid" "$@"
}

# start_subscriber TOPIC FILE: appends each payload as a line to the file, from now on.
# $subscriber_pid.
start_subscriber()
{
	: >"$2.log"
	"$helpers/subscriber" "$broker_port" "$1" "$2" >"$2.log" 2>&1 </dev/null &
	subscriber_pid=$!
	began $subscriber_pid
	wait_for "grep -q ready '$2.log' || ! is_alive $subscriber_pid" 20
	grep -q ready "$2.log"
}

# --- ledgers ---------------------------------------------------------------------------------

# compare WANT GOT: two files of one key a line.  Sets $lost (wanted, not there), $duplicates
# (times that a key came again) and $strange (keys that nobody wanted); the first keys of each
# kind are in $work/lost and $work/strange.
compare()
{
	LC_ALL=C sort -u "$1" >"$work/compare.want"
	LC_ALL=C sort "$2" >"$work/compare.all"
	uniq "$work/compare.all" >"$work/compare.got"
	LC_ALL=C comm -23 "$work/compare.want" "$work/compare.got" >"$work/lost"
	LC_ALL=C comm -13 "$work/compare.want" "$work/compare.got" >"$work/strange"
	lost=$(wc -l <"$work/lost")
	strange=$(wc -l <"$work/strange")
	duplicates=$(($(wc -l <"$work/compare.all") - $(wc -l <"$work/compare.got")))
}

# is_complete WANT GOT MOST TEXT: nothing is lost, and at most so many came twice.
is_complete()
{
	compare "$1" "$2"
	test "$lost" -eq 0 && test "$duplicates" -le "$3" && test -s "$1"
	result $? "$4" || {
		echo "$(wc -l <"$1") wanted, $lost lost, $duplicates twice, $strange strange"
		sed 's/^/lost: /' "$work/lost" | head -n 5
	} | note
}

# ledger_ids LEDGER: the ids that a sender was promised, from a ledger of blaster.
ledger_ids()
{
	sed 's/.* //' "$1"
}

# arrived_ids FILE: the ids in JSON documents, one a line, from their uid.
arrived_ids()
{
	sed -n 's/.*"uid":"[0-9a-f]*-\([0-9]*\)[-"].*/\1/p' "$1"
}

# arrived FILE KEY: the number or text of that key in JSON documents, one a line.
arrived()
{
	sed -n "s/.*\"$2\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$1"
}
