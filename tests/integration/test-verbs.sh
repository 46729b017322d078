#!/bin/sh
# SPDX-License-Identifier: MIT
# What the verbs answer, above all when something is wrong.
. "$top_srcdir/tests/integration/lib.sh"
crowd=

# gives STATUS TEXT COMMAND...: the command ends with that exit code; what it said is in $said.
gives()
{
	gives_want=$1
	gives_text=$2
	shift 2
	"$@" >"$work/out" 2>"$work/err" </dev/null
	gives_got=$?
	said=$(cat "$work/out" "$work/err")
	is "$gives_got" "$gives_want" "$gives_text"
}

gives 2 "without a verb: wrong usage" "$router"
like "$said" '*simulate*' "and the verbs are shown"
gives 2 "an unknown verb: wrong usage" "$router" strat
gives 0 "--version" "$router" --version
like "$said" 'frame-router [0-9]*' "names the version"
for verb in run check status start stop restart send decode simulate plugins; do
	gives 0 "help $verb" "$router" help $verb
	like "$said" "usage: frame-router *$verb*" "tells how $verb is used"
done
for verb in run status send; do
	gives 2 "$verb with an unknown option: wrong usage" "$router" $verb --nonsense
done

gives 1 "status without a router: no" "$router" status
gives 1 "stop without a router: no" "$router" stop archive
like "$said" '*does not run*' "and it asks whether one runs"

# --- all at once, with nothing there yet ------------------------------------------------------
cat >"$conf/all.conf" <<END
[file "archive"]
path = $work/crowd.jsonl
END
for node in 1 2 3 4 5 6 7 8; do
	(echo "{\"node\":\"$node\",\"readings\":{\"T\":1}}" | "$router" send --state "$work/crowd" 2>/dev/null &&
		echo fine >>"$work/fine") &
	began $!
	crowd="$crowd $!"
done
mkdir -p "$work/crowd"
ok "a router starts while others send for the first time" start_router --state "$work/crowd"
# shellcheck disable=SC2086 # a list of processes
wait $crowd
is "$(wc -l <"$work/fine")" 8 "and all of them could send"
ok "what they sent is delivered" \
	wait_for "test \$(wc -l <'$work/crowd.jsonl') -eq 8" 20
stop_router
result $? "that router ends in order"

# --- a configuration with errors ---------------------------------------------------------------
cat >"$conf/all.conf" <<END
[file "archive"]
path = $work/archive.jsonl
widow = 5
[file "second"]
path = $work/second.jsonl
timeout = 10
END
gives 78 "run with a wrong configuration" "$router" run
like "$said" '*all.conf:3: error:*widow*window*' "names file, line, and the nearest key"
like "$said" '*all.conf:6: error:*' "and every other mistake at once"
fails "nothing was started" test -e "$state/frames.db"
gives 1 "check says no" "$router" check
printf '[file "half"]\npath = %s/x\nenabled = true\n' "$work" >"$work/half.conf"
like "$("$router" check "$work/half.conf" 2>/dev/null)" 'output half * [?]*1 error*' \
	"what has an error is not shown as something else"

cat >"$conf/all.conf" <<END
[file "archive"]
enabled = "yes"
[file "second"]
path = $work/second.jsonl
END
gives 1 "a wrong word for yes" "$router" check
like "$said" '*:2: error: enabled: "yes" is neither yes nor no (leave the quotation marks out)*' \
	"is explained between one pair of marks"
like "$said" '*archive *file *[?]*second *enabled*' "and not taken for a no, nor hides the next"

cat >"$conf/all.conf" <<END
[file "archive"]
path = $work/archive.jsonl
END
gives 0 "check says yes when it is right" "$router" check

# --- frames are stored without a router ----------------------------------------------------------
hex=3C3D3E06223B2F6F057C1054E66E6F64655F3031232934574A1F859F414C0000E4414DC0FCC447
printf '%s\nnonsense\n{"readings":\n\n{"readings":{"TC":1}}\n' $hex >"$work/lines"
gives 1 "send says no when a line was no frame" "$router" send "$work/lines"
like "$said" '*line 2: *quarantine*' "line 2 is kept in quarantine"
like "$said" '*line 3: *' "line 3 is explained"
like "$said" '*2 frames stored*' "the good ones are stored"
gives 1 "status tells what is on disk" "$router" status --json
like "$said" '*"state":"Stopped"*"frames":2*' "two frames, and that nothing runs"

start_router || end_tests
ok "what was stored before is delivered" wait_delivered archive 2
gives 0 "status of a running router" "$router" status
gives 0 "status of a running output" "$router" status archive
gives 1 "status of an unknown name" "$router" status nobody
gives 1 "start of an unknown name" "$router" start nobody
like "$said" '*no input or output nobody*' "is explained"

began=$(date +%s%N)
gives 75 "a second router with the same state is refused" "$router" run
ok "within a second" test $((($(date +%s%N) - began) / 1000000)) -lt 1000
like "$said" "*process $router_pid*" "and the first one is named"

# --- a program that writes the database itself ---------------------------------------------------
if command -v sqlite3 >/dev/null; then
	sqlite3 "$state/frames.db" \
		"INSERT INTO frame(node, readings) VALUES ('foreign', '{\"TC\":4.5}')"
	ok "a row that a foreign program inserts is delivered" wait_delivered archive 3 10
	like "$(tail -n 1 "$work/archive.jsonl")" '*"node":"foreign"*"readings":{"TC":4.5}}' \
		"with what it holds"
	fails "an id that the writer chose is refused" sqlite3 "$state/frames.db" \
		"INSERT INTO frame(id, node, readings) VALUES (99, 'foreign', '{}')"
	fails "readings that are no JSON are refused" sqlite3 "$state/frames.db" \
		"INSERT INTO frame(node, readings) VALUES ('foreign', 'TC')"
	sqlite3 "$state/frames.db" "INSERT INTO sensorParser(id_wasp, sensor, value)
		VALUES ('meshlium', 'HUM', '41.5')"
	ok "so is a row of Meshlium's table" wait_delivered archive 4 10
	like "$(tail -n 1 "$work/archive.jsonl")" '*"node":"meshlium"*"readings":{"HUM":41.5}}' \
		"with its one reading"
	stop_router
	sqlite3 "$state/frames.db" "PRAGMA user_version = 200"
	gives 78 "a store with a newer schema is refused" "$router" run
	is "$(sqlite3 "$state/frames.db" "PRAGMA user_version; SELECT count(*) FROM frame")" \
		"200
4" "and left as it is"
else
	skip "sqlite3 is not installed" "a program that writes the database itself"
fi
end_tests
