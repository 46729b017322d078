# SPDX-License-Identifier: MIT
if WITH_HTTP
dist_man5_MANS += plugins/http/frame-router-http.5
plugin_LTLIBRARIES += plugins/http/http.la
endif
plugins_http_http_la_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
plugins_http_http_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_http_http_la_LIBADD = $(CURL_LIBS)
plugins_http_http_la_SOURCES = \
	plugins/http/answer.c \
	plugins/http/answer.h \
	plugins/http/client.c \
	plugins/http/client.h \
	plugins/http/client_private.h \
	plugins/http/client_send.c \
	plugins/http/client_settle.c \
	plugins/http/easy.c \
	plugins/http/easy.h \
	plugins/http/header.c \
	plugins/http/header.h \
	plugins/http/http.c \
	plugins/http/options.c \
	plugins/http/options.h \
	plugins/http/request.c \
	plugins/http/request.h \
	plugins/http/text.c \
	plugins/http/text.h \
	plugins/http/url.c \
	plugins/http/url.h \
	plugins/http/words.c \
	plugins/http/words.h
