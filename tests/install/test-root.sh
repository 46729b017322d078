#!/bin/sh
# SPDX-License-Identifier: MIT
# On a machine with nothing but what `make install` put there and the libraries it needs: the
# service's user and directories are made as its files say, and the program does its work as that
# user, with all of the file system read-only but its state, no capability, and no system call but
# those of the unit.
if test "${FRAME_ROUTER_APART:-}" != yes; then
	FRAME_ROUTER_APART=yes unshare --mount --propagation private true 2>/dev/null &&
		FRAME_ROUTER_APART=yes exec unshare --mount --propagation private "$0"
	echo "1..0 # SKIP no mounts of our own here: this needs root"
	exit 0
fi
. "${top_srcdir:=.}/tests/install/install.sh"
need systemd-sysusers systemd-tmpfiles systemd-analyze chroot
test "${sanitize:-no}" = no || skip_all "sanitizers need calls that the unit does not allow"
for dir in systemdsystemunitdir sysusersdir tmpfilesdir; do
	test "$(place $dir)" != "" || skip_all "not all of the service is installed"
done
unset FRAME_ROUTER_CONF FRAME_ROUTER_STATE

box=$work/box # where $root is mounted
leave()
{
	kept=$?
	umount -l -R "$box" 2>/dev/null
	(exit "$kept")
	lib_cleanup
}
trap leave EXIT

# --- the machine -------------------------------------------------------------------------------

ok "make install DESTDIR=... works" installs install
program=$(place bindir)/frame-router
statedir=$(place statedir)
confdir=$(place confdir)
plugindir=$(place plugindir)
unit=$root$(place systemdsystemunitdir)/frame-router.service
sysusers=$root$(place sysusersdir)/frame-router.conf
tmpfiles=$root$(place tmpfilesdir)/frame-router.conf
ok "the unit is there" test -f "$unit"
ok "it starts the installed program" grep -q -x "ExecStart=$program run" "$unit"

ldd "$root$program" "$root$plugindir"/*.so | sed -n 's|.* \(/[^ ]*\) (0x.*|\1|p; s|^\t\(/[^ ]*\) (0x.*|\1|p' |
	sort -u | while read -r library; do
	mkdir -p "$root${library%/*}" && cp -L "$library" "$root$library"
done
mkdir -p "$root/proc" "$root/dev" "$root/run" "$root/tmp" "$root/etc" "$root/var/lib"
: >"$root/dev/null"
echo 5f0c31d2a9b4e8775f0c31d2a9b4e877 >"$root/etc/machine-id"

ok "systemd-sysusers makes the user" systemd-sysusers --root="$root" "$sysusers"
like "$(cat "$root/etc/passwd")" "*frame-router:x:*:*:frame-router:$statedir:/usr/sbin/nologin*" \
	"without a shell, at home in its state directory"
uid=$(sed -n 's/^frame-router:x:\([0-9]*\):.*/\1/p' "$root/etc/passwd")
gid=$(sed -n 's/^frame-router:x:\([0-9]*\):.*/\1/p' "$root/etc/group")
ok "systemd-tmpfiles makes the directories" systemd-tmpfiles --root="$root" --create "$tmpfiles"
is "$(stat -c '%u:%g %a' "$root$statedir")" "$uid:$gid 750" "the state is its own, and no others'"
is "$(stat -c '%u:%g %a' "$root$confdir")" "0:0 755" "the configuration is root's"
chmod 750 "$root$confdir"
ok "both may be done again" systemd-tmpfiles --root="$root" --create "$tmpfiles"
is "$(stat -c %a "$root$confdir")" 750 "which leaves the configuration as root has it"
chmod 755 "$root$confdir"

# As the unit's ProtectSystem=strict with its StateDirectory.
mkdir "$box"
mount --bind "$root" "$box" && mount -o remount,bind,ro "$box" &&
	mount --bind "$root$statedir" "$box$statedir" &&
	mount --bind "$root/run" "$box/run" &&
	mount --bind /dev/null "$box/dev/null" && mount -t proc proc "$box/proc"
