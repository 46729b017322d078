/* SPDX-License-Identifier: MIT */
/* The fixed part of a URL, taken apart by libcurl, so that both see the same host. */
#include "url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define say(...) snprintf(why, why_len, __VA_ARGS__)

static bool is_loopback(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1)
		return (ntohl(four.s_addr) >> 24) == 127;
	if (inet_pton(AF_INET6, host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return strcasecmp(host, "localhost") == 0 ||
	       strcasecmp(host, "localhost.") == 0 ||
	       strcasecmp(host, "ip6-localhost") == 0;
}

/* A blank or control character outside a wildcard would make every URL invalid. */
static bool has_blank(const char *text)
{
	bool is_inside = false;

	for (; *text != '\0'; text++) {
		if (*text == '#')
			is_inside = !is_inside;
		else if (!is_inside && ((unsigned char)*text <= ' ' || *text == 0x7F))
			return true;
	}
	return false;
}

/* Host, port and what must not be there; "" when it is fine. */
static const char *take_apart(struct url *u, CURLU *handle)
{
	char *host = NULL, *port = NULL, *user = NULL;
	const char *trouble = "";
	CURLUcode code = curl_url_set(handle, CURLUPART_URL, u->origin, 0);

	if (code != CURLUE_OK)
		return curl_url_strerror(code);
	if (curl_url_get(handle, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
	    curl_url_get(handle, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) != CURLUE_OK)
		trouble = "it names no host";
	else if (curl_url_get(handle, CURLUPART_USER, &user, 0) == CURLUE_OK)
		trouble = "user and password are options of their own, so that the "
			  "password stays secret";
	else if (strlen(host) > 250)
		trouble = "the host's name is too long";
	if (trouble[0] == '\0') {
		size_t len = strlen(host);

		snprintf(u->peer, sizeof u->peer, "%s:%s", host, port);
		snprintf(u->origin, sizeof u->origin, "http%s://%s:%s/",
		         u->is_tls ? "s" : "", host, port);
		if (host[0] == '[') {
			host[len - 1] = '\0';
			u->is_loopback = is_loopback(host + 1);
		} else {
			u->is_loopback = is_loopback(host);
		}
	}
	curl_free(host);
	curl_free(port);
	curl_free(user);
	return trouble;
}

bool url_read(struct url *u, const char *text, char *why, size_t why_len)
{
	const char *trouble;
	size_t scheme_len, host_len;
	CURLU *handle;

	*u = (struct url){.is_tls = strncasecmp(text, "https://", 8) == 0};
	if (!u->is_tls && strncasecmp(text, "http://", 7) != 0) {
		say("url must begin with http:// or https://: %.100s", text);
		return false;
	}
	scheme_len = u->is_tls ? 8 : 7;
	host_len = strcspn(text + scheme_len, "/?#");
	if (text[scheme_len + host_len] == '#') {
		say("url: wildcards may stand behind the host and its / only, so that no "
		    "frame says where it goes: %.100s",
		    text);
		return false;
	}
	if (has_blank(text)) {
		say("url has a blank: write %%20: %.100s", text);
		return false;
	}
	if (scheme_len + host_len + 2 > sizeof u->origin) {
		say("url: the host's name is too long");
		return false;
	}
	snprintf(u->origin, sizeof u->origin, "%.*s/", (int)(scheme_len + host_len),
	         text);
	handle = curl_url();
	trouble = handle == NULL ? "out of memory" : take_apart(u, handle);
	curl_url_cleanup(handle);
	if (trouble[0] != '\0')
		say("url: %s", trouble);
	return trouble[0] == '\0';
}
