# SPDX-License-Identifier: MIT
dist_man5_MANS += plugins/socket-input/frame-router-socket-input.5
plugin_LTLIBRARIES += plugins/socket-input/socket-input.la
plugins_socket_input_socket_input_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/core
plugins_socket_input_socket_input_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_socket_input_socket_input_la_SOURCES = \
	plugins/socket-input/answer.c \
	plugins/socket-input/answer.h \
	plugins/socket-input/bytes.c \
	plugins/socket-input/bytes.h \
	plugins/socket-input/client.c \
	plugins/socket-input/client.h \
	plugins/socket-input/datagram.c \
	plugins/socket-input/datagram.h \
	plugins/socket-input/gate.c \
	plugins/socket-input/gate.h \
	plugins/socket-input/listen.c \
	plugins/socket-input/listen.h \
	plugins/socket-input/server.c \
	plugins/socket-input/server.h \
	plugins/socket-input/socket-input.c
