#!/bin/sh
# SPDX-License-Identifier: MIT
# The http output over TLS: only the right server gets anything, and status tells the reason;
# certificates that were made good are noticed.
. "$top_srcdir/tests/integration/lib.sh"
need nginx openssl pgrep
. "$top_srcdir/tests/integration/nginx.sh"

certificates=$work/certificates
mkdir "$certificates"
"$top_srcdir/tests/integration/make-certificates.sh" "$certificates"
result $? "certificates can be made" || end_tests

# --- servers: one for each certificate -------------------------------------------------------
# another_port: a free one that no other server here has been given; in $port.
ports=
another_port()
{
	port=$("$helpers/free-port") || return
	case " $ports " in
	*" $port "*) another_port ;;
	*) ports="$ports $port" ;;
	esac
}

# server NAME CERTIFICATE [LINE...]: a server { } on a free port, kept in $port_NAME; with
# $http2 it speaks HTTP/2.
http2=
server()
{
	server_name=$1
	server_certificate=$certificates/$2
	shift 2
	another_port
	server_port=$port
	eval "port_$server_name=$server_port"
	cat <<-END
		server {
			listen 127.0.0.1:$server_port ssl $http2;
			access_log $work/nginx/$server_name.log plain;
			ssl_certificate $server_certificate.pem;
			ssl_certificate_key $server_certificate.key;
			$(printf '%s\n' "$@")
			location / { proxy_pass http://unix:$work/nginx/inner.sock; }
		}
	END
}

write_nginx()
{
	cat <<-END
		log_format plain escape=none '\$server_protocol \$status \$request_body';
		client_body_buffer_size 1m;
		server {
			listen unix:$work/nginx/inner.sock;
			location / { return 204; }
		}
	END
	server good good
	server old good 'ssl_protocols TLSv1.1;' 'ssl_ciphers ALL:@SECLEVEL=0;'
	server expired expired
	server future future
	server elsewhere elsewhere
	server alone alone
	server mutual good "ssl_client_certificate $certificates/authority.pem;" \
		'ssl_verify_client on;'
	http2=http2
	server two good
	http2=
	another_port
	plain_port=$port
	echo "server { listen 127.0.0.1:$plain_port; location / { return 204; } }"
}

for _ in 1 2 3 4 5; do
	write_nginx >"$work/nginx/http.conf"
	start_nginx && break
done
is_alive "$nginx_pid"
result $? "nginx runs" || end_tests

# --- outputs: what is wrong with each --------------------------------------------------------
# output NAME PORT LINE...
output()
{
	printf '[http "%s"]\nurl = https://127.0.0.1:%s/\nretry_max = 500ms\n' "$1" "$2"
	shift 2
	printf '%s\n' "$@"
}

# shellcheck disable=SC2154 # the ports are set by server
{
	ours="ca_file = $certificates/authority.pem"
	output good "$port_good" "$ours"
	output two "$port_two" "$ours"
	output insecure "$port_alone" 'insecure = yes'
	output mutual "$port_mutual" "$ours" "cert_file = $certificates/client.pem" \
		"key_file = $certificates/client.key"
	output expired "$port_expired" "$ours"
	output future "$port_future" "$ours"
	output elsewhere "$port_elsewhere" "$ours"
	output alone "$port_alone" "$ours"
	output stranger "$port_good" "ca_file = $certificates/stranger.pem"
	output system "$port_good"
	output old "$port_old" "$ours"
	output plain "$plain_port" "$ours"
	output nobody "$port_mutual" "$ours"
	output foreign "$port_mutual" "$ours" "cert_file = $certificates/foreign.pem" \
		"key_file = $certificates/foreign.key"
	output locked "$port_mutual" "$ours" "cert_file = $certificates/client.pem" \
		"key_file = $certificates/locked.key"
} >"$conf/all.conf"
start_router || end_tests

# refuses NAME WORDS: that output backs off and says why.
refuses()
{
	wait_for "status_of $1 reason | grep -q 'backing off.*$2'" 20
	result $? "$1: $2" || status_of "$1" reason | note
}

# Before there is any frame.
refuses expired 'failed: certificate has expired'
refuses future 'failed: certificate is not yet valid'
refuses elsewhere 'is for another host'
refuses alone 'failed: self.signed certificate'
refuses stranger 'failed: unable to get local issuer certificate'
refuses system 'failed: unable to get local issuer certificate'
refuses old 'TLS with 127.0.0.1:[0-9]* failed'
refuses plain 'it does not speak TLS there'
refuses locked 'cert_file and key_file cannot be used'
wait_for 'status_of good reason | grep -q "HTTPS to 127.0.0.1"' 20
result $? "good: connected"
is "$(cat "$work"/nginx/*.log | grep -c '^HTTP\|^ ')" 0 "no server has got a request by that"

"$router" simulate --count 50 --seed 3 | "$router" send 2>/dev/null
for name in good two insecure mutual; do
	ok "$name: 50 frames are delivered" wait_delivered $name 50 20
done
refuses nobody 'the server answered 400 bad request\|certificate required'
refuses foreign 'the server answered 400 bad request\|unknown ca\|decrypt error'
"$router" status insecure | grep -q 'not verified'
result $? "insecure shows in status"
for name in expired future elsewhere alone stranger system old plain locked nobody foreign; do
	is "$(status_of $name delivered)$(status_of $name rejected)" 00 "$name: nothing is sent"
done
is "$(cat "$work/nginx/expired.log" "$work/nginx/elsewhere.log" | wc -l)" 0 \
	"and a server that cannot prove who it is got nothing"

"$router" simulate --count 5000 --seed 4 | "$router" send 2>/dev/null
ok "two: 5,000 more are delivered" wait_delivered two 5050 30
is "$(grep -c '^HTTP/2.0 204 ' "$work/nginx/two.log")" 5050 "by HTTP/2, each once"
ok "good: 5,000 more are delivered" wait_delivered good 5050 30
is "$(grep -c '^HTTP/1.1 204 ' "$work/nginx/good.log")" 5050 "by HTTP/1.1, each once"

# The server gets a good certificate, and the output notices by itself.
cp "$certificates/good.pem" "$certificates/expired.pem"
cp "$certificates/good.key" "$certificates/expired.key"
reload_nginx
ok "a certificate that was renewed is accepted" wait_delivered expired 50 20
stop_router
result $? "the router ends in order"
end_tests
