#!/bin/sh
# SPDX-License-Identifier: MIT
# store: killed at any point of a commit, a start or housekeeping, or with a disk that fails
# there, it keeps what it promised.  Needs strace.
. "${top_srcdir:=.}/tests/tap.sh"
tool=${top_builddir:-.}/tests/unit/store-tool
tmp=$(mktemp -d "${TMPDIR:-/tmp}/frame-router-test-XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
state=$tmp/state
strace -o /dev/null -e inject=fdatasync:signal=SIGKILL:when=999 true 2>"$tmp/strace" ||
	skip_all "strace cannot be used here"

# The last number that was promised, and the last that is there.
acked() { sed -n 's/^acked //p' "$tmp/out" | tail -1 | grep . || echo 0; }
stored() { "$tool" check "$state" | sed 's/.*last //'; }
saved() { "$tool" check "$state" | sed 's/frames //;s/ .*//'; }

# What the state is like before: empty, with frames, with a damaged store, with a salvaged one
# that has no name yet.
arrange()
{
	rm -rf "$state"
	: >"$tmp/out"
	"$tool" prepare "$state"
	test "$1" = empty && return
	"$tool" write "$state" 4 300 >"$tmp/out"
	test "$1" = damaged || return
	"$tool" copy "$state"
	dd if=/dev/zero of="$state/frames.db" bs=4096 seek=20 count=1 conv=notrunc 2>"$tmp/dd"
	: >"$state/suspect"
	echo "acked 0" >"$tmp/out" # what lay in that page is nobody's promise
}

# sweep CALL WHAT LEAST BEFORE COMMAND...: kills or fails the N-th call of a kind, for growing
# N, until a run has no such call any more.
sweep()
{
	call=$1 what=$2 least=$3 before=$4
	shift 4
	points=0 lost=0 broken=0 n=1
	while test $n -le 50; do
		arrange "$before"
		strace -f -o "$tmp/trace" -e trace="$call" -e inject="$call:$what:when=$n" \
			"$tool" "$@" >>"$tmp/out" 2>/dev/null
		grep -q 'INJECTED\|killed by' "$tmp/trace" || break
		promised=$(acked)
		"$tool" prepare "$state" 2>"$tmp/err" || broken=$((broken + 1))
		grep -q 'lost by the storage' "$tmp/err" && lost=$((lost + 1))
		kept=$(stored)
		test "$before" != damaged || test "$(saved)" -ge 1100 || lost=$((lost + 1))
		test "$1" = keep || test "${kept:-0}" -ge "$promised" || lost=$((lost + 1))
		"$tool" write "$state" 1 1 >"$tmp/out" 2>/dev/null || broken=$((broken + 1))
		test "$(acked)" -gt "$promised" || broken=$((broken + 1))
		points=$((points + 1))
		n=$((n + 1))
	done
	test $lost -eq 0
	result $? "$1, $before, $call, $what: nothing promised is lost at $points points"
	test $broken -eq 0 && test $points -ge "$least"
	result $? "$1, $before, $call, $what: the store goes on after each, of $least or more"
}

sweep pwrite64 signal=SIGKILL 10 empty write "$state" 4 3
sweep fdatasync signal=SIGKILL 4 empty write "$state" 4 3
sweep fdatasync error=EIO 4 empty write "$state" 4 3
sweep pwrite64 error=EIO 10 empty write "$state" 4 3
sweep pwrite64 error=ENOSPC 10 empty write "$state" 4 3
sweep pwrite64 signal=SIGKILL 1 full prepare "$state"
sweep fdatasync,fsync signal=SIGKILL 2 full prepare "$state"
sweep openat signal=SIGKILL 10 full prepare "$state"
sweep pwrite64 signal=SIGKILL 10 damaged prepare "$state"
sweep rename signal=SIGKILL 2 damaged prepare "$state"
sweep unlink signal=SIGKILL 2 damaged prepare "$state"
sweep pwrite64 signal=SIGKILL 10 full keep "$state" 20
sweep fdatasync,fsync signal=SIGKILL 2 full keep "$state" 20
sweep ftruncate signal=SIGKILL 1 full keep "$state" 20

# A reader sees a frame only when it is synced: the sync takes long here.
arrange empty
strace -f -o /dev/null -e trace=fdatasync -e inject=fdatasync:delay_enter=1500000 \
	"$tool" write "$state" 1 1 >"$tmp/out" 2>/dev/null &
writer=$!
before=$(wc -c <"$state/frames.db-wal")
until test "$(wc -c <"$state/frames.db-wal")" -gt "$before"; do :; done
seen=$("$tool" check "$state")
test ! -s "$tmp/out" && test "$seen" = "frames 0 first 1 last 0"
result $? "while the sync is under way nobody sees the frame, though the log has it: $seen"
wait $writer
seen=$("$tool" check "$state")
test "$seen" = "frames 1 first 1 last 1"
result $? "when it has ended everybody does: $seen"

# A dead letter is synced before the cursor may pass its frame.
strace -f -y -o "$tmp/trace" -e trace=fdatasync "$tool" settle "$state" 5 2>/dev/null
test "$(grep -c tool.db-wal "$tmp/trace")" -ge 5
result $? "each dead letter is synced: $(grep -c tool.db-wal "$tmp/trace") times for 5"
end_tests
