/* SPDX-License-Identifier: MIT */
/* Numbers of HTTP and libcurl as words for a person.  Knows no verdicts. */
#ifndef PLUGINS_HTTP_WORDS_H
#define PLUGINS_HTTP_WORDS_H

#include <curl/curl.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "not found"; "" for a status that is not known. */
const char *words_status(long status);

struct words_failure {
	CURLcode code;
	CURL *easy;        /* after the transfer */
	const char *error; /* its CURLOPT_ERRORBUFFER */
	const char *peer;  /* "api.example:443" */
	int64_t timeout_ms;
};

/* Why a transfer failed, one line: "connection refused by api.example:443". */
void words_failure(const struct words_failure *f, char *out, size_t size);

/* Whether the request had begun to travel when it failed. */
bool words_was_sent(CURL *easy);

#endif
