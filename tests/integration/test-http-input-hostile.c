/* SPDX-License-Identifier: MIT */
/* The input "http-input" among senders that are broken, or mean harm. */
#include <stdlib.h>
#include <unistd.h>

#include "http_peer.h"
#include "tap.h"

#define SOON_MS 20000

/* Sends these bytes; the answer, and behind it what becomes of the connection. */
static const char *say(struct input_host *h, const void *bytes, size_t len)
{
	struct http_peer *p = http_dial(h);
	static char text[400];
	size_t at;

	http_send(p, bytes, len);
	at = (size_t)snprintf(text, sizeof text, "%.300s", http_answer(p));
	snprintf(text + at, sizeof text - at, " %s", http_answer(p));
	http_free(p);
	return text;
}

#define SAY(h, bytes) say((h), bytes, sizeof bytes - 1)

static void what_is_not_clear_is_refused(void)
{
	static const char unclear[] = "400 ERROR the length of the body is not clear "
				      "(end)";
	static const char malformed[] = "400 ERROR a header is malformed (end)";
	struct input_host *h = http_start();

	same(SAY(h, "POST /?frame=a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
	            "Content-Length: 1\r\n\r\na"),
	     unclear, "two lengths");
	same(SAY(h, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
	            "Content-Length: 1\r\n\r\nframe=aaaGET /?frame=b HTTP/1.1\r\n\r\n"),
	     unclear, "that contradict each other: what is behind is no request");
	same(SAY(h, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
	            "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
	            "GET /?frame=b HTTP/1.1\r\nHost: x\r\n\r\n"),
	     unclear, "a length and a transfer coding");
	same(SAY(h, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
	            "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	     unclear, "two transfer codings");
	same(SAY(h, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n"
	            "0\r\n\r\n"),
	     malformed, "an unknown transfer coding");
	same(SAY(h, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	     "400 ERROR HTTP/1.0 has no transfer coding (end)",
	     "a transfer coding in HTTP/1.0");
	same(SAY(h, "GET /?frame=a HTTP/1.1\r\nHost: x\r\nFold: a\r\n b\r\n\r\n"),
	     malformed, "a folded line");
	same(SAY(h, "GET /?frame=a HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n 0\r\n\r\n"),
	     malformed, "a folded length");
	same(SAY(h,
	         "GET /?frame=a HTTP/1.1\r\nA:b\r\nC:d\r\nE:f\r\nHost:x\r\n y\r\n\r\n"),
	     malformed, "a folded line among lines without blanks");
	same(SAY(h, "GET /?frame=a HTTP/1.1\nHost: x\n\n"), malformed,
	     "lines that end with LF alone");
	same(SAY(h, "GET /?frame=a HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"), malformed,
	     "NUL in a header");
	same(SAY(h, "GET /?frame=a HTTP/1.1\r\nHost: x\r\nA: b\x01\r\n\r\n"), malformed,
	     "a control character in a header");
	same(SAY(h, "GET /?frame=a HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n"), malformed,
	     "a blank before the colon");
	same(SAY(h, "GET /?frame=a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
	     "400 ERROR a header stands there twice (end)", "two hosts");
	ok(input_host_count(h) == 0, "nothing of all that is handed over");
	same(SAY(h, "GET /?frame=a HTTP/1.1\r\nHost:x\r\nA:\r\nB: \r\nC: \t d \r\n"
	            "Connection: close\r\n\r\n"),
	     "200 OK 1 (end)", "white space where it may be does no harm");
	input_host_free(h);
}

/* Whether the answer is an error of 4xx or the end, and the next sender is served. */
static void is_survived(struct input_host *h, const char *answer, const char *text)
{
	const char *next;
	bool is_error = answer[0] == '4' || answer[0] == '(' || answer[0] == '5';

	ok(is_error, "%s: %.60s", text, answer);
	next = http_once(h, "GET /?frame=next", NULL, NULL);
	ok(strncmp(next, "200 OK ", 7) == 0, "and the next is served: %.40s", next);
}

static void nonsense_costs_only_itself(void)
{
	struct input_host *h = http_load();
	char big[20000];
	struct http_peer *p;

	input_host_set(h, "listen", "127.0.0.1:0");
	input_host_set(h, "header_timeout", "1s");
	http_open(h);
	is_survived(h,
	            SAY(h, "\0"
	                   "\xFF\r\n\r\n"),
	            "bytes");
	is_survived(h, SAY(h, "GET /?frame=a\r\n\r\n"), "HTTP/0.9");
	is_survived(h, SAY(h, "GET\r\n\r\n"), "half a line");
	is_survived(h, SAY(h, "GET / HTTP/9.9\r\nHost: x\r\n\r\n"), "HTTP/9.9");
	is_survived(h, SAY(h, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
	            "a length below nothing");
	is_survived(h,
	            SAY(h, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x10\r\n\r\n"),
	            "a length in hex");
	is_survived(h,
	            SAY(h, "POST / HTTP/1.1\r\nHost: x\r\n"
	                   "Content-Length: 18446744073709551616\r\n\r\n"),
	            "a length beyond numbers");
	is_survived(h,
	            SAY(h, "POST / HTTP/1.1\r\nHost: x\r\n"
	                   "Content-Length: 18446744073709551615\r\n\r\n"),
	            "the largest length");
	is_survived(h,
	            SAY(h, "POST / HTTP/1.1\r\nHost: x\r\n"
	                   "Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
	            "a chunk without a size");
	is_survived(h,
	            SAY(h, "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"
	                   "\r\n\r\n"),
	            "the beginning of TLS");
	memset(big, 'x', sizeof big);
	memcpy(big, "GET /?frame=", 12);
	is_survived(h, say(h, big, sizeof big), "a first line without end");
	memcpy(big, "GET / HTTP/1.1\r\nHost: x\r\nA: ", 29);
	memcpy(big + 9000, "\r\n\r\n", 4);
	same(say(h, big, 9004), "431 ERROR too many headers (end)",
	     "a header of 9,000 bytes");

	p = http_dial(h);
	http_say(p, "GET /?frame=a HTTP/1.1\r\nHost: x\r\n");
	for (unsigned i = 0; i < 65; i++)
		http_say(p, "A: b\r\n");
	http_say(p, "\r\n");
	same(http_answer(p), "431 ERROR too many headers", "66 headers");
	http_free(p);
	ok(input_host_logged(h, "refused a request: ", SOON_MS), "the log says so");
	input_host_free(h);
}

static void a_large_body_is_refused(void)
{
	struct input_host *h = http_start();
	struct http_peer *p = http_dial(h);
	const size_t size = 70000;
	char *body = malloc(size + 1), chunk[16];

	memset(body, '\n', size);
	memcpy(body, "abcd\n", 5);
	body[65536] = '\0';
	same(http_asked(p, "POST /", NULL, body), "200 OK 1", "64 KiB are taken");
	body[65536] = '\n';
	body[65537] = '\0';
	same(http_asked(p, "POST /", NULL, body),
	     "413 ERROR the body is larger than max_body", "one byte more is not");
	http_free(p);

	p = http_dial(h);
	http_say(p, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
	for (unsigned i = 0; i < 100; i++) {
		snprintf(chunk, sizeof chunk, "3e8\r\n");
		http_say(p, chunk);
		http_send(p, body, 1000);
		http_say(p, "\r\n");
	}
	http_say(p, "0\r\n\r\n");
	same(http_answer(p), "413 ERROR the body is larger than max_body",
	     "nor in chunks that do not say it before");
	http_free(p);

	p = http_dial(h);
	for (size_t i = 0; i < 2002; i += 2)
		memcpy(body + i, "a\n", 2);
	body[2002] = '\0';
	same(http_asked(p, "POST /", NULL, body),
	     "413 ERROR more than 1000 frames in one request", "1001 frames");
	same(http_asked(p, "POST /", "Content-Encoding: gzip\r\n", "a"),
	     "415 ERROR the body must not be compressed", "a compressed body");
	http_free(p);
	same(http_once(h, "POST /", "Content-Type: multipart/form-data; boundary=x\r\n",
	               "--x"),
	     "415 ERROR a form is needed as application/x-www-form-urlencoded",
	     "a form of the wrong kind");
	ok(input_host_count(h) == 1, "nothing of those is handed over");
	free(body);
	input_host_free(h);
}

static void complaints_are_few(void)
{
	struct input_host *h = http_start();

	for (unsigned i = 0; i < 200; i++)
		http_once(h, "GET /", NULL, NULL);
	input_host_jump(h, 61000);
	http_once(h, "GET /", NULL, NULL);
	ok(input_host_logged(h, "(199 more since the last time)", SOON_MS),
	   "200 bad requests are one line a minute");
	input_host_free(h);
}

int main(void)
{
	alarm(240); /* rather dead than hanging */
	what_is_not_clear_is_refused();
	nonsense_costs_only_itself();
	a_large_body_is_refused();
	complaints_are_few();
	return done();
}
