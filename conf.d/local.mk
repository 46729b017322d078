# SPDX-License-Identifier: MIT
# conf.d belongs to people: installing keeps what they have, uninstalling what they changed.
# All but file.conf come disabled.
confdir = $(sysconfdir)/frame-router/conf.d
CONF_FILES = \
	conf.d/file.conf \
	conf.d/http-input.conf \
	conf.d/http.conf \
	conf.d/mqtt.conf \
	conf.d/socket-input.conf
EXTRA_DIST += $(CONF_FILES)

install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(confdir)'
	for file in $(CONF_FILES); do \
		to="$(DESTDIR)$(confdir)/$${file#conf.d/}"; \
		test ! -e "$$to" || continue; \
		$(INSTALL_DATA) "$(srcdir)/$$file" "$$to" || exit 1; \
		test "$$file" = conf.d/file.conf || ! grep -q '^enabled *= *yes' "$$to" || \
			echo "$$to: edited in this tree, and enabled"; \
	done

uninstall-local:
	for file in $(CONF_FILES); do \
		to="$(DESTDIR)$(confdir)/$${file#conf.d/}"; \
		! cmp -s "$(srcdir)/$$file" "$$to" || rm -f "$$to" || exit 1; \
	done
