# SPDX-License-Identifier: MIT
# The only code that uses libmicrohttpd and GnuTLS.
if WITH_HTTP_INPUT
dist_man5_MANS += plugins/http-input/frame-router-http-input.5
plugin_LTLIBRARIES += plugins/http-input/http-input.la
endif
plugins_http_input_http_input_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/core \
	$(MICROHTTPD_CFLAGS)
plugins_http_input_http_input_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_http_input_http_input_la_LIBADD = $(MICROHTTPD_LIBS)
plugins_http_input_http_input_la_SOURCES = \
	plugins/http-input/body.c \
	plugins/http-input/body.h \
	plugins/http-input/client.c \
	plugins/http-input/client.h \
	plugins/http-input/form.c \
	plugins/http-input/form.h \
	plugins/http-input/gate.c \
	plugins/http-input/gate.h \
	plugins/http-input/head.c \
	plugins/http-input/head.h \
	plugins/http-input/http-input.c \
	plugins/http-input/listen.c \
	plugins/http-input/listen.h \
	plugins/http-input/parts.c \
	plugins/http-input/parts.h \
	plugins/http-input/reply.c \
	plugins/http-input/reply.h \
	plugins/http-input/server.c \
	plugins/http-input/server.h \
	plugins/http-input/tls.c \
	plugins/http-input/tls.h \
	plugins/http-input/token.c \
	plugins/http-input/token.h \
	plugins/http-input/web.c \
	plugins/http-input/web.h \
	plugins/http-input/why.h
