#!/bin/sh
# SPDX-License-Identifier: MIT
# On a full disk a reload changes nothing, however much of the new configuration was written; and
# the router starts again there, so that outputs can deliver and room can come free.
if test "${FRAME_ROUTER_APART:-}" != yes; then
	FRAME_ROUTER_APART=yes
	export FRAME_ROUTER_APART
	unshare --user --map-root-user --mount true 2>/dev/null &&
		exec unshare --user --map-root-user --mount --propagation private "$0"
	echo "1..0 # SKIP no small disk can be mounted here"
	exit 0
fi
. "${top_srcdir:=.}/tests/integration/lib.sh"

state=$work/disk/state
FRAME_ROUTER_STATE=$state
mkdir "$work/disk"
mount -t tmpfs -o size=6m none "$work/disk" || skip_all "no small disk can be mounted here"
mkdir -m 700 "$state"

leave()
{
	kept=$?
	for pid in $lib_started; do
		is_alive "$pid" && end_process "$pid"
	done
	umount -l "$work/disk"
	(exit "$kept")
	lib_cleanup
}
trap leave EXIT

# fill: takes all the room that is left.
fill()
{
	dd if=/dev/zero bs=4096 2>/dev/null >>"$work/disk/theirs"
	dd if=/dev/zero bs=1 count=4096 2>/dev/null >>"$work/disk/theirs"
}

printf '[file "one"]\npath = %s/one.jsonl\n' "$work" >"$conf/all.conf"
start_router || end_tests
fill
for i in $(seq 100); do
	printf '[file "x%s"]\nenabled = no\npath = %s/x%s\n' "$i" "$work" "$i"
done >"$conf/many.conf"
cp "$state/effective" "$work/effective"
for blocks in 0 1 2 3; do
	"$router" reload >"$work/reload.log" 2>&1
	is $? 1 "a reload on a full disk fails, with $blocks blocks of room"
	like "$(cat "$work/reload.log")" '*cannot write the configuration: No space left*nothing was changed*' \
		"and says why"
	ok "the configuration in force is whole" cmp "$work/effective" "$state/effective"
	truncate -s -4096 "$work/disk/theirs"
done
is "$("$router" status --json | grep -o '"name":"[a-z0-9]*","plugin"' | wc -l)" 1 \
	"nothing was stopped or started"
rm "$conf/many.conf"
stop_router
fill
ok "the router starts on a full disk" start_router
is "$(status_of one state)" Running "and its output runs"
rm "$work/disk/theirs"
ok "it ends in order" stop_router
end_tests
