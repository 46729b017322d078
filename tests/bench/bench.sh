#!/bin/sh
# SPDX-License-Identifier: MIT
# `make bench`: how fast the router is here, each figure beside what the machine itself can do,
# measured in turns.  Starts all that it needs on free ports of 127.0.0.1, in a folder of its
# own in the build tree, as a disk is part of what is measured.
#
#   BENCH_FRAMES=200000     frames a round
#   BENCH_ROUNDS=3          of which the median is taken
#   BENCH_FORMAT=markdown   the table as Markdown
#   BENCH_ONLY="file mqtt"  some parts only: intake file http mqtt drain latency idle start
: "${top_srcdir:=.}" "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/bench/lib.sh"

parts=${BENCH_ONLY:-intake file http mqtt drain latency idle start}
send_window=2000   # lines of a sender ahead of its answers
batch=500          # of the outputs file and http
window=2000        # of the outputs file and http
requests=4         # under way at once: that many batches are in the window
mqtt_window=100    # of the output mqtt
post_frames=100    # in a request to http-input
post_connections=4 # to http-input, or with one frame a request:
post_singly=32

has_plugin()
{
	test -f "$top_builddir/plugins/$1/.libs/$1.so"
}

wants()
{
	case " $parts " in *" $1 "*) ;; *) return 1 ;; esac
}

# --- the router ------------------------------------------------------------------------------

# configure [LINE...]: a router with one input, and these lines.
configure()
{
	input_port=$("$helpers/free-port") || failed "a free port"
	{
		printf '%s\n' '[router]' 'name = bench' '[socket-input "nodes"]' \
			"listen = tcp:127.0.0.1:$input_port"
		printf '%s\n' "$@"
	} >"$conf/bench.conf"
	rm -rf "$state"
	mkdir -m 700 "$state"
	delivered=0
	start_router || failed "the router"
}

file_section()
{
	printf '%s\n' "[file \"$1\"]" "enabled = $2" "path = $work/$1.jsonl" \
		"batch = $batch" "window = $window"
}

mqtt_section()
{
	printf '%s\n' "[mqtt \"$1\"]" "enabled = $2" 'host = 127.0.0.1' \
		"port = $broker_port" 'topic = bench/frames' "window = $mqtt_window"
}

# http_section NAME ENABLED [URL]
http_section()
{
	printf '%s\n' "[http \"$1\"]" "enabled = $2" "url = ${3-$sink_url}" "batch = $batch" \
		"window = $window" 'body = lines'
}

meter()
{
	"$tools/bench-meter" "$@"
}

cpu_ms()
{
	meter tree "$router_pid" | cut -d ' ' -f 2
}

# cpu_since MS FRAMES: CPU seconds of all the router's processes for a million frames.
cpu_since()
{
	number %.2f "($(cpu_ms) - $1) / 1000 / $2 * 1000000"
}

send_frames()
{
	"$tools/bench-send" -w $send_window "tcp:127.0.0.1:$input_port" "$1"
}

# --- intake ----------------------------------------------------------------------------------

limit_sqlite()
{
	rm -f "$work"/limit.db*
	# shellcheck disable=SC2046
	rate $("$tools/bench-limit" sqlite "$work/limit.db" "$frames" "$row_bytes")
	echo
}

own_intake()
{
	own_cpu=$(cpu_ms)
	own=$(send_frames "$work/frames") || return 1
	# shellcheck disable=SC2086
	echo "$(rate $own) $(cpu_since "$own_cpu" "$frames")"
}

bench_intake()
{
	configure
	send_frames "$work/frames" >/dev/null || failed "the first frames"
	# What a frame takes in the store, without what SQLite adds to a row of three columns.
	row_bytes=$("$router" status --json |
		sed 's/.*"frames":\([0-9]*\),"bytes":\([0-9]*\).*/\1 \2/' |
		awk '{ printf "%d", $2 / $1 - 18 }')
	side_by_side "intake, durable: socket-input" \
		"SQLite, 500 rows of $row_bytes bytes a commit" limit_sqlite own_intake
	stop_router
	! has_plugin http-input || bench_http_input
}

own_post()
{
	own_cpu=$(cpu_ms)
	own=$("$tools/bench-post" "$@" "tcp:127.0.0.1:$http_port" "$post_file") || return 1
	# shellcheck disable=SC2086
	echo "$(rate $own) $(cpu_since "$own_cpu" "${own%% *}")"
}

own_post_batches()
{
	own_post -c $post_connections -b $post_frames
}

own_post_singly()
{
	own_post -c $post_singly -b 1
}

