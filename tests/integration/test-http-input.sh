#!/bin/sh
# SPDX-License-Identifier: MIT
# Nodes and programs send by HTTP to a whole router: the request of a node is at a subscriber
# at once; what many senders were promised arrives, also when the input is killed meanwhile.
. "$top_srcdir/tests/integration/lib.sh"
need mosquitto
need curl
if test ! -e "$top_builddir/plugins/http-input/.libs/http-input.so"; then
	echo "1..0 # SKIP http-input was left out of this build"
	exit 0
fi
FRAMES=${HTTP_FRAMES:-400}
hex=3C3D3E06223B2F6F057C1054E66E6F64655F3031232934574A1F859F414C0000E4414DC0FCC447

start_broker || { result 1 "a broker runs"; end_tests; }
start_subscriber 'frames/#' "$work/subscribed" || result 1 "a subscriber listens"
port=$("$helpers/free-port")
cat >"$conf/all.conf" <<END
[router]
name = gw-test
[http-input "nodes"]
listen = 127.0.0.1:$port
[file "archive"]
path = $work/archive.jsonl
[mqtt "broker"]
host = 127.0.0.1
port = $broker_port
END
url=http://127.0.0.1:$port
start_router || end_tests
ok "the input listens" wait_for "grep -q 'nodes: listening on 127.0.0.1:$port' '$work/router.log'"

# ask ARGUMENT...: curl's answer with its status, in one line.
ask()
{
	curl -s -m 20 -w '%{http_code}' "$@" | tr '\n' ' '
}

# --- a node's request --------------------------------------------------------------------------
: >>"$work/archive.jsonl"
wait_for "test \"\$(status_of broker state)\" = Running"
began=$(date +%s%N)
is "$(ask "$url/getpost_frame_parser.php?frame=$hex")" "OK 1 200" "a node is answered"
ok "its frame is in the file" wait_for "test -s '$work/archive.jsonl'" 10
ok "and at the subscriber" wait_for "test -s '$work/subscribed'" 10
echo "# after at most $((($(date +%s%N) - began) / 1000000)) ms, curl's own start included"
like "$(cat "$work/subscribed")" \
	'*"node":"node_01"*"source":"nodes","readings":{"BAT":87,"TC":19.94,"HUM":28.5,"PRES":100857.5}}' \
	"with BAT 87, TC 19.94, HUM 28.5, PRES 100857.5"

# --- every way in ------------------------------------------------------------------------------
is "$(ask -d "frame=$hex" "$url/getpost_frame_parser.php?")" "OK 2 200" "by POST"
is "$(ask "$url/?frame=$hex$hex&frame=$hex")" "OK 3 OK 4 OK 5 200" \
	"two frames glued in one, and one more"
is "$(ask -d '{"node":"j","readings":{"TC":1}}' "$url/")" '{"id":6} 200' "as JSON"
is "$(ask -d '[{"readings":{"TC":2}},{"readings":{}}]' "$url/")" \
	'[{"id":7},{"id":8}] 200' "as an array of JSON"
printf '%s\n' "$hex" "$hex" >"$work/two"
is "$(ask -H 'Content-Type: text/plain' --data-binary "@$work/two" "$url/")" \
	"OK 9 OK 10 200" "as lines"
is "$(ask "$url/?frame=$(echo $hex | cut -c 1-40)")" \
	"KEPT cut short: the count byte says 34, 15 bytes follow it 200" \
	"what is no frame is kept"
is "$(ask -d '{"readings":' "$url/")" \
	'{"error":"a JSON object has no end"} 400' "broken JSON is refused"
ok "ten frames are in the file" wait_delivered archive 10
is "$(arrived_ids "$work/archive.jsonl" | tr '\n' ' ')" "1 2 3 4 5 6 7 8 9 10 " \
	"under the numbers that were promised"
is "$("$router" status --json | sed 's/.*"quarantined":\([0-9]*\).*/\1/')" 1 \
	"one thing is in quarantine"

# --- many senders, and a kill in between -------------------------------------------------------
"$router" simulate --count "$FRAMES" --nodes 5 --seed 3 >"$work/lines"
# A node sends until it is answered.
cat >"$work/node" <<'END'
#!/bin/sh
n=0
until answer=$(curl -s -f -m 10 "$1/getpost_frame_parser.php?frame=$2"); do
	n=$((n + 1))
	test $n -lt 300 || exit 1
	sleep 0.1
done
echo "$answer" >>"$3"
END
chmod +x "$work/node"
: >"$work/answers"
xargs -P 16 -I '{}' "$work/node" "$url" '{}' "$work/answers" <"$work/lines" &
senders=$!
began $senders
answered_enough()
{
	test "$(wc -l <"$work/answers")" -ge $((FRAMES / 3)) || ! is_alive "$senders"
}
wait_for answered_enough 60
pid=$("$router" status nodes | sed -n 's/^ *process *//p')
ok "the input is killed" kill -KILL "$pid"
wait $senders
result $? "every sender was answered in the end"
fails "and told that its frame is stored" grep -qv '^OK [0-9]*$' "$work/answers"
sed 's/OK //' "$work/answers" >"$work/promised"
is "$(sort -u "$work/promised" | wc -l)" "$FRAMES" "each under a number of its own"
for output in archive broker; do
	ok "$output: nothing waits any more" \
		wait_for "test \"\$(status_of $output waiting)\" = 0" 60
done
sort "$work/promised" >"$work/wanted"
arrived_ids "$work/archive.jsonl" | sed 1,10d >"$work/arrived"
compare "$work/wanted" "$work/arrived"
is "$lost $duplicates" "0 0" "every promised frame is in the file, once"
ok "frames that were stored, and whose answer the kill took, are at most 16: $strange" \
	test "$strange" -le 16
stop_router
result $? "the router ends in order"
end_tests
