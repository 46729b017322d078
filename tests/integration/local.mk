# SPDX-License-Identifier: MIT
# Tests of whole pieces: plugins as the router loads them, processes, sockets.
INTEGRATION_TESTS = \
	tests/integration/test-file \
	tests/integration/test-file-faults \
	tests/integration/test-socket-input \
	tests/integration/test-socket-input-crowd \
	tests/integration/test-socket-input-listen
INTEGRATION_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests

PLUGIN_HOST = \
	tests/integration/host.c \
	tests/integration/host.h \
	tests/integration/plugin_host.c \
	tests/integration/plugin_host.h \
	tests/integration/plugin_host_private.h \
	tests/integration/plugin_host_services.c
MQTT_BROKER = \
	tests/integration/mqtt_broker.c \
	tests/integration/mqtt_broker.h
FAKE_BROKER = \
	tests/fakes/fake_broker.c \
	tests/fakes/fake_broker.h \
	tests/integration/mqtt_fake.h \
	tests/integration/mqtt_plugin.h

FAKE_HTTP = \
	tests/fakes/fake_http.c \
	tests/fakes/fake_http.h \
	tests/integration/http_plugin.h

if WITH_HTTP
INTEGRATION_TESTS += \
	tests/integration/test-http \
	tests/integration/test-http-check \
	tests/integration/test-http-faults \
	tests/integration/test-http-request \
	tests/integration/test-http-split
endif
if WITH_MQTT
INTEGRATION_TESTS += \
	tests/integration/test-mqtt \
	tests/integration/test-mqtt-check \
	tests/integration/test-mqtt-connect \
	tests/integration/test-mqtt-fakes \
	tests/integration/test-mqtt-names \
	tests/integration/test-mqtt-pending \
	tests/integration/test-mqtt-tls
endif
if WITH_HTTP_INPUT
INTEGRATION_TESTS += \
	tests/integration/test-http-input-crowd \
	tests/integration/test-http-input-hostile \
	tests/integration/test-http-input-secret \
	tests/integration/test-http-input-ways
endif
dist_check_SCRIPTS += tests/integration/make-certificates.sh

tests_integration_test_http_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_http_LDADD = -lpthread -ldl
tests_integration_test_http_SOURCES = \
	tests/integration/test-http.c \
	$(FAKE_HTTP) \
	$(PLUGIN_HOST)
tests_integration_test_http_check_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_http_check_LDADD = -lpthread -ldl
tests_integration_test_http_check_SOURCES = \
	tests/integration/http_plugin.h \
	tests/integration/test-http-check.c \
	$(PLUGIN_HOST)
tests_integration_test_http_faults_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_http_faults_LDADD = -lpthread -ldl
tests_integration_test_http_faults_SOURCES = \
	tests/integration/test-http-faults.c \
	$(FAKE_HTTP) \
	$(PLUGIN_HOST)
tests_integration_test_http_request_CPPFLAGS = $(INTEGRATION_CPPFLAGS) \
	-I$(top_srcdir)/plugins/http
tests_integration_test_http_request_SOURCES = \
	plugins/http/request.c \
	plugins/http/request.h \
	plugins/http/text.c \
	plugins/http/text.h \
	tests/integration/test-http-request.c
tests_integration_test_http_split_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_http_split_LDADD = -lpthread -ldl
tests_integration_test_http_split_SOURCES = \
	tests/integration/test-http-split.c \
	$(FAKE_HTTP) \
	$(PLUGIN_HOST)

tests_integration_test_mqtt_CPPFLAGS = $(INTEGRATION_CPPFLAGS) $(MOSQUITTO_CFLAGS)
tests_integration_test_mqtt_LDADD = $(MOSQUITTO_LIBS) -lpthread -ldl
tests_integration_test_mqtt_SOURCES = \
	tests/integration/mqtt_plugin.h \
	tests/integration/mqtt_subscriber.c \
	tests/integration/mqtt_subscriber.h \
	tests/integration/test-mqtt.c \
	$(MQTT_BROKER) \
	$(PLUGIN_HOST)
tests_integration_test_mqtt_check_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_mqtt_check_LDADD = -lpthread -ldl
tests_integration_test_mqtt_check_SOURCES = \
	tests/integration/mqtt_plugin.h \
	tests/integration/test-mqtt-check.c \
	$(PLUGIN_HOST)
