# SPDX-License-Identifier: MIT
if WITH_MQTT
dist_man5_MANS += plugins/mqtt/frame-router-mqtt.5
plugin_LTLIBRARIES += plugins/mqtt/mqtt.la
endif
plugins_mqtt_mqtt_la_CPPFLAGS = $(AM_CPPFLAGS) $(MOSQUITTO_CFLAGS)
plugins_mqtt_mqtt_la_LDFLAGS = $(PLUGIN_LDFLAGS)
plugins_mqtt_mqtt_la_LIBADD = $(MOSQUITTO_LIBS) -lpthread -ldl
plugins_mqtt_mqtt_la_SOURCES = \
	plugins/mqtt/connect.c \
	plugins/mqtt/connect.h \
	plugins/mqtt/deadline.c \
	plugins/mqtt/deadline.h \
	plugins/mqtt/link.c \
	plugins/mqtt/link.h \
	plugins/mqtt/lookup.c \
	plugins/mqtt/lookup.h \
	plugins/mqtt/mqtt.c \
	plugins/mqtt/pending.c \
	plugins/mqtt/pending.h \
	plugins/mqtt/reach.c \
	plugins/mqtt/reach.h \
	plugins/mqtt/tls.c \
	plugins/mqtt/tls.h \
	plugins/mqtt/words.c \
	plugins/mqtt/words.h
