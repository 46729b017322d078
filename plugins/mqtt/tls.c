/* SPDX-License-Identifier: MIT */
/* OpenSSL's words, by way of libmosquitto's own copy of it. */
#include "tls.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *tls_version(struct mosquitto *client)
{
	const char *(*get_version)(const void *ssl);
	const void *ssl = mosquitto_ssl_get(client);

	*(void **)&get_version = dlsym(RTLD_DEFAULT, "SSL_get_version");
	return ssl == NULL || get_version == NULL ? NULL : get_version(ssl);
}

const char *tls_refusal(struct mosquitto *client)
{
	long (*get_verify_result)(const void *ssl);
	const char *(*verify_cert_error_string)(long error);
	const void *ssl = mosquitto_ssl_get(client);
	long error;

	*(void **)&get_verify_result = dlsym(RTLD_DEFAULT, "SSL_get_verify_result");
	*(void **)&verify_cert_error_string =
		dlsym(RTLD_DEFAULT, "X509_verify_cert_error_string");
	if (ssl == NULL || get_verify_result == NULL || verify_cert_error_string == NULL)
		return NULL;
	error = get_verify_result(ssl);
	return error == 0 ? NULL : verify_cert_error_string(error);
}

const char *tls_hint(const char *problem, const char *ca_file)
{
	static const char no_tls[] = " (does it speak TLS?)";
	static const char unknown[] = " (set ca_file to a file with its authority)";
	static const char other[] = " (ca_file does not have its authority)";
	static const struct {
		const char *words, *hint, *hint_with_ca_file;
	} hints[] = {
		{"unexpected eof", no_tls, no_tls},
		{"wrong version number", no_tls, no_tls},
		{"self-signed", unknown, other}, /* itself, or its authority */
		{"self signed", unknown, other}, /* OpenSSL before 3 */
		{"unable to get local issuer", unknown, other},
		{"unable to get issuer", unknown, other},
	};

	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
		if (strstr(problem, hints[i].words) != NULL)
			return ca_file == NULL ? hints[i].hint
			                       : hints[i].hint_with_ca_file;
	return "";
}

static bool is_readable(const char *key, const char *path, char *why, size_t why_len)
{
	if (path == NULL || access(path, R_OK) == 0)
		return true;
	snprintf(why, why_len, "cannot read %s %s: %s", key, path, strerror(errno));
	return false;
}

bool tls_check_files(const char *ca_file, const char *cert_file, const char *key_file,
                     char *why, size_t why_len)
{
	if ((cert_file == NULL) != (key_file == NULL)) {
		snprintf(why, why_len,
		         "%s is set without %s: a certificate needs its key",
		         cert_file == NULL ? "key_file" : "cert_file",
		         cert_file == NULL ? "cert_file" : "key_file");
		return false;
	}
	return is_readable("ca_file", ca_file, why, why_len) &&
	       is_readable("cert_file", cert_file, why, why_len) &&
	       is_readable("key_file", key_file, why, why_len);
}
