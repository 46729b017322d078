#!/bin/sh
# SPDX-License-Identifier: MIT
# A store that is full refuses with an error that tells to come again, delivers on, and takes
# frames again by itself; `hold` makes one slow output give up its own frames only.
. "$top_srcdir/tests/integration/lib.sh"

cat >"$conf/all.conf" <<END
[router]
max_size = 2M
keep = 1s
[socket-input "nodes"]
listen = unix:$work/nodes.sock
[file "archive"]
path = $work/archive.jsonl
hold = 100M
END
start_router || end_tests
ok "the output is stopped" "$router" stop archive
"$router" simulate --count 20000 --seed 5 >"$work/lines"
"$helpers/blaster" -w 100 -t 5 -l "$work/ledger" "unix:$work/nodes.sock" "$work/lines" \
	>"$work/blaster.log" 2>&1
result $((! $?)) "a sender is told that not all was taken"
like "$(tail -n 2 "$work/blaster.log")" '*: error later: the store is full*' "and why"
stored=$(wc -l <"$work/ledger")
ok "some thousand frames were taken ($stored)" test "$stored" -gt 2000
ok "but not all" test "$stored" -lt 20000
like "$("$router" status nodes)" '*takes nothing now: *full*' "status says why"
ok "the store stays within its size" test "$(stat -c %s "$state/frames.db")" -le 2300000

ok "the output starts again" "$router" start archive
ok "all that was promised is delivered" wait_delivered archive "$stored"
ledger_ids "$work/ledger" >"$work/promised"
arrived_ids "$work/archive.jsonl" >"$work/arrived"
is_complete "$work/promised" "$work/arrived" 0 "each promised frame is in the file, once"

# The purge makes room, and the rest goes through.
sed "1,${stored}d" "$work/lines" >"$work/rest"
"$helpers/blaster" -w 100 -t 120 -r -l "$work/ledger2" "unix:$work/nodes.sock" "$work/rest" \
	>"$work/blaster.log" 2>&1
result $? "then the rest is taken, as room comes free"
ok "and delivered" wait_delivered archive $((stored + $(wc -l <"$work/ledger2"))) 60
ledger_ids "$work/ledger2" >>"$work/promised"
arrived_ids "$work/archive.jsonl" >"$work/arrived"
is_complete "$work/promised" "$work/arrived" 0 "every promised frame is in the file, once"
is_balanced
stop_router
result $? "the router ends in order"

# --- hold --------------------------------------------------------------------------------------
rm -rf "$state" "$work"/*.jsonl && mkdir -m 700 "$state"
cat >"$conf/all.conf" <<END
[router]
max_size = 2M
keep = 1s
[file "fast"]
path = $work/fast.jsonl
[socket-input "nodes"]
listen = unix:$work/nodes.sock
[file "slow"]
path = $work/slow.jsonl
hold = 500K
END
start_router || end_tests
ok "the slow output is stopped" "$router" stop slow
for part in 1 2 3 4; do
	sed -n "$(((part - 1) * 5000 + 1)),$((part * 5000))p" "$work/lines" >"$work/part"
	"$router" send "$work/part" 2>/dev/null
	wait_delivered fast $((part * 5000))
done
is "$(status_of fast delivered)" 20000 "a slow output does not stop the fast one"
is "$(status_of fast evicted)" 0 "which loses nothing"
"$router" start slow
ok "the slow one catches up" wait_for 'test "$(status_of slow waiting)" = 0' 60
evicted=$(status_of slow evicted)
ok "after giving up its oldest frames ($evicted), counted" test "$evicted" -gt 5000
is $(($(status_of slow delivered) + evicted)) 20000 "its accounts balance"
ok "the rest arrived" test "$(wc -l <"$work/slow.jsonl")" -eq "$(status_of slow delivered)"

# One that is taken out of conf.d claims its share, and no more.
sed -i '/"slow"/,$d' "$conf/all.conf"
ok "the slow one is taken out" "$router" reload
head -n 12000 "$work/lines" >"$work/some"
"$helpers/blaster" -w 100 -t 120 -r -l "$work/ledger3" "unix:$work/nodes.sock" "$work/some" \
	>"$work/blaster.log" 2>&1
result $? "a store that it would have filled takes every frame"
ok "and they are delivered" wait_delivered fast 32000
like "$("$router" status slow)" '*Stopped (not configured any more*evicted *[1-9]*' \
	"what it gave up is counted"
is_balanced
end_tests
