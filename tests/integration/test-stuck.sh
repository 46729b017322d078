#!/bin/sh
# SPDX-License-Identifier: MIT
# Frames that cannot be delivered do not keep an output from those that can.
. "$top_srcdir/tests/integration/lib.sh"
FRAME_ROUTER_PLUGINS=$top_builddir/tests/plugins/.libs
export FRAME_ROUTER_PLUGINS

# output NAME HOW WINDOW: misbehaves with frames of the node `bad`.
output()
{
	cat >"$conf/$1.conf" <<-END
		[misbehave "$1"]
		how = $2
		node = bad
		window = $3
		path = $work/$1.uids
		retry_min = 20ms
		retry_max = 50ms
	END
}
output front reject 100
output strict reject 1
output limp limp 100
output broken break 100
start_router || end_tests

{
	echo '{"node":"good","readings":{"TC":0}}'
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		echo "{\"node\":\"bad\",\"readings\":{\"TC\":$i}}"
	done
	echo '{"node":"good","readings":{"TC":13}}'
	echo '{"node":"good","readings":{"TC":14}}'
} >"$work/lines"
"$router" send "$work/lines" 2>/dev/null

ok "good frames are delivered from behind twelve that are rejected at once" \
	wait_delivered front 3 20
is "$(status_of front rejected) $(status_of front waiting)" "12 0" \
	"then the twelve are dead letters"
ok "also when they go one by one" wait_delivered strict 3 20
is "$(tail -n 2 "$work/strict.uids" | sed 's/.*-//' | tr '\n' ' ')" "14 15 " \
	"and those keep their order"
ok "a frame on which the link breaks goes although an older one is to be retried" \
	wait_for 'grep -q "^limp: .*is a dead letter: the link breaks" "$work/router.log"' 20
ok "it is told why the link broke" grep -q "^broken: .*backs off: it broke" "$work/router.log"
stop_router
result $? "the router ends in order"
end_tests
