# SPDX-License-Identifier: MIT
# The service: its unit, its user, its directories, from templates.  Where they are installed is
# configure's answer; "no" leaves one out.
SERVICE_UNIT = core/service/frame-router.service
SERVICE_SYSUSERS = core/service/sysusers/frame-router.conf
SERVICE_TMPFILES = core/service/tmpfiles/frame-router.conf
SERVICE_TEMPLATES = \
	core/service/frame-router.service.in \
	core/service/sysusers.conf.in \
	core/service/tmpfiles.conf.in

statedir = $(localstatedir)/lib/frame-router

# systemd makes directories for a service below /var/lib and /etc alone; others have to be there.
SERVICE_EDIT = \
	case '$(statedir)' in \
	/var/lib/frame-router) state='StateDirectory=frame-router\nStateDirectoryMode=0750' ;; \
	*) state='ReadWritePaths=$(statedir)' ;; \
	esac; \
	case '$(sysconfdir)' in \
	/etc) etc='\nConfigurationDirectory=frame-router' ;; \
	*) etc= ;; \
	esac; \
	$(MKDIR_P) "$${to%/*}" && \
	sed -e 's|@bindir[@]|$(bindir)|g' -e 's|@statedir[@]|$(statedir)|g' \
		-e 's|@confdir[@]|$(confdir)|g' -e 's|@etcdir[@]|$(sysconfdir)/frame-router|g' \
		-e "s|@directories[@]|$$state$$etc|" "$$from" >"$$to.new" && mv "$$to.new" "$$to"

$(SERVICE_UNIT): core/service/frame-router.service.in Makefile
	$(AM_V_GEN)from='$(srcdir)/core/service/frame-router.service.in'; to=$@; $(SERVICE_EDIT)
$(SERVICE_SYSUSERS): core/service/sysusers.conf.in Makefile
	$(AM_V_GEN)from='$(srcdir)/core/service/sysusers.conf.in'; to=$@; $(SERVICE_EDIT)
$(SERVICE_TMPFILES): core/service/tmpfiles.conf.in Makefile
	$(AM_V_GEN)from='$(srcdir)/core/service/tmpfiles.conf.in'; to=$@; $(SERVICE_EDIT)

SERVICE_FILES = $(SERVICE_UNIT) $(SERVICE_SYSUSERS) $(SERVICE_TMPFILES)
EXTRA_DIST += $(SERVICE_TEMPLATES)
CLEANFILES += $(SERVICE_FILES)
all-local: $(SERVICE_FILES)

if WITH_SYSTEMDSYSTEMUNITDIR
nodist_systemdsystemunit_DATA = $(SERVICE_UNIT)
endif
if WITH_SYSUSERSDIR
nodist_sysusers_DATA = $(SERVICE_SYSUSERS)
endif
if WITH_TMPFILESDIR
nodist_tmpfiles_DATA = $(SERVICE_TMPFILES)
endif

# What is left to do after `make install`, for root, to have it run as a service.  systemd knows a
# unit by its name where it looks for units, else by its path.
service-hint:
	@test -n '$(nodist_systemdsystemunit_DATA)' || exit 0; \
	case '$(systemdsystemunitdir)' in \
	/usr/local/lib/systemd/system | /usr/lib/systemd/system | /lib/systemd/system | /etc/systemd/system) \
		unit=frame-router ;; \
	*) unit='$(systemdsystemunitdir)/frame-router.service' ;; \
	esac; \
	echo; \
	echo 'To run it as a service, from now on and after each boot:'; \
	echo; \
	test -z '$(nodist_sysusers_DATA)' || \
		echo '    systemd-sysusers $(sysusersdir)/frame-router.conf'; \
	test -z '$(nodist_tmpfiles_DATA)' || \
		echo '    systemd-tmpfiles --create $(tmpfilesdir)/frame-router.conf'; \
	echo "    systemctl enable --now $$unit"; \
	echo
.PHONY: service-hint
