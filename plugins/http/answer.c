/* SPDX-License-Identifier: MIT */
/* Answers become verdicts here, and nowhere else. */
#include "answer.h"

#include <stdio.h>
#include <string.h>

#include "text.h"
#include "words.h"

#define HEADERS_MOST     (64 * 1024)
#define BODY_MOST        (64 * 1024)
#define RETRY_AFTER_MOST 300 /* seconds: a slip of the server must not last for days */
#define ID_MOST          90

/* ---- while it comes in ---- */

/* Each call is a line; libcurl takes an end of the connection for one of the headers. */
static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	struct answer *a = context;
	size_t len = size * count;

	if (len >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
		a->has_headers = false; /* those before were of a 1xx */
	else if (len > 0 && (bytes[0] == '\r' || bytes[0] == '\n'))
		a->has_headers = true;
	a->header_len += len;
	if (a->header_len <= HEADERS_MOST)
		return len;
	a->is_oversize = true;
	return 0; /* ends the transfer */
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct answer *a = context;
	size_t len = size * count;

	if (a->body_len < sizeof a->body) {
		size_t room = sizeof a->body - a->body_len;

		memcpy(a->body + a->body_len, bytes, len < room ? len : room);
	}
	a->body_len += len;
	if (a->body_len <= BODY_MOST)
		return len;
	a->is_oversize = true;
	return 0;
}

void answer_begin(struct answer *a, CURL *easy)
{
	a->error[0] = '\0';
	a->header_len = a->body_len = 0;
	a->has_headers = a->is_oversize = false;
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, a->error);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, a);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, a);
}

/* ---- when it is there ---- */

static enum answer_kind kind_of(long status)
{
	switch (status) {
	case 400:
	case 413:
	case 415:
	case 422:
		return ANSWER_REFUSED;
	case 401:
	case 403:
		return ANSWER_LOST; /* a token may be a new one when it is read again */
	case 429:
	case 502:
	case 503:
	case 504:
		return ANSWER_BUSY;
	default:
		return status >= 200 && status < 300 ? ANSWER_DELIVERED : ANSWER_LATER;
	}
}

/* Adds what the answer's header says, if there is such a header. */
static bool add_header(struct text *t, CURL *easy, const char *name)
{
	struct curl_header *header;

	if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
	    header->value[0] == '\0')
		return false;
	text_add_string(t, ", ");
	text_add_string(t, name);
	text_add_string(t, ": ");
	text_add_first_line(t, header->value, strlen(header->value), ID_MOST);
	return true;
}

static void add_receipt(struct text *t, CURL *easy)
{
	static const char *const ids[] = {"Location", "ETag", "X-Request-Id", NULL};

	for (const char *const *id = ids; *id != NULL; id++)
		if (add_header(t, easy, *id))
			return;
}

static void add_complaint(struct text *t, const struct answer *a, CURL *easy, long status)
{
	const char *words = words_status(status);
	size_t kept = a->body_len < sizeof a->body ? a->body_len : sizeof a->body;
	char number[40];

	snprintf(number, sizeof number, "the server answered %ld", status);
	text_add_string(t, number);
	if (words[0] != '\0') {
		text_add_string(t, " ");
		text_add_string(t, words);
	}
	if (status >= 300 && status < 400) {
		add_header(t, easy, "Location");
		text_add_string(t, " (url must name the place itself)");
		return;
	}
	if (kept > 0) {
		text_add_string(t, ": ");
		text_add_first_line(t, a->body, kept,
		                    ANSWER_WORDS - 1 - (t->len < 100 ? t->len : 100));
	}
}

static void describe(struct answer_meaning *m, const struct answer *a, CURL *easy,
                     long status)
{
	struct text t = {.data = NULL};
	char number[24];

	if (m->kind == ANSWER_DELIVERED) {
		snprintf(number, sizeof number, "%ld", status);
		text_add_string(&t, number);
		add_receipt(&t, easy);
	} else {
		add_complaint(&t, a, easy, status);
	}
	snprintf(m->words, sizeof m->words, "%s", t.data == NULL ? "" : t.data);
	text_free(&t);
}

static void read_retry_after(struct answer_meaning *m, CURL *easy)
{
	curl_off_t seconds = 0;

	curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
	if (seconds > RETRY_AFTER_MOST)
		seconds = RETRY_AFTER_MOST;
	if (seconds > 0 && m->kind != ANSWER_DELIVERED)
		m->retry_after_ms = (uint32_t)seconds * 1000;
}

/* Something else than the server's answer ended it. */
static void read_failure(struct answer_meaning *m, const struct answer *a,
                         const struct words_failure *f)
{
	bool was_sent = words_was_sent(f->easy);

	m->is_too_large = was_sent;
	m->kind = was_sent ? ANSWER_BUSY
	          : f->code == CURLE_URL_MALFORMAT || f->code == CURLE_OUT_OF_MEMORY
	                  ? ANSWER_LATER
	                  : ANSWER_LOST;
	if (a->is_oversize)
		snprintf(m->words, sizeof m->words,
		         "the headers of the answer are more than %d KiB",
		         HEADERS_MOST / 1024);
	else
		words_failure(f, m->words, sizeof m->words);
}

void answer_read(struct answer_meaning *m, const struct answer *a, CURL *easy,
                 CURLcode code, const char *peer, int64_t timeout_ms)
{
	long status = 0;
	struct words_failure failure = {code, easy, a->error, peer, timeout_ms};
	/* whatever more it has to say: a status with all of its headers is an answer */
	bool is_answer = code == CURLE_OK ||
	                 (code == CURLE_WRITE_ERROR && a->body_len > BODY_MOST);

	if (code == CURLE_OK && !a->has_headers) {
		failure.code = CURLE_PARTIAL_FILE;
		is_answer = false;
	}
	*m = (struct answer_meaning){.kind = ANSWER_LATER};
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	if (!is_answer) {
		read_failure(m, a, &failure);
		return;
	}
	m->kind = kind_of(status);
	m->is_too_large = status == 413 || status == 500;
	describe(m, a, easy, status);
	read_retry_after(m, easy);
}
