# SPDX-License-Identifier: MIT
dist_man5_MANS += plugins/file/frame-router-file.5
plugin_LTLIBRARIES += plugins/file/file.la
plugins_file_file_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_file_file_la_SOURCES = \
	plugins/file/beneath.c \
	plugins/file/beneath.h \
	plugins/file/file.c \
	plugins/file/pool.c \
	plugins/file/pool.h \
	plugins/file/target.c \
	plugins/file/target.h