bench_http_input()
{
	http_port=$("$helpers/free-port") || failed "a free port"
	configure '[http-input "web"]' "listen = 127.0.0.1:$http_port"
	post_file=$work/frames
	side_by_side "intake, durable: http-input, $post_frames frames a request" \
		"SQLite, 500 rows a commit" limit_sqlite own_post_batches
	post_file=$work/half.frames
	side_by_side "intake, durable: http-input, $post_singly nodes, a frame a request" \
		"SQLite, 500 rows a commit" limit_sqlite own_post_singly
	stop_router
}

# --- from the first sent to the last delivered -----------------------------------------------

# through OUTPUT FILE: sends the frames, and waits until the output has delivered them.
through()
{
	through_count=$(wc -l <"$2")
	delivered=$((delivered + through_count))
	through_cpu=$(cpu_ms)
	meter await "$state/outputs/$1.place" $delivered >"$work/end" &
	through_waits=$!
	began $through_waits
	# shellcheck disable=SC2046
	set -- $(send_frames "$2") || return 1
	wait $through_waits || return 1
	echo "$(rate "$1" "$(cat "$work/end") - $3") $(cpu_since "$through_cpu" "$1")"
}

limit_file()
{
	rm -f "$work/limit.jsonl"
	# shellcheck disable=SC2046
	rate $("$tools/bench-limit" file "$work/limit.jsonl" "$work/documents" $batch)
	echo
}

own_file()
{
	through archive "$work/frames"
}

bench_file()
{
	# shellcheck disable=SC2046
	configure "$(file_section archive yes)"
	side_by_side "end to end: file" "SQLite, 500 rows a commit" limit_sqlite own_file
	test "$(wc -l <"$work/archive.jsonl")" -eq $delivered || failed "the count of lines"
	rm -f "$work/archive.jsonl"
	stop_router
}

limit_http()
{
	# shellcheck disable=SC2046
	rate $("$tools/bench-http" post "$sink_url" "$work/documents" $batch $requests)
	echo
}

own_http()
{
	through cloud "$work/frames"
}

# The server reads each body to its end before it hands the request, without the body, to
# itself for an answer; its log says how many bytes came.
start_sink()
{
	sink_port=$("$helpers/free-port") || failed "a free port"
	sink_url=http://127.0.0.1:$sink_port/
	mkdir -p "$work/sink"
	cat >"$work/sink/nginx.conf" <<-END
		daemon off;
		worker_processes 1;
		pid $work/sink/pid;
		error_log $work/sink/error.log;
		$(test "$(id -u)" -ne 0 || echo 'user root;')
		events { worker_connections 256; }
		http {
			log_format bytes '\$request_length';
			access_log $work/sink/bytes bytes;
			client_body_temp_path $work/sink/body;
			proxy_temp_path $work/sink/proxy;
			fastcgi_temp_path $work/sink/fastcgi;
			uwsgi_temp_path $work/sink/uwsgi;
			scgi_temp_path $work/sink/scgi;
			client_body_buffer_size 1m;
			client_max_body_size 0;
			keepalive_requests 1000000000;
			upstream self { server unix:$work/sink/self; keepalive 8; }
			server {
				listen 127.0.0.1:$sink_port;
				location / {
					proxy_pass http://self;
					proxy_http_version 1.1;
					proxy_set_header Connection "";
					proxy_pass_request_body off;
					proxy_set_header Content-Length "";
				}
			}
			server {
				listen unix:$work/sink/self;
				access_log off;
				location / { return 200; }
			}
		}
	END
	nginx -p "$work/sink" -e "$work/sink/error.log" -c "$work/sink/nginx.conf" \
		>"$work/sink/log" 2>&1 </dev/null &
	sink_pid=$!
	began $sink_pid
	wait_for "test -s '$work/sink/pid' || ! is_alive $sink_pid" 10
	is_alive $sink_pid
}

bench_http()
{
	configure "$(http_section cloud yes)"
	: >"$work/sink/bytes"
	side_by_side "end to end: HTTP, $batch a request" "SQLite, 500 rows a commit" \
		limit_sqlite own_http
	awk -v least=$((rounds * 9 * $(wc -c <"$work/documents") / 10)) '{ n += $1 }
		END { exit n < least }' "$work/sink/bytes" || failed "the count of bytes"
	stop_router
}

# start_count: a subscriber who has to get all messages of one round.
start_count()
{
	"$tools/bench-mqtt" subscribe "$broker_port" "$1" >"$work/subscriber" &
	subscriber_pid=$!
	began $subscriber_pid
	wait_for "grep -q ready '$work/subscriber'" 10
}

all_came()
{
	wait_for "grep -q all '$work/subscriber' || ! is_alive $subscriber_pid" 20
	grep -q all "$work/subscriber"
}

publish()
{
	# shellcheck disable=SC2046
	rate $("$tools/bench-mqtt" publish "$broker_port" "$1" $mqtt_window)
	echo
}

limit_mqtt()
{
	start_count "$(wc -l <"$work/half.documents")"
	publish "$work/half.documents" && all_came
}

