/* SPDX-License-Identifier: MIT */
/* What every request has in common. */
#include "easy.h"

#include <stdio.h>

#include "answer.h"

#define CONNECT_MOST_MS 5000
#define LOOKED_UP_S     5L /* a name is looked up again: servers move */

static void set_limits(CURL *easy, const struct options *o)
{
	long timeout_ms = (long)o->timeout_ms;

	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
	                 timeout_ms < CONNECT_MOST_MS ? timeout_ms : CONNECT_MOST_MS);
	curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, LOOKED_UP_S);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* a resolver that hangs must not hold close() */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	/* none from the environment, either */
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

static void set_tls(CURL *easy, const struct options *o)
{
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, o->insecure ? 0L : 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, o->insecure ? 0L : 2L);
	if (o->ca_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, o->ca_file);
		/* these alone, and not the system's beside them */
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	if (o->cert_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_SSLCERT, o->cert_file);
		curl_easy_setopt(easy, CURLOPT_SSLKEY, o->key_file);
		/* OpenSSL would ask for one on the terminal */
		curl_easy_setopt(easy, CURLOPT_KEYPASSWD, "");
	}
}

CURL *easy_new(const struct options *o)
{
	CURL *easy = curl_easy_init();

	if (easy == NULL)
		return NULL;
	set_limits(easy, o);
	set_tls(easy, o);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	if (o->user != NULL) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(easy, CURLOPT_USERNAME, o->user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD,
		                 o->password == NULL ? "" : o->password);
	}
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	if (o->is_put)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT");
	return easy;
}

bool easy_reach(const struct options *o, char *why, size_t why_len)
{
	struct answer_meaning meaning;
	struct answer answer;
	CURL *easy = easy_new(o);
	CURLcode code;

	if (easy == NULL) {
		snprintf(why, why_len, "out of memory");
		return false;
	}
	answer_begin(&answer, easy);
	curl_easy_setopt(easy, CURLOPT_URL, o->url.origin);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	code = curl_easy_perform(easy);
	if (code != CURLE_OK) {
		answer_read(&meaning, &answer, easy, code, o->url.peer, o->timeout_ms);
		snprintf(why, why_len, "%s", meaning.words);
	}
	curl_easy_cleanup(easy);
	return code == CURLE_OK;
}
