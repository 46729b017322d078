#!/bin/sh
# SPDX-License-Identifier: MIT
# A broker that denies one node's topic makes dead letters of its frames, alone; one that
# denies every topic makes none: all is kept until its rights are put right.
. "$top_srcdir/tests/integration/lib.sh"
need mosquitto

mkdir "$work/broker"
rights()
{
	printf '%s\n' 'topic read #' "$@" >"$work/broker/acl"
	chmod 644 "$work/broker/acl"
}

rights 'topic write frames/good'
start_broker "acl_file $work/broker/acl" || { result 1 "a broker runs"; end_tests; }
start_subscriber 'frames/#' "$work/subscribed" || result 1 "a subscriber listens"
cat >"$conf/all.conf" <<END
[mqtt "broker"]
host = 127.0.0.1
port = $broker_port
topic = frames/#ID_WASP#
retry_min = 50ms
retry_max = 200ms
END
start_router || end_tests

i=0
while test $i -lt 2000; do
	i=$((i + 1))
	node=good
	test $((i % 500)) -ne 250 || node=poison
	echo "{\"node\":\"$node\",\"sequence\":$((i % 256)),\"readings\":{\"N\":$i}}"
done >"$work/lines"
"$router" send "$work/lines" 2>/dev/null
ok "the good frames are delivered" wait_delivered broker 1996
ok "and the poison ones are dead letters" wait_for 'test "$(status_of broker rejected)" = 4' 30
is "$(status_of broker waiting)" 0 "nothing waits"
grep -v poison "$work/lines" | sed 's/.*"N":\([0-9]*\).*/\1/' >"$work/want"
wait_for "test \$(wc -l <'$work/subscribed') -ge 1996" 20
sed 's/.*"N":\([0-9]*\).*/\1/' "$work/subscribed" >"$work/got"
# mosquitto 2.0.11 closes the connection on a denied message, often before its PUBACK can be
# read: what was in flight comes again, up to ten times for each of the four
is_complete "$work/want" "$work/got" 4000 "the subscriber has every good frame"
if command -v sqlite3 >/dev/null; then
	is "$(sqlite3 "$state/outputs/broker.db" \
		"SELECT count(*), max(reason LIKE '%uthori%') FROM dead WHERE node = 'poison'")" \
		"4|1" "the dead letters are whole, and say why"
else
	skip "sqlite3 is not installed" "the dead letters are whole, and say why"
fi

# --- everything is denied ----------------------------------------------------------------------
rights 'topic write nothing'
stop_broker TERM
start_broker_again || result 1 "the broker starts with other rights"
head -n 300 "$work/lines" | grep -v poison >"$work/more"
more=$(wc -l <"$work/more")
"$router" send "$work/more" 2>/dev/null
ok "status says that everything is rejected" \
	wait_for 'status_of broker reason | grep -q "everything is rejected"' 30
is "$(status_of broker rejected)" 4 "no further frame became a dead letter"
is "$(status_of broker waiting)" "$more" "they wait"
rights 'topic write frames/#'
stop_broker TERM
start_broker_again || result 1 "the broker starts with the right rights"
ok "then all of them are delivered" wait_delivered broker $((1996 + more)) 60
is "$(status_of broker rejected) $(status_of broker waiting)" "4 0" "and none was lost"
stop_router
result $? "the router ends in order"
end_tests
