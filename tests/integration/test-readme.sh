#!/bin/sh
# SPDX-License-Identifier: MIT
# What README.md tells a reader to type does what it says.
. "$top_srcdir/tests/integration/lib.sh"
need sqlite3

# block LANGUAGE WORD: the first block of that language that has the word in it.
block()
{
	awk -v begin="\`\`\`$1" -v word="$2" '
		$0 == begin { inside = 1; text = ""; next }
		inside && /^```$/ { inside = 0; if (index(text, word)) { printf "%s", text; exit } }
		inside { text = text $0 "\n" }' "$top_srcdir/README.md"
}

# type_in WORD [NAME]: does the block in sh with that word, for places of this test.
type_in()
{
	block sh "$1" | sed "s|STATE/|$state/|g; s|NAME|$2|g; s|/opt/frame-router|$work/plugins|g
		s|-Iinclude|-Werror -I$top_srcdir/include|; s|^gcc |${CC:-gcc} |
		s|frame-router plugins|'$router' plugins|" >"$work/typed"
	test -s "$work/typed" && (cd "$work" && sh -e typed)
}

# waits_for TEXT: until that stands behind the output's state.
waits_for()
{
	wait_for "status_of line reason | grep -q '$1'" 20
	result $? "status says: $1" || status_of line reason | note
}

# --- the plugin ------------------------------------------------------------------------------

block c frame_output_plugin >"$work/pipe.c"
type_in 'gcc ' >"$work/said" 2>&1
result $? "the plugin compiles without a warning and can be loaded" || note <"$work/said"
like "$(cat "$work/said")" '*writes each message to a named pipe*' "and its options are shown"

FRAME_ROUTER_PLUGINS=$work/plugins
export FRAME_ROUTER_PLUGINS
mkfifo "$work/pipe"
cat >"$conf/all.conf" <<END
[router]
keep = 0s
[pipe "line"]
path = $work/pipe
retry_min = 20ms
retry_max = 50ms
[file "gone"]
END
start_router || end_tests
echo '{"node":"n1","readings":{"TC":1}}' | "$router" send 2>/dev/null
waits_for 'nobody reads the pipe'
exec 9<>"$work/pipe"
wait_delivered line 1 20
read -r line <&9
like "$line" '{"uid":*"node":"n1"*"readings":{"TC":1}}' "a frame comes out of the pipe as a line"

"$router" simulate --count 2000 --seed 1 | "$router" send 2>/dev/null
waits_for 'the pipe is full'
timeout 60 head -n 2000 <&9 >"$work/lines"
is "$(grep -c '^{"uid":[^{}]*{[^{}]*}}$' "$work/lines")" 2000 "every line is whole when it was full in between"
arrived_ids "$work/lines" | sort -un | wc -l >"$work/count"
is "$(cat "$work/count")" 2000 "and none is missing or comes twice"

# --- the database ----------------------------------------------------------------------------

{
	printf '{"node":"n2","readings":{"STR":"'
	printf '%5000s' '' | tr ' ' x
	echo '"}}'
} | "$router" send 2>/dev/null
echo '{"node":"n3","readings":{}}' | "$router" send 2>/dev/null
wait_delivered line 2002 20
type_in 'FROM dead' line >"$work/said" 2>&1
result $? "the dead letters and the quarantine can be read"
like "$(cat "$work/said")" '*reason = longer than a pipe takes at once*node = n2*' \
	"a dead letter says why and what it was"
printf 'no\001frame\n' | "$router" send 2>/dev/null
type_in 'FROM dead' line >"$work/said" 2>&1
like "$(cat "$work/said")" "*at = 20*source = send*reason = *hex(raw) = 6E6F016672616D65*" \
	"bytes in quarantine are shown as hexadecimal digits"
read -r line <&9 # of n3

ok "a row is inserted" type_in 'INSERT INTO frame'
wait_delivered line 2003 20
read -r line <&9
like "$line" '{"uid":*"node":"SCP4"*"source":"sql"*"readings":{"TC":*23.5}}' "and delivered like all others"

# --- an output that is taken out ---------------------------------------------------------------

# frames: how many there are.
frames()
{
	sqlite3 -cmd '.timeout 5000' "$state/frames.db" 'SELECT count(*) FROM frame'
}
wait_for 'test "$(status_of gone waiting)" = 0 && test "$(frames)" -eq 0' 30
result $? "what everybody has goes"
sed -i '/gone/d' "$conf/all.conf"
ok "an output is taken out" "$router" reload
wait_for 'status_of gone reason | grep -q "not configured any more; its place still holds frames"' 20
result $? "status names it, in the words of the table"
like "$(cat "$top_srcdir/README.md")" '*`Stopped (not configured any more; its place still holds frames)`*' \
	"which has it"
"$router" simulate --count 20 --seed 2 | "$router" send 2>/dev/null
wait_delivered line 2023 20
timeout 60 head -n 20 <&9 >/dev/null
stop_router
result $? "the router ends in order"
is "$(frames)" 20 "it claims its frames"
mv "$state/outputs/gone.place" "$work"
start_router || end_tests
wait_for 'test "$(frames)" -eq 0' 30
result $? "and does no longer when its place is moved away"
is "$(status_of gone reason)" "" "nor does status name it"
is_balanced
stop_router
end_tests
