#!/bin/sh
# SPDX-License-Identifier: MIT
# The store is damaged while the router runs: the first to meet it makes all stop, the store is
# salvaged, and all go on without anybody's help.
. "$top_srcdir/tests/integration/lib.sh"

cat >"$conf/all.conf" <<END
[file "archive"]
path = $work/archive.jsonl
enabled = no
[file "witness"]
path = $work/witness.jsonl
END
start_router || end_tests
"$router" simulate --count 3000 | "$router" send 2>/dev/null
ok "3000 frames are stored" wait_delivered witness 3000
stop_router
start_router || end_tests
before=$(cat "/proc/$router_pid/task/$router_pid/children")
size=$(stat -c %s "$state/frames.db")
tr '\0' x </dev/zero | dd of="$state/frames.db" bs=4096 seek=$((size / 8192)) count=2 \
	conv=notrunc iflag=fullblock 2>/dev/null
ok "an output that has to read them all is enabled" "$router" enable archive
wait_for 'grep -q "all start again" "$work/router.log"' 60
result $? "what it meets makes all stop for a check"
ok "of which the log tells" grep -q "the store may be damaged" "$work/router.log"
wait_for 'test "$(status_of archive state)" = Running &&
	test "$(status_of witness state)" = Running' 20
result $? "all run again"
# shellcheck disable=SC2086 # words
for child in $before; do
	wait_for "! is_alive $child" 5 || result 1 "process $child was stopped"
done
fails "nothing is suspect any more" test -e "$state/suspect"
set -- "$state"/frames.db.corrupt-*
ok "the damaged database is set aside" test -e "$1"
"$router" simulate --count 10 --seed 9 | "$router" send 2>/dev/null
ok "new frames are taken and delivered" \
	wait_for 'test "$(status_of archive waiting)" = 0 && test "$(status_of witness waiting)" = 0 &&
		test "$(wc -l <"$work/archive.jsonl")" -gt 1000' 30
echo "# $(wc -l <"$work/archive.jsonl") of 3010 frames came through"
is "$(grep -c "may be damaged" "$work/router.log")" 1 "once was enough"
stop_router
result $? "the router ends in order"

# A supervisor that died before its helper could ask for a signal at its death.
: | FRAME_ROUTER_PIPE=0 "$router" prepare --state "$work/orphan"
fails "a helper whose router is gone does nothing" test -e "$work/orphan"
end_tests
