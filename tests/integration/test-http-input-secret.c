/* SPDX-License-Identifier: MIT */
/* The input "http-input" with a token, with TLS, and with certificates of the senders. */
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "http_peer.h"
#include "tap.h"

#define SOON_MS 20000

static char folder[] = "/tmp/frame-router-http-XXXXXX";

static void set_file(struct input_host *h, const char *key, const char *name)
{
	char path[200];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	input_host_set(h, key, path);
}

static struct input_host *load(void)
{
	struct input_host *h = http_load();

	input_host_set(h, "listen", "127.0.0.1:0");
	return h;
}

static const char *with_header(struct input_host *h, const char *header)
{
	return http_once(h, "GET /?frame=a", header, NULL);
}

static void a_token_is_demanded(void)
{
	static const char no[] = "401 ERROR Authorization: Bearer TOKEN is needed";
	struct input_host *h = load();
	struct http_peer *p;

	input_host_set(h, "token", "s3cret-t0ken");
	http_open(h);
	same(with_header(h, "Authorization: Bearer s3cret-t0ken\r\n"), "200 OK 1",
	     "the right token comes in");
	same(with_header(h, "authorization: bearer  s3cret-t0ken \r\n"), "200 OK 2",
	     "in any case, with white space");
	same(with_header(h, NULL), no, "no token does not");
	same(with_header(h, "Authorization: Bearer s3cret-t0keN\r\n"), no,
	     "nor a wrong one");
	same(with_header(h, "Authorization: Bearer s3cret-t0ke\r\n"), no,
	     "nor its beginning");
	same(with_header(h, "Authorization: Bearer s3cret-t0kens\r\n"), no,
	     "nor one that is longer");
	same(with_header(h, "Authorization: Bearer s3cret-t0kens3cret-t0ken\r\n"), no,
	     "nor twice the same");
	same(with_header(h, "Authorization: Bearer s3cret-t0ken x\r\n"), no,
	     "nor with words behind it");
	same(with_header(h, "Authorization: Bearer \r\n"), no, "nor an empty one");
	same(with_header(h, "Authorization: Basic s3cret-t0ken\r\n"), no,
	     "nor by another scheme");
	same(http_once(h, "GET /?frame=a&token=s3cret-t0ken", NULL, NULL), no,
	     "nor in the query, which logs keep");
	same(with_header(h, "Authorization: Bearer s3cret-t0ken\r\n"
	                    "Authorization: Bearer x\r\n"),
	     "400 ERROR a header stands there twice", "nor twice");

	p = http_dial(h);
	http_say(p, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n"
	            "Expect: 100-continue\r\n\r\n");
	same(http_answer(p), no, "without it nothing of a body is asked for");
	ok(strstr(http_whole(p),
	          "\r\nWWW-Authenticate: Bearer realm=\"frame-router\"\r\n") != NULL,
	   "and the answer says how");
	same(http_answer(p), "(end)", "and the connection ends");
	http_free(p);
	ok(input_host_count(h) == 2, "nothing else was handed over");
	ok(!input_host_logged(h, "s3cret", 0), "the log does not know the token");
	input_host_free(h);
}

static void a_token_is_no_warning(void)
{
	struct input_host *h = http_load();

	input_host_set(h, "listen", "0.0.0.0:0");
	input_host_set(h, "token", "x");
	ok(input_host_check(h) && input_host_why(h)[0] == '\0',
	   "with a token it may be reached from everywhere");
	input_host_free(h);
	h = load();
	input_host_set(h, "token_file", "/nonexistent");
	ok(!input_host_open(h), "a token that cannot be read is no free entrance: %s",
	   input_host_why(h));
	input_host_free(h);
}

/* What curl prints with these options; "" when it fails. */
static const char *curl(struct input_host *h, const char *options)
{
	static char text[400];
	char command[1200];
	size_t len;
	FILE *f;

	snprintf(command, sizeof command,
	         "cd %s && curl -s -m 20 -w '%%{http_code}' %s "
	         "'https://127.0.0.1:%d/?frame=a' 2>&1",
	         folder, options, input_host_port(h, 0));
	f = popen(command, "r");
	assert(f != NULL);
	len = fread(text, 1, sizeof text - 1, f);
	text[len] = '\0';
	pclose(f);
	return text;
}

