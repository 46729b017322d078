#!/bin/sh
# SPDX-License-Identifier: MIT
# A batch may wait to fill for longer than the server may take to answer: frames that come one
# by one go in one request, and the plugin is not given up meanwhile.
. "$top_srcdir/tests/integration/lib.sh"
need nginx pgrep
. "$top_srcdir/tests/integration/nginx.sh"

write_nginx()
{
	cat >"$work/nginx/http.conf" <<-END
		log_format bodies escape=none '\$status \$request_body';
		client_body_buffer_size 1m;
		server {
			listen 127.0.0.1:$port;
			access_log $work/nginx/access.log bodies;
			location / { proxy_pass http://unix:$work/nginx/inner.sock; }
		}
		server {
			listen unix:$work/nginx/inner.sock;
			location / { return 201; }
		}
	END
}

for _ in 1 2 3 4 5; do
	port=$("$helpers/free-port")
	write_nginx
	start_nginx && break
done
is_alive "$nginx_pid"
result $? "nginx runs" || end_tests
cat >"$conf/all.conf" <<END
[http "cloud"]
url = http://127.0.0.1:$port/
batch = 100
batch_wait = 5s
timeout = 500ms
retry_max = 500ms
END
start_router || end_tests

"$router" simulate --count 3 --seed 5 >"$work/lines"
for n in 1 2 3; do
	sed -n "${n}p" "$work/lines" | "$router" send 2>/dev/null
done
ok "three frames wait for a fourth until their time is over" wait_delivered cloud 3 20
is "$(wc -l <"$work/nginx/access.log")" 1 "then they go in one request"
is "$(arrived_ids "$work/nginx/access.log" | wc -l)" 1 "that is one line"
is "$(grep -o '"uid"' "$work/nginx/access.log" | wc -l)" 3 "with all three"
fails "the plugin was not given up" grep -q 'no verdict' "$work/router.log"
head -n 1 "$work/lines" | "$router" send 2>/dev/null
ok "a single frame comes as an array, too" wait_delivered cloud 4 20
like "$(tail -n 1 "$work/nginx/access.log")" '201 \[{*}\]' "as every batch"
stop_router
result $? "the router ends in order"
end_tests