result $? "all but the state is read-only" || end_tests
fails "as can be seen" touch "$box/etc/machine-id"

# --- as the unit would run it ------------------------------------------------------------------

echo '#include <sys/syscall.h>' | ${CC:-cc} -E -dM - |
	sed -n 's/^#define __NR_\([a-z_0-9]*\) \([0-9]*\)$/\1 \2/p' | LC_ALL=C sort >"$work/numbers"
allowed "$unit" | LC_ALL=C join "$work/numbers" - | sed 's/.* //' >"$work/calls"
echo "# $(wc -l <"$work/calls") system calls are allowed"

as_root()
{
	chroot "$box" "$program" "$@"
}

# as_service ...: takes the place of the shell, so it is for the background.
as_service()
{
	exec "$top_builddir/tests/install/confine" "$box" "$uid" "$gid" "$work/calls" "$program" "$@"
}

# owners: who owns what in the state directory, each once.
owners()
{
	find "$root$statedir" -printf '%U:%G\n' | sort -u | tr '\n' ' '
}

# --- what root is told of the configuration ------------------------------------------------------

# says TEXT PATTERN: what root's check says.
says()
{
	like "$(as_root check 2>&1)" "$2" "$1"
}

says "root finds nothing wrong with what was shipped" '*0 errors, 0 warnings'
printf '[file "archive"]\n[mqtt "broker"]\nenabled = yes\ntls = yes\nuser = me\npassword = s3cret\n' \
	>"$root$confdir/secret.conf"
chmod 600 "$root$confdir/secret.conf"
says "a file that the service could not read is told, with what helps" \
	"*secret.conf: warning:*not readable for frame-router (chgrp frame-router*chmod g+r*1 warning"
chgrp "$gid" "$root$confdir/secret.conf" && chmod 640 "$root$confdir/secret.conf"
says "which does help" '*0 errors, 0 warnings'
is "$( (as_service check 2>&1) | tail -n 1)" "0 errors, 0 warnings" "and the service may read it"
chmod 644 "$root$confdir/secret.conf"
says "a secret that everybody could read is refused, with what helps" \
	"*secret.conf:*error: password:*read by others (chgrp frame-router*chmod 640*"
printf '[file "archive"]\npath = /data/#ID_WASP#.jsonl\n' >"$root$confdir/secret.conf"
mkdir "$root/data" && mount --bind "$root/data" "$box/data"
says "a folder that the unit does not open is told, with what helps" \
	"*secret.conf:2: warning: path: /data is not writable*systemctl edit frame-router*ReadWritePaths=/data*"
mkdir -p "$root/etc/systemd/system/frame-router.service.d"
printf '[Service]\nReadWritePaths=/data\n' \
	>"$root/etc/systemd/system/frame-router.service.d/data.conf"
says "one that it opens needs the right owner too" \
	"*secret.conf:2: warning: path: /data is not writable for frame-router: Permission denied*"
chown "$uid" "$root/data"
says "and then all is well" '*0 errors, 0 warnings'
printf '[socket-input "low"]\nlisten = tcp:127.0.0.1:1\nlisten = unix:/opt/x/nodes\n' \
	>"$root$confdir/secret.conf"
says "a port that the service may not have is told, with what helps" \
	"*secret.conf:2: warning: listen: *port 1:*AmbientCapabilities=CAP_NET_BIND_SERVICE*"
says "and a socket's folder that it cannot write" \
	"*secret.conf:3: warning: listen: /opt/x is not writable*ReadWritePaths=/opt/x*"
printf '[socket-input "low"]\nlisten = unix:/run/frame-router/nodes\n' \
	>"$root$confdir/secret.conf"
says "that of its own it can, though it is made later" '*0 errors, 0 warnings'
rm "$root$confdir/secret.conf"

# --- a service ---------------------------------------------------------------------------------

frame='{"node":"first","readings":{"TC":1.5}}'
echo "$frame" | as_root send 2>"$work/send.log"
result $? "root can send before the service has ever run" || note <"$work/send.log"
is "$(owners)" "$uid:$gid " "and leaves nothing there that is not the service's"

