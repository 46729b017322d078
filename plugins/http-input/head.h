/* SPDX-License-Identifier: MIT */
/*
 * The head of a request: whether its framing is beyond doubt, whether it may come in, and
 * what its body is.
 */
#ifndef HTTP_INPUT_HEAD_H
#define HTTP_INPUT_HEAD_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

#define HEAD_BYTES_MAX  8192
#define HEAD_FIELDS_MAX 64

/* An answer that needs no look at the body; status 0: there is none. */
struct refusal {
	unsigned status;
	const char *text; /* a constant */
	bool is_last;     /* the connection ends behind it */
};

/* The request's first line. */
struct head_line {
	const char *method, *version;
	size_t target_len; /* bytes, as they came */
};

/*
 * Looks at what MHD lets pass: two lengths, a length and a transfer coding, folded lines,
 * bytes that no header has.
 */
struct refusal head_check_framing(struct MHD_Connection *connection,
                                  const struct head_line *line);

/* Looks at the method, the size and the kind of the body. */
struct refusal head_check_request(struct MHD_Connection *connection, const char *method,
                                  size_t max_body);

enum head_body {
	HEAD_BODY_FORM, /* or nothing is said */
	HEAD_BODY_JSON,
	HEAD_BODY_JSON_LINES,
	HEAD_BODY_OTHER,
};

enum head_body head_body(struct MHD_Connection *connection);

#endif
