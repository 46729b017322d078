/* SPDX-License-Identifier: MIT */
/* Statuses and failures in words. */
#include "words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *words_status(long status)
{
	static const struct {
		long status;
		const char *words;
	} known[] = {
		{200, "OK"},
		{201, "created"},
		{202, "accepted"},
		{204, "no content"},
		{301, "moved permanently"},
		{302, "found elsewhere"},
		{303, "see elsewhere"},
		{307, "moved for now"},
		{308, "moved permanently"},
		{400, "bad request"},
		{401, "unauthorised"},
		{403, "forbidden"},
		{404, "not found"},
		{405, "method not allowed"},
		{408, "request timeout"},
		{409, "conflict"},
		{410, "gone"},
		{411, "length required"},
		{413, "content too large"},
		{415, "unsupported media type"},
		{421, "misdirected request"},
		{422, "unprocessable content"},
		{425, "too early"},
		{429, "too many requests"},
		{431, "header fields too large"},
		{500, "internal server error"},
		{501, "not implemented"},
		{502, "bad gateway"},
		{503, "service unavailable"},
		{504, "gateway timeout"},
		{507, "insufficient storage"},
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i].status == status)
			return known[i].words;
	return "";
}

bool words_was_sent(CURL *easy)
{
	curl_off_t before_us = 0;
	long bytes = 0;

	curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &before_us);
	curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
	return bytes > 0 && before_us > 0;
}

/* What OpenSSL means, without its numbers and function names. */
static const char *tail(const char *error)
{
	const char *last = strstr(error, "::");

	if (last == NULL)
		return error;
	for (const char *next = last; next != NULL; next = strstr(last, "::"))
		last = next + 2;
	return last;
}

static void refused(const struct words_failure *f, char *out, size_t size)
{
	long error = 0;

	curl_easy_getinfo(f->easy, CURLINFO_OS_ERRNO, &error);
	if (error == ECONNREFUSED)
		snprintf(out, size, "connection refused by %s", f->peer);
	else
		snprintf(out, size, "cannot connect to %s: %s", f->peer,
		         error != 0 ? strerror((int)error) : f->error);
}

static void late(const struct words_failure *f, char *out, size_t size)
{
	double seconds = (double)f->timeout_ms / 1000;
	curl_off_t connected_us = 0;

	curl_easy_getinfo(f->easy, CURLINFO_CONNECT_TIME_T, &connected_us);
	if (words_was_sent(f->easy))
		snprintf(out, size, "%s took the request and did not answer within %g s",
		         f->peer, seconds);
	else if (connected_us > 0)
		snprintf(out, size, "%s accepts connections, but TLS did not come up",
		         f->peer);
	else
		snprintf(out, size, "no answer from %s", f->peer);
}

/* The server's certificate, as it was judged. */
static void untrusted(const struct words_failure *f, char *out, size_t size)
{
	static const char prefix[] = "SSL certificate problem: ";

	if (strstr(f->error, "subject name") != NULL)
		snprintf(out, size, "the certificate of %s is for another host", f->peer);
	else if (strncmp(f->error, prefix, strlen(prefix)) == 0)
		snprintf(out, size, "TLS with %s failed: %s", f->peer,
		         f->error + strlen(prefix));
	else
		snprintf(out, size, "TLS with %s failed: %s", f->peer, tail(f->error));
}

static void tls(const struct words_failure *f, char *out, size_t size)
{
	const char *why = tail(f->error);
	/* what OpenSSL says of an answer that is no TLS */
	bool is_plain = strstr(why, "wrong version") != NULL ||
	                strstr(why, "packet length too long") != NULL;

	if (why[0] == '\0' || strncmp(why, "SSL_ERROR_SYSCALL", 17) == 0 ||
	    strstr(why, "unexpected eof") != NULL)
		why = "it closed the connection";
	snprintf(out, size, "TLS with %s failed: %s%s", f->peer, why,
	         is_plain ? " (it does not speak TLS there)" : "");
}

void words_failure(const struct words_failure *f, char *out, size_t size)
{
	switch (f->code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		snprintf(out, size, "the name in %s is not known, or DNS does not answer",
		         f->peer);
		break;
	case CURLE_COULDNT_CONNECT:
		refused(f, out, size);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		late(f, out, size);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		untrusted(f, out, size);
		break;
	case CURLE_SSL_CONNECT_ERROR:
		tls(f, out, size);
		break;
	case CURLE_SSL_CACERT_BADFILE:
		snprintf(out, size,
		         "no certificate authorities: ca_file, or else the system's (the "
		         "Debian package ca-certificates), cannot be read");
		break;
	case CURLE_SSL_CERTPROBLEM:
		snprintf(out, size,
		         "cert_file and key_file cannot be used (a passphrase, or a key "
		         "of another certificate?)");
		break;
	case CURLE_GOT_NOTHING:
		snprintf(out, size, "%s closed the connection without an answer",
		         f->peer);
		break;
	case CURLE_PARTIAL_FILE:
		snprintf(out, size, "the answer of %s ended in the middle", f->peer);
		break;
	case CURLE_OUT_OF_MEMORY:
		snprintf(out, size,
		         "out of memory, or %s answers with a header that is too long",
		         f->peer);
		break;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		snprintf(out, size, "%s does not speak HTTP", f->peer);
		break;
	case CURLE_URL_MALFORMAT:
		snprintf(out, size, "the url of this message is not valid");
		break;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
		snprintf(out, size, "the connection to %s broke: %s", f->peer,
		         f->error[0] == '\0' ? "no reason is known" : tail(f->error));
		break;
	default:
		snprintf(out, size, "%s: %s", f->peer,
		         f->error[0] == '\0' ? curl_easy_strerror(f->code) : f->error);
		break;
	}
}
