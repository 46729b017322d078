/* SPDX-License-Identifier: MIT */
/*
 * A web server that answers as a test says, in threads of the test, on a free port of
 * 127.0.0.1.  Speaks HTTP/1.1 with Content-Length, and keeps every request that it got.
 */
#ifndef TESTS_FAKES_FAKE_HTTP_H
#define TESTS_FAKES_FAKE_HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct fake_request {
	unsigned connection; /* 1 for the first */
	char *head;          /* request line and headers, as they came */
	char *body;          /* NUL-ended */
	size_t body_len;
};

struct fake_answer {
	int status;          /* 200 when it is 0 */
	const char *headers; /* more header lines, each with its \r\n; NULL: none */
	const char *body;    /* NULL: empty */
	const char *raw;     /* not NULL: these bytes instead of all that */
	size_t padding;      /* so many more bytes of body */
	unsigned together;   /* not before so many requests wait for their answer */
	bool withholds;      /* never answers */
	bool dribbles;       /* a byte at a time, about 20 a second */
	bool closes;         /* afterwards; alone with `says_nothing`: instead */
	bool says_nothing;
};

/* Fills `a`, which is all zero; called by one thread at a time.  `number` is 1 for the
 * first request ever. */
typedef void fake_http_answer(const struct fake_request *r, unsigned number,
                              struct fake_answer *a);

struct fake_http;

struct fake_http *fake_http_start(fake_http_answer *answer);
void fake_http_stop(struct fake_http *f);
unsigned fake_http_port(const struct fake_http *f);

unsigned fake_http_connections(struct fake_http *f); /* accepted so far */
unsigned fake_http_count(struct fake_http *f);       /* requests so far */
/* The `number`th request; lives as long as the server.  NULL: it has not come. */
const struct fake_request *fake_http_request(struct fake_http *f, unsigned number);

/* The value of a header, copied to `out`; false: it is not there, or there twice. */
bool fake_http_header(const struct fake_request *r, const char *name, char *out,
                      size_t size);

#endif
