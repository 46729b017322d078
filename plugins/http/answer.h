/* SPDX-License-Identifier: MIT */
/* What came back: libcurl's result and the server's answer, as a verdict with its words.
 */
#ifndef PLUGINS_HTTP_ANSWER_H
#define PLUGINS_HTTP_ANSWER_H

#include <curl/curl.h>

#include <stdbool.h>
#include <stdint.h>

#define ANSWER_WORDS 200

enum answer_kind {
	ANSWER_DELIVERED, /* 2xx */
	ANSWER_REFUSED,   /* the content is wrong: 400, 413, 415, 422 */
	ANSWER_LATER,     /* this request not now; others may do */
	ANSWER_BUSY,      /* the server not now: nothing else should be sent, either */
	ANSWER_LOST,      /* no way to the server, or it does not let us in: open anew */
};

/* What is kept while an answer comes in. */
struct answer {
	char error[CURL_ERROR_SIZE];
	size_t header_len, body_len;
	bool has_headers; /* all of them */
	bool is_oversize;
	char body[512]; /* its beginning */
};

/* What it means. */
struct answer_meaning {
	enum answer_kind kind;
	bool is_too_large;       /* a smaller request may do better */
	uint32_t retry_after_ms; /* 0: nothing was asked for */
	char words[ANSWER_WORDS];
};

/* Empties `a` and has `easy` write into it, as long as both live. */
void answer_begin(struct answer *a, CURL *easy);

/* `peer` as in struct url; `timeout_ms` is what the request had. */
void answer_read(struct answer_meaning *m, const struct answer *a, CURL *easy,
                 CURLcode code, const char *peer, int64_t timeout_ms);

#endif
