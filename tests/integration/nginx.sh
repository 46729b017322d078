# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154 # texts for eval; $work is lib.sh's
# An nginx of the test's own, in $work/nginx, in the foreground.  What belongs to http { } is
# what the test writes into $work/nginx/http.conf.

mkdir "$work/nginx" || exit 1
cat >"$work/nginx/nginx.conf" <<END
$(test "$(id -u)" -ne 0 || echo 'user root;')
daemon off;
worker_processes 1;
pid $work/nginx/pid;
error_log $work/nginx/error.log;
events { worker_connections 512; }
http {
	client_body_temp_path $work/nginx/body;
	proxy_temp_path $work/nginx/proxy;
	fastcgi_temp_path $work/nginx/fastcgi;
	uwsgi_temp_path $work/nginx/uwsgi;
	scgi_temp_path $work/nginx/scgi;
	access_log off;
	# Told to stop between its answer and its log, nginx would linger instead of logging.
	lingering_close off;
	include $work/nginx/http.conf;
}
END

# start_nginx: false when it does not run, as when a port is taken.  $nginx_pid.
start_nginx()
{
	rm -f "$work/nginx/pid" "$work"/nginx/*.sock
	nginx -p "$work/nginx" -c "$work/nginx/nginx.conf" >"$work/nginx/out" 2>&1 </dev/null &
	nginx_pid=$!
	began $nginx_pid
	wait_for 'test -s "$work/nginx/pid" || ! is_alive "$nginx_pid"' 20
	is_alive "$nginx_pid" && return 0
	note <"$work/nginx/out"
	return 1
}

# reload_nginx: once it has a new worker, whose number may be less than the old one's.
reload_nginx()
{
	nginx_before=" $(pgrep -P "$nginx_pid" | tr '\n' ' ')"
	kill -HUP "$nginx_pid"
	wait_for 'has_new_worker' 20
}

has_new_worker()
{
	for nginx_worker in $(pgrep -P "$nginx_pid"); do
		case $nginx_before in *" $nginx_worker "*) ;; *) return 0 ;; esac
	done
	return 1
}

stop_nginx()
{
	end_process "$nginx_pid" "$@"
}
