#!/bin/sh
# SPDX-License-Identifier: MIT
# 50,500 frames to a real nginx that is stopped and started again, that answers 401, 503, 429
# and 413 for a while, and that never takes every thousandth frame: it has every other frame
# that a sender was promised, and those alone are dead letters.
. "$top_srcdir/tests/integration/lib.sh"
need nginx sqlite3 pgrep
. "$top_srcdir/tests/integration/nginx.sh"
# No part ends with a thousandth: without a delivery behind it, it is held for `timeout`.
FRAMES=${OUTAGE_FRAMES:-50500}
chunk=$((FRAMES / 5))
window=400

# --- the server ------------------------------------------------------------------------------
# nginx knows a body only after it has read it, for somebody behind it: so it stands behind
# itself, and there it finds the body in a header.
write_nginx()
{
	cat >"$work/nginx/http.conf" <<-END
		log_format bodies escape=none '\$status \$uri \$request_body';
		client_body_buffer_size 1m;
		keepalive_requests 1000000;
		large_client_header_buffers 4 512k;
		map \$request_uri \$is_poison_uri { default 0; ~000\$ 1; }
		map \$http_x_body \$is_poison_body { default 0; '~"id":[0-9]*000,' 1; }
		server {
			listen 127.0.0.1:$port;
			access_log $work/nginx/access.log bodies;
			include $work/nginx/mode;
			location /one/ {
				if (\$is_poison_uri) { return 400 "a thousandth\n"; }
				proxy_pass http://unix:$work/nginx/inner.sock;
			}
			location /many {
				if (\$http_authorization != "Bearer right") { return 401; }
				proxy_set_header X-Body \$request_body;
				proxy_pass http://unix:$work/nginx/inner.sock;
			}
		}
		server {
			listen unix:$work/nginx/inner.sock;
			location / {
				if (\$is_poison_body) { return 422 "a thousandth\n"; }
				return 204;
			}
		}
	END
}

# mode [LINE...]: what the server does from now on besides.
mode()
{
	printf '%s\n' "$@" >"$work/nginx/mode"
	reload_nginx
}

: >"$work/nginx/mode"
for _ in 1 2 3 4 5; do
	port=$("$helpers/free-port")
	write_nginx
	start_nginx && break
done
is_alive "$nginx_pid"
result $? "nginx runs" || end_tests

# --- the router ------------------------------------------------------------------------------
(umask 077 && echo wrong >"$work/token")
cat >"$conf/all.conf" <<END
[socket-input "nodes"]
listen = unix:$work/nodes.sock
[http "one"]
url = http://127.0.0.1:$port/one/#ID#
window = $window
retry_min = 100ms
retry_max = 500ms
timeout = 5s
[http "many"]
url = http://127.0.0.1:$port/many
token_file = $work/token
batch = 100
window = $window
connections = 2
retry_min = 100ms
retry_max = 500ms
timeout = 5s
END
start_router || end_tests

"$router" simulate --count "$FRAMES" --nodes 20 --seed 12 >"$work/lines"
split -l "$chunk" "$work/lines" "$work/lines."
: >"$work/ledger"

# send_chunk FILE: in the background, as $sender; the ledger grows by it when it has ended.
send_chunk()
{
	"$helpers/blaster" -w 500 -t 120 -r -l "$1.ledger" "unix:$work/nodes.sock" "$1" &
	sender=$!
	began $sender
}

# chunk_sent FILE
chunk_sent()
{
	wait "$sender"
	result $? "the sender was promised every frame of this part"
	cat "$1.ledger" >>"$work/ledger"
}

backs_off()
{
	wait_for "status_of $1 reason | grep -q 'backing off.*$2'" 30
	result $? "status of $1 tells: $2"
}

all_gone()
{
	ok "nothing waits any more" wait_for \
		'test "$(status_of one waiting)" = 0 && test "$(status_of many waiting)" = 0' 60
}

# A wrong token, until it is a right one.
send_chunk "$work/lines.aa"
backs_off many 'the server answered 401 unauthorised'
wait_for "grep -c '^401 ' '$work/nginx/access.log' | grep -q '[0-9][0-9]'" 20
is "$(status_of many rejected)" 0 "a wrong token makes no dead letters"
is "$(status_of many delivered)" 0 "and delivers nothing"
echo right >"$work/token"
chunk_sent "$work/lines.aa"
all_gone

mode 'location ~ ^ { return 503; }'
send_chunk "$work/lines.ab"
backs_off one 'the server answered 503 service unavailable'
backs_off many '503'
mode
chunk_sent "$work/lines.ab"
all_gone

mode 'location ~ ^ { add_header Retry-After 2 always; return 429; }'
send_chunk "$work/lines.ac"
backs_off one 429
backs_off many 429
mode
before=$(grep -c '^429 ' "$work/nginx/access.log")
chunk_sent "$work/lines.ac"
all_gone
echo "# $before requests were answered 429"
test "$before" -le 100
result $? "Retry-After is honoured: few requests until then"

mode 'client_max_body_size 1k;'
send_chunk "$work/lines.ad"
wait_for "grep -q '^413 ' '$work/nginx/access.log'" 30
result $? "batches of more than 1 KiB are refused"
all_gone
mode
chunk_sent "$work/lines.ad"

send_chunk "$work/lines.ae"
for _ in 1 2; do
	want=$(($(status_of one delivered) + chunk / 10))
	wait_for "test \"\$(status_of one delivered)\" -ge $want" 30
	# In order: after a TERM some requests were answered, and are not in its log.
	stop_nginx QUIT
	backs_off one "connection refused by 127.0.0.1:$port"
	start_nginx || { start_nginx || result 1 "nginx starts again"; }
done
chunk_sent "$work/lines.ae"
all_gone

shown=$("$router" status one)
like "$shown" '*last error * ago: *connection refused*' "what went wrong last is told when it is over"
like "$shown" '*since start *requests [0-9]*' "and so are the plugin's own counts"

# --- the accounts ----------------------------------------------------------------------------
# Twenty answers of a failed kind and two stops at most: what was in flight came again.
is "$(wc -l <"$work/ledger")" "$FRAMES" "the sender's ledger has $FRAMES lines"
ledger_ids "$work/ledger" >"$work/promised"
grep '000$' "$work/promised" | LC_ALL=C sort >"$work/poison"
grep -v '000$' "$work/promised" >"$work/good"
ids_at()
{
	grep "^20. $1" "$work/nginx/access.log" | grep -o '"uid":"[0-9a-f]*-[0-9]*"' |
		sed 's/.*-\([0-9]*\)"/\1/'
}
for name in one many; do
	ids_at "/$name" >"$work/arrived"
	is_complete "$work/good" "$work/arrived" $((4 * window)) \
		"$name: nginx has every promised frame but the thousandths"
	is "$strange" 0 "and none of those"
	echo "# $duplicates came twice"
	sqlite3 "$state/outputs/$name.db" 'SELECT id FROM dead' | LC_ALL=C sort >"$work/dead"
	ok "each thousandth frame is a dead letter, and no other" cmp "$work/poison" "$work/dead"
	is "$(status_of $name delivered)" "$(wc -l <"$work/good")" "the others are delivered"
	like "$(sqlite3 "$state/outputs/$name.db" 'SELECT reason FROM dead LIMIT 1')" \
		'the server answered 4*: a thousandth' "the reason is what nginx said"
done
stop_router
result $? "the router ends in order"
end_tests