"$helpers/manager" "$root/run/notify" "$work/said" >"$work/manager.log" 2>&1 &
began $!
wait_for 'grep -q ready "$work/manager.log"' 10
chown "$uid" "$root/run/notify" # as /run/systemd/notify, which everybody may write
NOTIFY_SOCKET=/run/notify as_service run >"$work/router.log" 2>&1 </dev/null &
router_pid=$!
began $router_pid
wait_for 'grep -q READY=1 "$work/said" 2>/dev/null || ! is_alive $router_pid' 30
ok "the router is ready, as the unit would run it" grep -q READY=1 "$work/said" ||
	note <"$work/router.log"
for line in 'Uid:.'"$uid" 'Gid:.'"$gid" 'CapEff:.0*$' 'CapBnd:.0*$' 'NoNewPrivs:.1' 'Seccomp:.2'; do
	ok "its process has $line" grep -q "^$line" "/proc/$router_pid/status"
done
echo '{"node":"second","readings":{"TC":2.5}}' | as_root send 2>"$work/send.log"
result $? "root can send to the running service" || note <"$work/send.log"
ok "both frames are in the file of the shipped configuration" \
	wait_for "test \$(wc -l <'$root$statedir/frames.jsonl') -eq 2" 20
is "$(sed 's/.*"node":"\([a-z]*\)".*/\1/' "$root$statedir/frames.jsonl" | tr '\n' ' ')" \
	"first second " "in their order"
like "$(as_root status)" '*archive*Running*' "root sees that it runs"
ok "root can stop an output" as_root stop archive
ok "and start it" as_root start archive
ok "root can restart an output" as_root restart archive
ok "root can disable one" as_root disable archive
like "$(as_root status)" '*archive*Stopped (disabled)*override of archive: enabled = no*' \
	"which status shows"
says "and check" '*archive*disabled*override: enabled*'
ok "root can enable it" as_root enable archive
like "$(as_root reset archive)" 'archive: unchanged' "root can drop the override"
printf '[router]\nlog_level = debug\n' >"$root$confdir/zz.conf"
like "$(as_root restart archive 2>&1)" '*conf.d has changed since*' \
	"root is told that conf.d has changed"
like "$(as_root reload)" '*archive: restarted (changed: ?router? log_level)*' "and can reload it"
echo 'no section' >"$root$confdir/zz.conf"
like "$(as_root reload 2>&1)" '*zz.conf:1: error:*nothing was changed' \
	"a mistake there is told, and changes nothing"
rm "$root$confdir/zz.conf"
ok "the file is taken away again" as_root reload
is "$(owners)" "$uid:$gid " "all of the state is the service's still"

# What the service made in its state directory leads root nowhere else.
rmdir "$root$statedir/override" && ln -s /run "$root$statedir/override"
fails "root does not write where a link of the service leads" as_root disable archive
is "$(find "$root/run" -name 'archive*')" "" "nothing was made there"
rm "$root$statedir/override"

# as_member ...: a user in the group of the service, which is there to read secrets of conf.d.
as_member()
{
	(exec "$top_builddir/tests/install/confine" "$box" 4711 "$gid" "$work/calls" "$program" "$@") 2>&1
}
for verb in status reload 'stop archive' 'disable archive'; do
	# shellcheck disable=SC2086 # a verb and a name
	like "$(as_member $verb)" '*only root and the user it runs as may ask*' \
		"who is only in its group is told who may $verb"
done
like "$(as_root status)" '*archive*Running*' "and has stopped nothing"
is "$(find "$root$statedir" -perm /007)" "" "and nobody else may look into it"
as_root run >"$work/second.log" 2>&1
is $? 77 "root does not run a second one in the service's state"
like "$(cat "$work/second.log")" '*belongs to frame-router*' "and learns whose it is"

end_process $router_pid TERM
is $? 0 "it stops in order"
ok "having said so" grep -q STOPPING=1 "$work/said"
fails "nothing was refused" grep -q -i 'not permitted\|denied\|read-only' "$work/router.log"
note <"$work/router.log"
end_tests
