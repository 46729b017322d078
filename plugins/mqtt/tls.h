/* SPDX-License-Identifier: MIT */
/* What OpenSSL knows of a connection and libmosquitto does not say. */
#ifndef PLUGINS_MQTT_TLS_H
#define PLUGINS_MQTT_TLS_H

#include <mosquitto.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * OpenSSL is libmosquitto's: its functions are looked up in what that has loaded, so that
 * nothing here depends on one version of it.  Where one is missing the answer is NULL.
 */

/* "TLSv1.3", or NULL before the handshake has begun. */
const char *tls_version(struct mosquitto *client);

/* Why the broker's certificate is refused: "certificate has expired"; NULL: it is not. */
const char *tls_refusal(struct mosquitto *client);

/*
 * What may help, " (in parentheses)", or "".  `problem` is what OpenSSL says; `ca_file`
 * is NULL where the system's authorities count.
 */
const char *tls_hint(const char *problem, const char *ca_file);

/* Whether certificate and key can be read and cert_file has its key_file; any may be
 * NULL. */
bool tls_check_files(const char *ca_file, const char *cert_file, const char *key_file,
                     char *why, size_t why_len);

#endif
