#!/bin/sh
# SPDX-License-Identifier: MIT
# A server that refuses everything by whatever is no fault of a frame, or that goes away again
# and again with the same frame under way: no frame becomes a dead letter, however often.
. "$top_srcdir/tests/integration/lib.sh"
need nginx pgrep
. "$top_srcdir/tests/integration/nginx.sh"
FRAMES=30
ROUNDS=25 # more than ten rejections, and more than five lost links and five more

write_nginx()
{
	cat >"$work/nginx/http.conf" <<-END
		log_format statuses '\$status';
		server {
			listen 127.0.0.1:$port;
			access_log $work/nginx/access.log statuses;
			location / { include $work/nginx/mode; }
		}
	END
}

echo 'return 401;' >"$work/nginx/mode"
for _ in 1 2 3 4 5; do
	port=$("$helpers/free-port")
	write_nginx
	start_nginx && break
done
is_alive "$nginx_pid"
result $? "nginx runs" || end_tests
cat >"$conf/all.conf" <<END
[http "one"]
url = http://127.0.0.1:$port/
connections = 2
window = 4
timeout = 1s
retry_min = 10ms
retry_max = 20ms
[http "many"]
url = http://127.0.0.1:$port/
batch = 8
timeout = 1s
retry_min = 10ms
retry_max = 20ms
END
start_router || end_tests
"$router" simulate --count $FRAMES --seed 4 >"$work/lines"
"$router" send "$work/lines" 2>/dev/null

# answers STATUS: as long as it takes to answer so $ROUNDS times that it came.
answers()
{
	echo "return $1;" >"$work/nginx/mode"
	: >"$work/nginx/access.log"
	reload_nginx
	wait_for "test \$(grep -c '^$1' '$work/nginx/access.log') -ge $((ROUNDS * 12))" 30
	result $? "$1 is answered $((ROUNDS * 12)) times"
	none_is_dead "after all of $1"
}

none_is_dead()
{
	is "$(status_of one rejected) $(status_of many rejected)" "0 0" "no dead letters $1"
}

for status in 401 403 429 503 404 500 444; do
	answers $status
done

# Each time with the same oldest frame under way.
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
	stop_nginx TERM
	for name in one many; do
		wait_for "status_of $name reason | grep -q 'connection refused'" 20 ||
			result 1 "$name has seen the server go"
	done
	: >"$work/nginx/access.log"
	start_nginx || result 1 "nginx starts again" || end_tests
	wait_for "test \$(grep -c . '$work/nginx/access.log') -ge 20" 20 ||
		result 1 "the server is asked again"
done
none_is_dead "after a dozen lost links"
is "$(status_of one delivered) $(status_of many delivered)" "0 0" "nothing was delivered"

echo 'return 204;' >"$work/nginx/mode"
reload_nginx
for name in one many; do
	ok "$name delivers all in the end" wait_delivered $name $FRAMES 20
done
none_is_dead "at all"
stop_router
result $? "the router ends in order"
end_tests
