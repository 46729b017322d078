/* SPDX-License-Identifier: MIT */
/* The options of an output "http", read and looked at together.  Knows no connection. */
#ifndef PLUGINS_HTTP_OPTIONS_H
#define PLUGINS_HTTP_OPTIONS_H

#include <frame_output.h>

#include <stdbool.h>
#include <stdint.h>

#include "request.h"
#include "url.h"

/* The table for frame_output.options. */
extern const struct frame_option *const options_table[];

/* Texts are borrowed from the router; NULL: unset or empty. */
struct options {
	struct url url;
	bool is_put;
	const char *user, *password;
	const char *token, *token_as;
	const char *ca_file, *cert_file, *key_file;
	bool insecure, plaintext;
	bool is_json; /* payloads are */
	enum request_form form;
	const char *content_type;
	unsigned batch; /* messages in a request at most */
	unsigned connections;
	int64_t timeout_ms;
};

/* False: they cannot be used, `why` says what to change. */
bool options_read(struct options *o, void *router, const struct frame_services *services,
                  char *why, size_t why_len);

/* What is worth saying before anything runs: files that cannot be read, header lines. */
bool options_check(const struct options *o, void *router,
                   const struct frame_services *services, char *why, size_t why_len);

#endif