static void tls_is_spoken(void)
{
	struct input_host *h = load();

	set_file(h, "cert_file", "good.pem");
	set_file(h, "key_file", "good.key");
	ok(input_host_check(h), "a certificate and its key: %s", input_host_why(h));
	http_open(h);
	ok(input_host_logged(h, "(TLS)", SOON_MS), "the log says so");
	same(curl(h, "--cacert authority.pem"), "OK 1\n200", "a frame by TLS");
	same(curl(h, "--cacert authority.pem --tlsv1.2 --tls-max 1.2"), "OK 2\n200",
	     "1.2 is spoken");
	same(curl(h, "--cacert authority.pem --tlsv1.3"), "OK 3\n200", "1.3 is spoken");
	same(curl(h, "--cacert authority.pem --ciphers DEFAULT@SECLEVEL=0 --tlsv1.0 "
	             "--tls-max 1.1"),
	     "000", "1.1 is not");
	ok(http_once(h, "GET /?frame=a", NULL, NULL)[0] == '(',
	   "without TLS nobody comes in");
	same(curl(h, "--cacert authority.pem --data-binary frame=b"), "OK 4\nOK 5\n200",
	     "a body comes, too");
	input_host_free(h);
}

static void a_sender_has_to_show_its_certificate(void)
{
	struct input_host *h = load();

	set_file(h, "cert_file", "good.pem");
	set_file(h, "key_file", "good.key");
	set_file(h, "client_ca_file", "authority.pem");
	http_open(h);
	same(curl(h, "--cacert authority.pem --cert client.pem --key client.key"),
	     "OK 1\n200", "one that the authority signed comes in");
	same(curl(h, "--cacert authority.pem --tls-max 1.2 --cert client.pem "
	             "--key client.key"),
	     "OK 2\n200", "by TLS 1.2, too");
	same(curl(h, "--cacert authority.pem"), "000", "without one nobody does");
	same(curl(h, "--cacert authority.pem --tls-max 1.2"), "000", "nor by TLS 1.2");
	same(curl(h, "--cacert authority.pem --cert foreign.pem --key foreign.key"),
	     "000", "nor with that of another authority");
	same(curl(h, "--cacert authority.pem --cert alone.pem --key alone.key"), "000",
	     "nor with one that signed itself");
	same(curl(h, "--cacert authority.pem --cert expired.pem --key expired.key"),
	     "000", "nor with one that has expired");
	ok(input_host_count(h) == 2, "nothing of those is handed over");
	input_host_free(h);
}

static void wrong_files_are_told_before_anything_runs(void)
{
	static const struct {
		const char *cert, *key, *ca, *why;
	} cases[] = {
		{"good.pem", NULL, NULL, "set both or none"},
		{NULL, "good.key", NULL, "set both or none"},
		{NULL, NULL, "authority.pem", "cert_file and key_file are needed"},
		{"good.pem", "client.key", NULL, "cert_file and key_file: "},
		{"missing.pem", "good.key", NULL, "No such file"},
		{"good.key", "good.key", NULL, "cert_file and key_file: "},
		{"good.pem", "good.key", "good.key", "client_ca_file: "},
		{"good.pem", "locked.key", NULL, "cert_file and key_file: "},
		{".", "good.key", NULL, "cannot be read"},
	};

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct input_host *h = load();

		if (cases[i].cert != NULL)
			set_file(h, "cert_file", cases[i].cert);
		if (cases[i].key != NULL)
			set_file(h, "key_file", cases[i].key);
		if (cases[i].ca != NULL)
			set_file(h, "client_ca_file", cases[i].ca);
		ok(!input_host_check(h) &&
		           strstr(input_host_why(h), cases[i].why) != NULL,
		   "wrong files: %s", input_host_why(h));
		input_host_free(h);
	}
}

static bool make_certificates(void)
{
	const char *top = getenv("top_srcdir");
	char command[600];

	snprintf(command, sizeof command,
	         "'%s/tests/integration/make-certificates.sh' '%s'",
	         top == NULL ? "." : top, folder);
	return system(command) == 0;
}

int main(void)
{
	char command[100];

	alarm(240); /* rather dead than hanging */
	a_token_is_demanded();
	a_token_is_no_warning();
	if (system("curl --version >/dev/null 2>&1 && openssl version >/dev/null 2>&1") !=
	    0) {
		ok(true, "TLS # SKIP no curl or openssl here");
		return done();
	}
	assert(mkdtemp(folder) != NULL);
	ok(make_certificates(), "certificates are made");
	tls_is_spoken();
	a_sender_has_to_show_its_certificate();
	wrong_files_are_told_before_anything_runs();
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command) == 0 ? done() : 1;
}
