/* SPDX-License-Identifier: MIT */
/* The part of the option `url` that no frame changes: scheme, host and port. */
#ifndef PLUGINS_HTTP_URL_H
#define PLUGINS_HTTP_URL_H

#include <stdbool.h>
#include <stddef.h>

struct url {
	bool is_tls;
	bool is_loopback; /* what goes there does not leave this machine */
	char origin[300]; /* "https://api.example:443/" */
	char peer[280];   /* "api.example:443" */
};

/* Reads and checks the template `text`; false: `why`. */
bool url_read(struct url *u, const char *text, char *why, size_t why_len);

#endif
