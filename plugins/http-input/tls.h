/* SPDX-License-Identifier: MIT */
/* Certificates: the input's own, and those that senders have to show. */
#ifndef HTTP_INPUT_TLS_H
#define HTTP_INPUT_TLS_H

#include <stdbool.h>

#include "why.h"

/* What TLS is spoken with, in the words of GnuTLS: versions 1.2 and 1.3. */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/* The files' texts; all owned, NULL where there is none. */
struct tls {
	char *cert, *key, *client_ca;
};

/* The options' values; NULL or "": unset. */
struct tls_files {
	const char *cert, *key, *client_ca;
};

bool tls_is_wanted(const struct tls_files *files);

/* Whether the files fit together and can be read. */
bool tls_check(const struct tls_files *files, struct why *why);

/* Reads them, if TLS is wanted at all. */
bool tls_load(struct tls *out, const struct tls_files *files, struct why *why);

/* Wipes and frees. */
void tls_free(struct tls *t);

/* Has the handshake fail for a sender without a certificate; `session` is GnuTLS's. */
void tls_demand_certificate(void *session);

/* Whether the sender has shown a certificate that the authority signed. */
bool tls_is_verified(void *session);

#endif