own_mqtt()
{
	start_count "$(wc -l <"$work/half.frames")"
	through broker "$work/half.frames" && all_came
}

bench_mqtt()
{
	configure "$(mqtt_section broker yes)"
	side_by_side "end to end: MQTT QoS 1, a subscriber" \
		"bare libmosquitto, window $mqtt_window" limit_mqtt own_mqtt
	stop_router
}

# --- a backlog -------------------------------------------------------------------------------

limit_drain_mqtt()
{
	publish "$work/documents"
}

# own_drain KIND: each round has an output of its own, which begins at the oldest frame.
own_drain()
{
	drain_round=$((drain_round + 1))
	drain_name=$1$drain_round
	drain_cpu=$(cpu_ms)
	drain_begin=$(meter now)
	"$router" start "$drain_name" >/dev/null || return 1
	drain_end=$(meter await "$state/outputs/$drain_name.place" "$frames") || return 1
	echo "$(rate "$frames" "$drain_end - $drain_begin") $(cpu_since "$drain_cpu" "$frames")"
	"$router" stop "$drain_name" >/dev/null
	rm -f "$work/$drain_name.jsonl"
}

own_drain_file()
{
	own_drain file
}

own_drain_http()
{
	own_drain http
}

own_drain_mqtt()
{
	own_drain mqtt
}

# sections KIND ARGUMENT...: the outputs of all rounds, not running.
sections()
{
	sections_kind=$1
	shift
	for sections_round in $(seq "$rounds"); do
		"${sections_kind}_section" "$sections_kind$sections_round" no "$@"
	done
}

bench_drain()
{
	configure "$(sections file)" "$(test -z "$has_http" || sections http)" \
		"$(test -z "$has_mqtt" || sections mqtt)"
	send_frames "$work/frames" >/dev/null || failed "the backlog"
	drain_round=0
	side_by_side "backlog of $(grouped "$frames"): file" \
		"write and fdatasync of $batch lines" limit_file own_drain_file
	drain_round=0
	test -z "$has_http" || side_by_side "backlog of $(grouped "$frames"): HTTP, $batch a request" \
		"bare libcurl, $requests at once" limit_http own_drain_http
	drain_round=0
	test -z "$has_mqtt" || side_by_side "backlog of $(grouped "$frames"): MQTT QoS 1" \
		"bare libmosquitto, window $mqtt_window" limit_drain_mqtt own_drain_mqtt
	stop_router
}

# --- latency ---------------------------------------------------------------------------------

latency_frames=3000

# latency OUTPUT COMMAND...: the command prints "ready", and later the times.
latency()
{
	latency_output=$1
	shift
	"$router" start "$latency_output" >/dev/null || failed "$latency_output"
	wait_for "test -f '$state/outputs/$latency_output.place'" 10
	: >"$work/arrivals"
	"$@" >"$work/arrivals" &
	latency_pid=$!
	began $latency_pid
	wait_for "grep -q ready '$work/arrivals'" 10
	"$tools/bench-send" -r 1000 -n $latency_frames "tcp:127.0.0.1:$input_port" \
		>>"$work/answered" || failed "latency, $latency_output"
	wait $latency_pid || failed "latency, $latency_output"
	tail -n 1 "$work/arrivals"
	"$router" stop "$latency_output" >/dev/null
}

latency_file()
{
	latency archive meter follow "$work/archive.jsonl" $latency_frames
}

latency_mqtt()
{
	latency broker "$tools/bench-mqtt" subscribe "$broker_port" $latency_frames
}

# The server must be there before the router knows its port: a router of its own each time.
latency_http()
{
	"$tools/bench-http" serve $latency_frames >"$work/served" &
	server_pid=$!
	began $server_pid
	wait_for "grep -q ready '$work/served'" 10
	configure "$(http_section cloud no "http://127.0.0.1:$(sed -n 's/ready //p' "$work/served")/")"
	latency cloud tail -f --pid=$server_pid "$work/served"
	stop_router
}

limit_pace()
{
	rm -f "$work"/limit.db*
	"$tools/bench-limit" pace "$work/limit.db" $latency_frames "$row_bytes"
}

# median_latency WHAT FUNCTION: $rounds times.
median_latency()
{
	: >"$work/times"
	for latency_round in $(seq "$rounds"); do
		$2 >>"$work/times" || failed "$1, round $latency_round"
	done
	latency_row "$1" "$work/times"
}

latency_row()
{
	row "$1" "p50 $(middle "$2" 1), p99 $(middle "$2" 2) ms" "$latency_limit" - -
}

