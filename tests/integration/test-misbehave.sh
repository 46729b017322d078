#!/bin/sh
# SPDX-License-Identifier: MIT
# Plugins that crash, hang, leave, lie and reject cost their own output only.
. "$top_srcdir/tests/integration/lib.sh"
FRAME_ROUTER_PLUGINS=$top_builddir/tests/plugins/.libs
export FRAME_ROUTER_PLUGINS

{
	echo '[file "archive"]'
	echo "path = $work/archive.jsonl"
	for how in segv abort exit hang silent twice reject retry break later; do
		echo "[misbehave \"$how\"]"
		echo "how = $how"
		echo "path = $work/$how.uids"
		echo "timeout = 500ms"
		echo "retry_min = 20ms"
		echo "retry_max = 100ms"
	done
	echo '[misbehave "poison"]'
	echo "how = reject"
	echo "node = poison"
	echo "path = $work/poison.uids"
	echo '[misbehave "breaker"]'
	echo "how = break"
	echo "node = poison"
	echo "path = $work/breaker.uids"
	echo "retry_min = 20ms"
	echo "retry_max = 50ms"
} >"$conf/all.conf"
start_router || end_tests

for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	echo "{\"node\":\"good\",\"sequence\":$i,\"readings\":{\"TC\":$i}}"
done >"$work/lines"
"$router" send "$work/lines" 2>/dev/null
ok "the good output delivers while the others misbehave" wait_delivered archive 20 20

reason()
{
	wait_for "status_of $1 reason | grep -q '$2'" 40
	result $? "$1: status says: $2" || echo "# it says $(status_of "$1" reason)"
}
reason segv 'starting again in .*killed by signal 11'
reason abort 'starting again in .*killed by signal 6'
reason exit 'starting again in .*exit code 0'
reason retry 'backing off .*as it was told'
reason later 'backing off \(300\|2[0-9][0-9]\) s: the far side asks to wait'
ok "later: the log says that it was not believed" \
	grep -q '^later: .*asks to wait 4294967 s: capped at 300 s' "$work/router.log"
reason reject 'everything is rejected: as it was told'
reason silent 'gave no verdict in time'
reason hang 'did not return in time'
is "$(status_of segv waiting)" 20 "a crashing output loses nothing: its frames wait"
is "$(status_of reject rejected) $(status_of reject waiting)" "0 20" \
	"a far side that rejects everything makes no dead letters"
ok "verdicts that come twice, or for nobody, do no harm" wait_delivered twice 20 20
is "$(status_of twice rejected)" 0 "the first verdict counts"

# One poison frame among good ones.
{
	echo '{"node":"poison","readings":{"TC":1}}'
	head -n 9 "$work/lines"
} >"$work/more"
"$router" send "$work/more" 2>/dev/null
ok "the frames behind a poison frame flow" wait_delivered poison 29 20
is "$(status_of poison rejected) $(status_of poison waiting)" "1 0" \
	"the poison frame alone is a dead letter"
ok "a frame on which the link breaks ten times goes away" wait_delivered breaker 29 60
is "$(status_of breaker rejected) $(status_of breaker waiting)" "1 0" \
	"it alone is a dead letter"
is "$(wc -l <"$work/archive.jsonl")" 30 "the good output has had all of it"
stop_router
result $? "the router ends in order, though one of its plugins hangs"
end_tests