tests_integration_test_mqtt_connect_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_mqtt_connect_LDADD = -lpthread -ldl
tests_integration_test_mqtt_connect_SOURCES = \
	tests/integration/test-mqtt-connect.c \
	$(FAKE_BROKER) \
	$(PLUGIN_HOST)
tests_integration_test_mqtt_fakes_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_mqtt_fakes_LDADD = -lpthread -ldl
tests_integration_test_mqtt_fakes_SOURCES = \
	tests/integration/test-mqtt-fakes.c \
	$(FAKE_BROKER) \
	$(PLUGIN_HOST)
tests_integration_test_mqtt_names_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_mqtt_names_LDADD = -lpthread -ldl
tests_integration_test_mqtt_names_SOURCES = \
	tests/integration/mqtt_plugin.h \
	tests/integration/test-mqtt-names.c \
	$(MQTT_BROKER) \
	$(PLUGIN_HOST)
tests_integration_test_mqtt_pending_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_mqtt_pending_LDADD = -lpthread
tests_integration_test_mqtt_pending_SOURCES = \
	plugins/mqtt/pending.c \
	plugins/mqtt/pending.h \
	tests/integration/test-mqtt-pending.c
tests_integration_test_mqtt_tls_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_mqtt_tls_LDADD = -lpthread -ldl
tests_integration_test_mqtt_tls_SOURCES = \
	tests/integration/mqtt_plugin.h \
	tests/integration/test-mqtt-tls.c \
	$(MQTT_BROKER) \
	$(PLUGIN_HOST)

check_PROGRAMS += $(INTEGRATION_TESTS)
TESTS += $(INTEGRATION_TESTS)

FILE_WORLD = \
	$(PLUGIN_HOST) \
	tests/integration/file_world.c \
	tests/integration/file_world.h

tests_integration_test_file_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_file_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
tests_integration_test_file_SOURCES = tests/integration/test-file.c $(FILE_WORLD)

tests_integration_test_file_faults_CPPFLAGS = $(INTEGRATION_CPPFLAGS)
tests_integration_test_file_faults_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
tests_integration_test_file_faults_SOURCES = tests/integration/test-file-faults.c $(FILE_WORLD)

SOCKET_PEER = \
	tests/integration/host.c \
	tests/integration/host.h \
	tests/integration/input_host.c \
	tests/integration/input_host.h \
	tests/integration/socket_peer.c \
	tests/integration/socket_peer.h
SOCKET_PEER_CPPFLAGS = $(INTEGRATION_CPPFLAGS) -I$(top_srcdir)/core

tests_integration_test_socket_input_CPPFLAGS = $(SOCKET_PEER_CPPFLAGS)
tests_integration_test_socket_input_SOURCES = \
	tests/integration/test-socket-input.c $(SOCKET_PEER)

tests_integration_test_socket_input_crowd_CPPFLAGS = $(SOCKET_PEER_CPPFLAGS)
tests_integration_test_socket_input_crowd_SOURCES = \
	tests/integration/test-socket-input-crowd.c $(SOCKET_PEER)

tests_integration_test_socket_input_listen_CPPFLAGS = $(SOCKET_PEER_CPPFLAGS)
tests_integration_test_socket_input_listen_SOURCES = \
	tests/integration/test-socket-input-listen.c $(SOCKET_PEER)
HTTP_PEER = \
	tests/integration/host.c \
	tests/integration/host.h \
	tests/integration/http_peer.c \
	tests/integration/http_peer.h \
	tests/integration/input_host.c \
	tests/integration/input_host.h

tests_integration_test_http_input_ways_CPPFLAGS = $(SOCKET_PEER_CPPFLAGS)
tests_integration_test_http_input_ways_SOURCES = \
	tests/integration/test-http-input-ways.c $(HTTP_PEER)

tests_integration_test_http_input_crowd_CPPFLAGS = $(SOCKET_PEER_CPPFLAGS)
tests_integration_test_http_input_crowd_SOURCES = \
	tests/integration/test-http-input-crowd.c $(HTTP_PEER)

tests_integration_test_http_input_hostile_CPPFLAGS = $(SOCKET_PEER_CPPFLAGS)
tests_integration_test_http_input_hostile_SOURCES = \
	tests/integration/test-http-input-hostile.c $(HTTP_PEER)

tests_integration_test_http_input_secret_CPPFLAGS = $(SOCKET_PEER_CPPFLAGS)
tests_integration_test_http_input_secret_SOURCES = \
	tests/integration/test-http-input-secret.c $(HTTP_PEER)
