#!/bin/sh
# SPDX-License-Identifier: MIT
# Meshlium's templates: the message that its users have arrives as it did there, but as valid
# JSON whatever a node sent.
. "$top_srcdir/tests/integration/lib.sh"
need mosquitto
TZ=AEST-10
export TZ

start_broker || { result 1 "a broker runs"; end_tests; }
start_subscriber 'gw-test/#' "$work/subscribed" || result 1 "a subscriber listens"
start_subscriber 'gw-test/nodo "1"/STR' "$work/strings" || result 1 "another one listens"
cat >"$conf/all.conf" <<END
[router]
name = gw-test
[mqtt "broker"]
host = 127.0.0.1
port = $broker_port
topic = #MESHLIUM#/#ID_WASP#/#SENSOR#
message = {"id":"#ID#","id_wasp":"#ID_WASP#","id_secret":"#ID_SECRET#","sensor":"#SENSOR#","value":"#VALUE#","datetime":"#TS("c")#"}
[file "values"]
path = $work/values.jsonl
message = {"n":#ID#,"type":#FRAME_TYPE#,"number":#FRAME_NUMBER#,"tag":#SENSOR#,"value":#VALUE#,"at":#TS('U')#,"uid":"#UID#"}
[file "lines"]
path = $work/#ID_WASP#/#SENSOR#.txt
message = #SENSOR#|#VALUE#|#TIMESTAMP#
[file "frames"]
path = $work/frames.jsonl
message = {"node":"#ID_WASP#","secret":#ID_SECRET#}
[file "senml"]
path = $work/senml.jsonl
format = senml
[file "archive"]
path = $work/archive.jsonl
END
"$router" check >"$work/check" 2>&1
result $? "the configuration is sound" || note <"$work/check"
start_router || end_tests

cat >"$work/lines" <<'END'
{"node":"nodo \"1\"","serial":"400577471","sequence":7,"type":"information","readings":{"SOIL_D":52.480,"STR":"a \"b\" \\ c\n\td\u00e4\u0001","ACC":[996,-250,-100],"BAT":null}}
{"node":"n2","readings":{"STR":"LONG"}}
END
long=$(printf '%0200d' 0)
sed "s/LONG/$long/" "$work/lines" >"$work/sent"
"$router" send "$work/sent" 2>/dev/null
for name in broker values lines frames senml archive; do
	ok "$name has delivered both frames" wait_delivered $name 2 30
done
ok "each reading is a message of its own" \
	wait_for "test \$(wc -l <'$work/subscribed') -ge 5" 20

# The time of receipt, as the document has it in UTC, ten hours later.
when()
{
	date -u -d "$(sed -n "$1s/.*\"received\":\"\([^\"]*\)\".*/\1/p" "$work/archive.jsonl") + 10 hours" "$2"
}
one="{\"id\":\"1\",\"id_wasp\":\"nodo \\\"1\\\"\",\"id_secret\":\"400577471\",\"sensor\":"
at="\"datetime\":\"$(when 1 +%Y-%m-%dT%H:%M:%S)+10:00\"}"
cat >"$work/want" <<END
$one"SOIL_D","value":"52.480",$at
$one"STR","value":"a \\"b\\" \\\\ c\\n\\tdä\\u0001",$at
$one"ACC","value":"996;-250;-100",$at
$one"BAT","value":"",$at
{"id":"2","id_wasp":"n2","id_secret":"","sensor":"STR","value":"$long","datetime":"$(when 2 +%Y-%m-%dT%H:%M:%S)+10:00"}
END
is "$(cat "$work/subscribed")" "$(cat "$work/want")" "the subscriber has what the template says"
is "$(wc -l <"$work/strings")" 1 "the topic names node and sensor"
store=$(sed -n '1s/.*"uid":"\([0-9a-f]*\)-1".*/\1/p' "$work/archive.jsonl")
seconds=$(($(when 1 +%s) - 36000))
cat >"$work/want" <<END
{"n":1,"type":6,"number":7,"tag":"SOIL_D","value":52.480,"at":$seconds,"uid":"$store-1-SOIL_D"}
{"n":1,"type":6,"number":7,"tag":"STR","value":"a \\"b\\" \\\\ c\\n\\td\\u00e4\\u0001","at":$seconds,"uid":"$store-1-STR"}
{"n":1,"type":6,"number":7,"tag":"ACC","value":[996,-250,-100],"at":$seconds,"uid":"$store-1-ACC"}
{"n":1,"type":6,"number":7,"tag":"BAT","value":null,"at":$seconds,"uid":"$store-1-BAT"}
END
is "$(head -n 4 "$work/values.jsonl")" "$(cat "$work/want")" \
	"outside quotes a wildcard is a JSON value"
is "$(cat "$work/nodo%20%221%22/SOIL_D.txt")" "SOIL_D|52.480|$(when 1 '+%Y-%m-%d %H:%M:%S')" \
	"Meshlium's default message, in a file for each sensor"
is "$(cat "$work/n2/STR.txt")" "STR|$long|$(when 2 '+%Y-%m-%d %H:%M:%S')" \
	"a long text arrives whole"
is "$(cat "$work/frames.jsonl")" '{"node":"nodo \"1\"","secret":"400577471"}
{"node":"n2","secret":null}' "a template without a reading is one message a frame"
is "$(sed -n 2p "$work/senml.jsonl" | sed 's/"bt":[0-9.]*/"bt":0/')" \
	"[{\"bn\":\"gw-test/n2/\",\"bt\":0,\"n\":\"STR\",\"vs\":\"$long\"}]" \
	"SenML is a pack a frame"
is "$(sed -n 1p "$work/senml.jsonl" | grep -o '"n":"[^"]*"' | tr '\n' ' ')" \
	'"n":"SOIL_D" "n":"STR" "n":"ACC.1" "n":"ACC.2" "n":"ACC.3" ' \
	"with a record a value"
stop_router
result $? "the router ends in order"

# --- mistakes --------------------------------------------------------------------------------
# mistake LINE TEXT: what `check` says of a section with this line.
mistake()
{
	printf '[router]\nname = gw-test\n[file "f"]\n%b\n' "$1" >"$conf/all.conf"
	is "$("$router" check 2>&1 | sed -n 's/.*all.conf:\(.*error: .*\)/\1/p')" "$2" "$3"
}
mistake 'message = {"v":#VALUE#' \
	'4: error: message: is no valid JSON: it ends where a comma or } is expected' \
	"a message that would be no JSON names its line"
mistake 'path = x\nmessage = {"at":"#TS("c)"}' \
	'5: error: message: #TS(" is not ended by ")#' "and so does an open format"
mistake 'message = #ID#\nformat = json' \
	'5: error: format = json does not go with a message: leave one out' \
	"a format that does not go with a message"
mistake 'message = #SENSOR#\nper = frame' \
	'5: error: per = frame, but message names #SENSOR# or #VALUE#, which stand for one reading' \
	"a reading in a message for a frame"
end_tests
