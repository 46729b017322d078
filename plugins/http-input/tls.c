/* SPDX-License-Identifier: MIT */
/* Reading certificates, and asking GnuTLS about them. */
#include "tls.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (1 << 20)

static bool is_set(const char *path)
{
	return path != NULL && *path != '\0';
}

bool tls_is_wanted(const struct tls_files *files)
{
	return is_set(files->cert);
}

static char *read_whole(int fd, size_t size)
{
	char *text = malloc(size + 1);
	size_t len = 0;
	ssize_t n;

	while (text != NULL && len < size && (n = read(fd, text + len, size - len)) > 0)
		len += (size_t)n;
	if (text != NULL)
		text[len] = '\0';
	return text;
}

static bool read_file(char **out, const char *option, const char *path, struct why *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return why_not(why, "%s: %.200s: %s", option, path, strerror(errno));
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MAX)
		*out = read_whole(fd, (size_t)st.st_size);
	close(fd);
	return *out != NULL || why_not(why, "%s: %.200s: cannot be read", option, path);
}

static gnutls_datum_t datum(char *text)
{
	return (gnutls_datum_t){(unsigned char *)text, (unsigned)strlen(text)};
}

/* What MHD would only say on its log. */
static bool fits_together(const struct tls *t, struct why *why)
{
	gnutls_certificate_credentials_t credentials;
	gnutls_datum_t cert = datum(t->cert), key = datum(t->key), ca;
	bool is_fine = true;
	int code;

	if (gnutls_certificate_allocate_credentials(&credentials) != 0)
		return why_not(why, "out of memory");
	code = gnutls_certificate_set_x509_key_mem(credentials, &cert, &key,
	                                           GNUTLS_X509_FMT_PEM);
	if (code < 0)
		is_fine =
			why_not(why, "cert_file and key_file: %s", gnutls_strerror(code));
	if (is_fine && t->client_ca != NULL) {
		ca = datum(t->client_ca);
		code = gnutls_certificate_set_x509_trust_mem(credentials, &ca,
		                                             GNUTLS_X509_FMT_PEM);
		if (code <= 0)
			is_fine = why_not(why, "client_ca_file: %s",
			                  code == 0 ? "holds no certificate"
			                            : gnutls_strerror(code));
	}
	gnutls_certificate_free_credentials(credentials);
	return is_fine;
}

bool tls_load(struct tls *out, const struct tls_files *files, struct why *why)
{
	*out = (struct tls){0};
	if (is_set(files->cert) != is_set(files->key))
		return why_not(why, "cert_file and key_file: set both or none");
	if (is_set(files->client_ca) && !is_set(files->cert))
		return why_not(why,
		               "client_ca_file: cert_file and key_file are needed, too");
	if (!is_set(files->cert))
		return true;
	if (read_file(&out->cert, "cert_file", files->cert, why) &&
	    read_file(&out->key, "key_file", files->key, why) &&
	    (!is_set(files->client_ca) ||
	     read_file(&out->client_ca, "client_ca_file", files->client_ca, why)) &&
	    fits_together(out, why))
		return true;
	tls_free(out);
	return false;
}

bool tls_check(const struct tls_files *files, struct why *why)
{
	struct tls t;
	bool is_fine = tls_load(&t, files, why);

	tls_free(&t);
	return is_fine;
}

void tls_free(struct tls *t)
{
	if (t->key != NULL)
		explicit_bzero(t->key, strlen(t->key));
	free(t->cert);
	free(t->key);
	free(t->client_ca);
	*t = (struct tls){0};
}

void tls_demand_certificate(void *session)
{
	gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
	gnutls_session_set_verify_cert(session, NULL, 0);
}

bool tls_is_verified(void *session)
{
	unsigned status = 0;

	return gnutls_certificate_verify_peers2(session, &status) == 0 && status == 0;
}
