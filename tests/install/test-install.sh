#!/bin/sh
# SPDX-License-Identifier: MIT
# `make install` puts everything in its place, keeps what people have changed, and what it put
# there works; `make uninstall` takes it away again.
. "${top_srcdir:=.}/tests/install/install.sh"

bin=$root$(place bindir)
plugins=$root$(place plugindir)
etc=$root$(place confdir)
include=$root$(place includedir)
share=$root$(place datadir)/frame-router

ok "make install DESTDIR=... works" installs install
ok "the program is there" test -x "$bin/frame-router"
for name in $(place plugin_LTLIBRARIES); do
	name=${name##*/}
	ok "the plugin ${name%.la} is there" test -f "$plugins/${name%.la}.so"
	fails "and no $name, which could lead elsewhere" test -e "$plugins/$name"
done
ok "the header for plugins is there" cmp "$include/frame_output.h" \
	"$top_srcdir/include/frame_output.h"
for file in "$top_srcdir"/conf.d/*.conf; do
	ok "conf.d/${file##*/} is there" cmp "$file" "$etc/${file##*/}"
done
for file in "$top_srcdir"/core/sensors/*.csv; do
	ok "sensors/${file##*/} is there" cmp "$file" "$share/sensors/${file##*/}"
done
for file in $(place MANS); do
	page=${file##*/}
	ok "the manual page $page is there" \
		test -f "$root$(place mandir)/man${page##*.}/$page"
done
for file in systemdsystemunit:frame-router.service sysusers:frame-router.conf \
	tmpfiles:frame-router.conf; do
	dir=$(place "${file%%:*}dir")
	if test -n "$dir"; then
		ok "$dir/${file#*:} is there" test -f "$root$dir/${file#*:}"
		fails "and names no place that is still to be filled in" \
			grep -q '@[a-z]*@' "$root$dir/${file#*:}"
	else
		skip "configured so" "nothing for ${file%%:*} is installed"
	fi
done
if test -n "$(place systemdsystemunitdir)"; then
	fails "below DESTDIR nobody is told to start a service" \
		grep -q 'systemctl' "$work/make.log"
	said=$(make -C "$top_builddir" --no-print-directory service-hint)
	want='*systemctl enable --now*'
	test "$(place tmpfilesdir)" = "" || want="*systemd-tmpfiles --create /$want"
	test "$(place sysusersdir)" = "" || want="*systemd-sysusers /$want"
	like "$said" "$want" "elsewhere the commands are told that start it"
fi

# What is installed works where it is, without the build tree.
FRAME_ROUTER_PLUGINS=$plugins
export FRAME_ROUTER_PLUGINS
ok "the installed program says its version" "$bin/frame-router" --version
ok "it takes the installed conf.d" "$bin/frame-router" check --conf "$etc" --state "$state"
ok "it finds the installed plugins" sh -c '"$1" plugins | grep -q file' - "$bin/frame-router"

cat >"$work/mine.c" <<'END'
#include <frame_output.h>
const struct frame_output *frame_output_plugin(void) { return NULL; }
END
# shellcheck disable=SC2086 # CC may be more than one word
ok "a plugin can be built against what is installed" ${CC:-cc} -shared -fPIC \
	-I "$include" -o "$work/mine.so" "$work/mine.c"

echo '# mine' >>"$etc/file.conf"
ok "installing again works" installs install
is "$(tail -n 1 "$etc/file.conf")" '# mine' "and leaves a changed conf.d/file.conf alone"
ok "make uninstall works" installs uninstall
is "$(find "$root" -type f)" "$etc/file.conf" "it leaves nothing but the file that somebody changed"
end_tests
