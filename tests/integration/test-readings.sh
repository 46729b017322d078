#!/bin/sh
# SPDX-License-Identifier: MIT
# One message per reading: every reading arrives, and a frame counts once, whatever becomes of
# its readings.
. "$top_srcdir/tests/integration/lib.sh"
FRAME_ROUTER_PLUGINS=$top_builddir/tests/plugins/.libs
export FRAME_ROUTER_PLUGINS

# output NAME HOW TAG WINDOW: misbehaves with readings of that tag.
output()
{
	cat >"$conf/$1.conf" <<-END
		[misbehave "$1"]
		how = $2
		tag = $3
		window = $4
		per = reading
		path = $work/$1.uids
		retry_min = 20ms
		retry_max = 50ms
	END
}
output whole deliver '' 100
output narrow deliver '' 1
output late twice '' 3
output bad reject BAD 4
output break break BAD 4
output stuck silent BAD 10
start_router || end_tests

# frame NODE COUNT [READING]: so many readings, and one more.
frame()
{
	printf '{"node":"%s","readings":{' "$1"
	seq "$2" | sed 's/.*/"R&":&,/' | tr -d '\n'
	printf '%s}}\n' "${3:-\"Z\":0}"
}
# uids FIRST-ID: what the readings of the frames on stdin are called.
uids()
{
	awk -v id="$1" '{
		n = gsub(/"[A-Z]+[0-9]*":/, "&")
		for (i = 1; i <= n; i++) {
			match($0, /"[A-Z]+[0-9]*":/)
			print id "-" substr($0, RSTART + 1, RLENGTH - 3)
			$0 = substr($0, RSTART + RLENGTH)
		}
		id++
	}'
}
# arrived_readings NAME: ID-TAG of each message that this output has taken.
arrived_readings()
{
	sed -n 's/^[0-9a-f]*-//p' "$work/$1.uids"
}
# accounts NAME: delivered rejected skipped evicted waiting
accounts()
{
	for key in delivered rejected skipped evicted waiting; do
		status_of "$1" $key
	done | tr '\n' ' '
}

{
	frame a 30
	echo '{"node":"none","readings":{}}'
	frame b 3 '"BAD":1'
	frame c 2 | sed 'p;p;p;p;p;p;p;p;p;p;p;p;p;p;p;p;p;p;p'
	frame many 999 | sed 'p;p'
} >"$work/lines"
"$router" send "$work/lines" 2>/dev/null
uids 1 <"$work/lines" >"$work/want"

for name in whole narrow late; do
	ok "$name: 25 frames are delivered" wait_delivered $name 25 60
	is "$(accounts $name)" "25 0 1 0 0 " "$name: one without readings is skipped"
	arrived_readings $name >"$work/got"
	test $name = late || is_complete "$work/want" "$work/got" 0 \
		"$name: each reading arrived once"
done
ok "with a window of one the readings come in their order" \
	eval 'arrived_readings narrow | cmp -s "$work/want" -'

for name in bad break; do
	ok "$name: the frames around a bad reading are delivered" wait_delivered $name 24 60
	wait_for "test '0' = \"\$(status_of $name waiting)\"" 40
	is "$(accounts $name)" "24 1 1 0 0 " "$name: its frame is one dead letter"
	arrived_readings $name >"$work/got"
	grep -v BAD "$work/want" >"$work/good"
	is_complete "$work/good" "$work/got" 40 "$name: all good readings arrived"
done
ok "the dead letter says which reading it was" \
	grep -q '^bad: .*frame 3 is a dead letter: BAD: as it was told' "$work/router.log"

# --- a stuck reading, and a crash ------------------------------------------------------------
good_of_stuck()
{
	wc -l <"$work/stuck.uids"
}
# marker COUNT: until another output has delivered one more frame, the COUNTth.
marker()
{
	echo '{"node":"marker","readings":{"M":1}}' | "$router" send - 2>/dev/null
	wait_delivered whole "$1" 20
}
# 31 of the first frame, 3 beside the stuck one, 16 behind it; and the stuck one is out as well
ok "readings behind a stuck one go on" wait_for 'test "$(good_of_stuck)" -ge 50' 20
marker 26
is "$(good_of_stuck)" 50 "but no more of them than twice the window are out"
is "$(accounts stuck)" "1 0 1 0 25 " "the place stays before the stuck frame"
kill -KILL "$(pgrep -P "$router_pid" -f ' output stuck')"
ok "after a crash it goes on" wait_for 'test "$(good_of_stuck)" -ge 69' 20
marker 27
arrived_readings stuck | sort | uniq -d >"$work/twice"
is "$(wc -l <"$work/twice")" 19 "what was out comes twice, and nothing else"
is "$(good_of_stuck)" 69 "none comes a third time"

# --- what a foreign program may write --------------------------------------------------------
if command -v sqlite3 >/dev/null; then
	sqlite3 "$state/frames.db" "INSERT INTO frame (readings) VALUES ('{\"H\":\"\\ud800\"}'),
		((WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
		SELECT json_group_object('T' || i, i) FROM n)), ('{\"A\":1,\"A\":2}')"
	ok "frames around one without single readings are delivered" wait_delivered whole 28 20
	is "$(accounts whole)" "28 2 1 0 0 " "that one is a dead letter"
	ok "with half a character" \
		grep -q '^whole: .*dead letter: its readings cannot be taken apart' "$work/router.log"
	ok "or too many" grep -q '^whole: .*dead letter: .*more than 1000 readings' "$work/router.log"
	is "$(tail -n 2 "$work/whole.uids" | sed 's/^[^-]*-[0-9]*-//' | tr '\n' ' ')" "A A~1 " \
		"a tag that comes twice is two messages"
else
	skip "sqlite3 is not installed" "frames of a foreign program have their readings taken apart"
fi
stop_router
result $? "the router ends in order"
end_tests
