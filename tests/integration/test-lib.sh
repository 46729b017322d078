#!/bin/sh
# SPDX-License-Identifier: MIT
# What the tests in sh rely on: their helpers notice what is wrong, and leave nothing behind.
. "${top_srcdir:=.}/tests/integration/lib.sh"

# says SCRIPT: what a small test of its own prints; its exit status in $said_status.
says()
{
	echo ". '$top_srcdir/tests/integration/lib.sh'
		$1
		end_tests" >"$work/script"
	said=$(sh "$work/script" 2>/dev/null)
	said_status=$?
}

says 'fails "there is no such program" no-such-program'
like "$said" 'not ok 1*' "a program that is not there has not said no"
is $said_status 1 "and the test fails"
says 'fails "it crashes" sh -c "kill -SEGV \$\$"'
like "$said" 'not ok 1*' "a crash is no answer either"
says 'fails "a sanitizer reports" sh -c "exit 99"'
like "$said" 'not ok 1*' "nor is the report of a sanitizer"
says 'is a b "two texts"'
like "$said" 'not ok 1*' "two texts that differ are seen"
says 'exit'
fails "a test that ends early has no plan" sh -c 'echo "$1" | grep -q "^1\.\."' - "$said"

says 'echo "# $work"
	sleep 600 &
	began $!
	echo "# $!"'
folder=$(echo "$said" | sed -n '1s/# //p')
process=$(echo "$said" | sed -n '2s/# //p')
fails "its folder goes when a test ends" test -e "${folder:-/}"
fails "and so does what it started" is_alive "${process:-$$}"

begin=$(date +%s)
fails "waiting ends at the deadline" wait_for false 1
ok "and not long after" test $(($(date +%s) - begin)) -le 5

printf '%s\n' 1 2 3 4 >"$work/want"
printf '%s\n' 4 2 2 9 2 1 >"$work/got"
compare "$work/want" "$work/got"
is "$lost lost: $(cat "$work/lost")" "1 lost: 3" "what did not arrive is counted"
is "$duplicates" 2 "what came again is counted"
is "$strange strange: $(cat "$work/strange")" "1 strange: 9" "what nobody sent is counted"
cat >"$work/documents" <<-'END'
	{"uid":"5f0c31d2a9b4e877-42","id":42,"sequence":12,"readings":{"TC":1.5,"STR":"x"}}
	{"uid":"5f0c31d2a9b4e877-43-TC","id":43,"readings":{"TC":2}}
END
is "$(arrived_ids "$work/documents" | xargs)" "42 43" "ids are found in documents"
is "$(arrived "$work/documents" TC | xargs)" "1.5 2" "and so are readings"

for command in mosquitto mosquitto_pub "$helpers/subscriber"; do
	command -v "$command" >/dev/null || {
		skip "there is no $command" "a broker and a subscriber"
		end_tests
	}
done
ok "a broker starts" start_broker
ok "a subscriber subscribes" start_subscriber 'frames/#' "$work/got"
seq 1 500 >"$work/want"
mosquitto_pub -h 127.0.0.1 -p "$broker_port" -q 1 -t frames/a -l <"$work/want"
stop_broker
ok "the broker starts again on its port" start_broker_again
seq 501 1000 | tee -a "$work/want" |
	mosquitto_pub -h 127.0.0.1 -p "$broker_port" -q 1 -t frames/a -l
wait_for 'compare "$work/want" "$work/got"; test "$lost" -eq 0' 30
is "$lost" 0 "the subscriber comes back by itself and misses nothing"
end_tests
