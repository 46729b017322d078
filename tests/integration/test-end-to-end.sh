#!/bin/sh
# SPDX-License-Identifier: MIT
# Frames go in by `send`, and come out at a file and at a subscriber of a real broker: all of
# them, once, with the values that the sender had.
. "$top_srcdir/tests/integration/lib.sh"
need mosquitto

# What a document says of the frame itself: without what the router adds.
frame_of()
{
	sed -e 's/"uid":"[^"]*","id":[0-9]*,"router":"[^"]*",*//' \
		-e 's/"received":"[^"]*",//' -e 's/"source":"[^"]*",//' "$@" | LC_ALL=C sort
}

start_broker || { result 1 "a broker runs"; end_tests; }
start_subscriber 'frames/#' "$work/subscribed" || result 1 "a subscriber listens"
cat >"$conf/all.conf" <<END
[router]
name = gw-test
[file "archive"]
path = $work/archive.jsonl
[mqtt "broker"]
host = 127.0.0.1
port = $broker_port
topic = frames/#ID_WASP#
END
start_router || end_tests

# --- real frames, and those of the vendor's own library --------------------------------------
sed -n 's/.*"hex": *"\([0-9A-F]*\)".*/\1/p' "$top_srcdir/tests/data/frames/vendor.jsonl" \
	"$top_srcdir/tests/data/frames/real.jsonl" >"$work/hex"
count=$(wc -l <"$work/hex")
"$router" decode "$work/hex" >"$work/decoded" 2>/dev/null
LC_ALL=C sort "$work/decoded" >"$work/want"
"$router" send "$work/hex" 2>"$work/send.log"
frames=$(wc -l <"$work/decoded")
ok "the file output has delivered $frames frames" wait_delivered archive "$frames"
ok "and so has the mqtt output" wait_delivered broker "$frames"
ok "the subscriber got as many" \
	wait_for "test \$(wc -l <'$work/subscribed') -ge $frames" 20
frame_of "$work/archive.jsonl" >"$work/got"
ok "each frame in the file is what the sender sent" cmp "$work/want" "$work/got"
frame_of "$work/subscribed" >"$work/got"
ok "each frame at the subscriber is what the sender sent" cmp "$work/want" "$work/got"
is "$(arrived_ids "$work/archive.jsonl" | tr '\n' ' ')" \
	"$(seq "$frames" | tr '\n' ' ')" "they came in the order in which they were stored"
is "$("$router" status --json | sed 's/.*"quarantined":\([0-9]*\).*/\1/')" \
	"$((count - frames))" "what is no frame of a standard table is in quarantine"

# --- the first frame, fast -------------------------------------------------------------------
before=$(wc -l <"$work/subscribed")
began=$(date +%s%N)
printf '3C3D3E06223B2F6F057C1054E66E6F64655F3031232934574A1F859F414C0000E4414DC0FCC447\n' |
	"$router" send 2>/dev/null
ok "node_01 arrives at the subscriber" \
	wait_for "test \$(wc -l <'$work/subscribed') -gt $before" 10
echo "# after $((($(date +%s%N) - began) / 1000000)) ms, the sender's own start included"
like "$(tail -n 1 "$work/subscribed")" \
	'*"node":"node_01"*"readings":{"BAT":87,"TC":19.94,"HUM":28.5,"PRES":100857.5}}' \
	"with BAT 87, TC 19.94, HUM 28.5, PRES 100857.5"

# --- made-up stations ------------------------------------------------------------------------
for format in hex ascii json; do
	"$router" simulate --count 1000 --seed 7 --format $format >"$work/lines"
	"$router" decode "$work/lines" | LC_ALL=C sort >"$work/want"
	before=$(status_of archive delivered)
	"$router" send "$work/lines" 2>/dev/null
	result $? "send takes 1,000 simulated frames ($format)"
	wait_delivered archive $((before + 1000))
	tail -n 1000 "$work/archive.jsonl" >"$work/tail"
	frame_of "$work/tail" >"$work/got"
	ok "and they are in the file as they were made ($format)" cmp "$work/want" "$work/got"
done
ok "the mqtt output has followed" wait_delivered broker $((frames + 3001))

for output in archive broker; do
	is "$(status_of $output waiting) $(status_of $output rejected) $(status_of $output evicted)" \
		"0 0 0" "$output: nothing waits, nothing was rejected or given up"
done
is_balanced
stop_router
result $? "the router ends in order"
end_tests
