#!/bin/sh
# SPDX-License-Identifier: MIT
# store: on a full disk frames are refused, what was promised is kept, outputs can settle, and
# all goes on by itself when there is room.  Needs a name space of its own for a small disk.
. "${top_srcdir:=.}/tests/tap.sh"
tool=${top_builddir:-.}/tests/unit/store-tool
if test "$1" != inside; then
	unshare -Urm true 2>/dev/null || skip_all "no small disk can be mounted here"
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/frame-router-test-XXXXXX") || exit 99
	unshare -Urm sh "$0" inside "$tmp"
	status=$?
	rmdir "$tmp"
	exit $status
fi
tmp=$2
acked() { sed -n 's/^acked //p' "$1" | tail -1 | grep . || echo 0; }
stored() { "$tool" check "$state" | sed 's/.*last //'; }
mount -t tmpfs -o size=8m none "$tmp" || exit 99
mkdir "$tmp/log"
mount -t tmpfs -o size=1m none "$tmp/log"
state=$tmp/state log=$tmp/log

# Frames fill the disk, with housekeeping as in the service.
"$tool" prepare "$state"
"$tool" place "$state" 0
test -e "$state/ballast"
result $? "a small disk has a small ballast: $(wc -c <"$state/ballast") bytes"
"$tool" keep "$state" 999999 2>/dev/null &
keeper=$!
"$tool" fill "$state" >"$log/out" 2>"$log/err"
result $? "it fills up until it is refused $(cat "$log/err")"
kill -9 $keeper
wait $keeper 2>/dev/null
"$tool" fill "$state" >>"$log/out" 2>"$log/err" # what housekeeping has made room for since
promised=$(acked "$log/out")
test "$promised" -gt 10000 && test "$(stored)" -eq "$promised"
result $? "what was promised is there, and nothing else: $promised frames"
"$tool" write "$state" 1 1 >"$log/out" 2>"$log/err"
test $? -eq 2 && grep -q 'the disk is full' "$log/err"
result $? "another writer is refused, too, and takes nothing of the room that is left"

# Another program takes the rest.
dd if=/dev/zero of="$tmp/theirs" bs=4k 2>/dev/null
"$tool" settle "$state" 100 2>"$log/err"
result $? "an output can settle, and write dead letters $(cat "$log/err")"
test ! -e "$state/ballast"
result $? "as the ballast was given up for it"
"$tool" prepare "$state" 2>"$log/err"
result $? "a start on a full disk works: $(cat "$log/err")"
test "$(stored)" -eq "$promised"
result $? "and loses nothing"
rm "$tmp/theirs"

# All outputs are past all frames: housekeeping makes room by itself.
"$tool" place "$state" "$promised"
"$tool" keep "$state" 2000 2>"$log/err"
result $? "housekeeping makes room: $(tail -1 "$log/err")"
"$tool" write "$state" 1 10 >"$log/out" 2>"$log/err"
test $? -eq 0 && test "$(acked "$log/out")" -eq $((promised + 10))
result $? "and frames are taken again, under new ids $(cat "$log/err")"
test -e "$state/ballast"
result $? "with ballast for the next time"

# Without housekeeping the log is longer than the rest of the disk.
rm -rf "$state"
"$tool" prepare "$state"
"$tool" fill "$state" >"$log/out" 2>"$log/err"
promised=$(acked "$log/out")
"$tool" place "$state" "$promised"
dd if=/dev/zero of="$tmp/theirs" bs=4k 2>/dev/null
truncate -s -98304 "$tmp/theirs" # enough to begin with
"$tool" keep "$state" 20 2>"$log/err"
"$tool" settle "$state" 300 2>"$log/err"
result $? "housekeeping leaves the room to outputs, if it is of no use to it $(cat "$log/err")"
rm "$tmp/theirs"
"$tool" place "$state" "$promised"
"$tool" keep "$state" 2000 2>"$log/err"
"$tool" write "$state" 1 10 >"$log/out" 2>"$log/err"
test $? -eq 0 && test "$(acked "$log/out")" -eq $((promised + 10))
result $? "with just enough to copy the log back all goes on $(cat "$log/err")"

# Another program fills the disk, and goes again.
rm -rf "$state"
"$tool" prepare "$state"
dd if=/dev/zero of="$tmp/theirs" bs=64k 2>/dev/null
"$tool" patient "$state" >"$log/out" 2>"$log/err" &
patient=$!
until grep -q full "$log/out"; do kill -0 $patient || break; done
result $? "another program has filled the disk"
rm "$tmp/theirs"
wait $patient
result $? "when it has gone the same writer goes on by itself: $(tail -1 "$log/out") $(cat "$log/err")"
test "$(stored)" -eq "$(acked "$log/out")"
result $? "and has lost nothing"

umount "$log"
umount "$tmp"
end_tests