bench_latency()
{
	: >"$work/answered"
	: >"$work/paced"
	for latency_round in $(seq "$rounds"); do
		limit_pace >>"$work/paced" || failed "the pace of commits"
	done
	latency_limit="p50 $(middle "$work/paced" 1), p99 $(middle "$work/paced" 2) ms: a commit alone"
	configure "$(file_section archive no)" "$(test -z "$has_mqtt" || mqtt_section broker no)"
	median_latency "1,000 frames/s: to a line in the file" latency_file
	test -z "$has_mqtt" || median_latency "1,000 frames/s: to an MQTT subscriber" latency_mqtt
	stop_router
	test -z "$has_http" || median_latency "1,000 frames/s: to a web server" latency_http
	latency_row "1,000 frames/s: to the answer, durable" "$work/answered"
}

# --- at rest, and at the start ---------------------------------------------------------------

bench_idle()
{
	configure "$(file_section archive yes)" "$(test -z "$has_mqtt" || mqtt_section broker yes)" \
		"$(test -z "$has_http" || http_section cloud yes)"
	delivered=100
	head -n 100 "$work/frames" >"$work/few"
	send_frames "$work/few" >/dev/null || failed "the first frames"
	meter await "$state/outputs/archive.place" 100 >/dev/null || failed "delivery"
	sleep 8 # the delivery log is written 5 s later
	meter tree "$router_pid" >"$work/idle"
	sleep 10
	meter tree "$router_pid" >>"$work/idle"
	row "idle: memory of all $(awk 'END { print $4 }' "$work/idle") processes (PSS)" \
		"$(awk 'END { printf "%.1f MiB", $1 / 1024 }' "$work/idle")" - - -
	row "idle: wake-ups" "$(awk 'NR == 1 { n = $3 }
		END { printf "%.1f a second", ($3 - n) / 10 }' "$work/idle")" - - -
	stop_router
}

# cold_start: from `run` until `status` says Running, and until a first frame is delivered.
cold_start()
{
	cold_begin=$(meter now)
	"$router" run >>"$work/router.log" 2>&1 </dev/null &
	router_pid=$!
	began $router_pid
	until "$router" status >/dev/null 2>&1; do
		is_alive "$router_pid" || return 1
	done
	cold_up=$(meter now)
	delivered=$((delivered + 1))
	until "$tools/bench-send" -w 1 "tcp:127.0.0.1:$input_port" "$work/one" >/dev/null 2>&1
	do
		is_alive "$router_pid" || return 1
	done
	cold_end=$(meter await "$state/outputs/archive.place" $delivered) || return 1
	number '%.0f %.0f' "($cold_up - $cold_begin) * 1000, ($cold_end - $cold_begin) * 1000"
	echo
	stop_router
}

bench_start()
{
	head -n 1 "$work/frames" >"$work/one"
	configure "$(file_section archive yes)"
	stop_router
	: >"$work/times"
	for start_round in $(seq "$rounds"); do
		cold_start >>"$work/times" || failed "start $start_round"
	done
	row "from run to Running / to a first frame in the file" \
		"$(middle "$work/times" 1) / $(middle "$work/times" 2) ms" - - -
}

# --- all -------------------------------------------------------------------------------------

prepare()
{
	"$router" simulate --count "$frames" --seed 1 --format hex >"$work/frames" ||
		failed "making frames"
	row_bytes=136
	# The documents of these frames, as the outputs write them: for the limits.
	configure "$(file_section documents yes)"
	send_frames "$work/frames" >/dev/null || failed "the first frames"
	meter await "$state/outputs/documents.place" "$frames" >/dev/null || failed "documents"
	stop_router
	mv "$work/documents.jsonl" "$work/documents"
	head -n $((frames / 2)) "$work/frames" >"$work/half.frames"
	head -n $((frames / 2)) "$work/documents" >"$work/half.documents"
}

bench_begin=$(meter now)
: >"$work/table"
case $(file_system) in
tmpfs | ramfs) echo "bench: $work lies in memory: durable figures mean nothing" >&2 ;;
esac
if has_plugin mqtt && command -v mosquitto >/dev/null && test -x "$tools/bench-mqtt"; then
	has_mqtt=yes
	start_broker || failed "the broker"
else
	echo "bench: no MQTT: the plugin or mosquitto is missing" >&2
fi
if has_plugin http && command -v nginx >/dev/null && test -x "$tools/bench-http"; then
	has_http=yes
	start_sink || failed "nginx"
else
	echo "bench: no HTTP: the plugin or nginx is missing" >&2
fi
prepare
! wants intake || bench_intake
! wants file || bench_file
! wants http || test -z "$has_http" || bench_http
! wants mqtt || test -z "$has_mqtt" || bench_mqtt
! wants drain || bench_drain
! wants latency || bench_latency
! wants idle || bench_idle
! wants start || bench_start
echo
machine
echo
print_table "$(test "${BENCH_FORMAT-}" != markdown || echo 1)"
echo
echo "took $(number %.0f "$(meter now) - $bench_begin") s"
