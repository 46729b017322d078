/* SPDX-License-Identifier: MIT */
/* The table of options, and what they say together. */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "header.h"

#define OPTION(kind)                                                                     \
	.struct_size = sizeof(struct frame_option), .type = FRAME_OPTION_##kind

#define say(...) snprintf(why, why_len, __VA_ARGS__)

static const struct frame_option option_url = {
	OPTION(TEMPLATE),
	.name = "url",
	.flags = FRAME_OPTION_REQUIRED | FRAME_OPTION_IS_URL,
	.help = "where to send; wildcards may stand behind the host",
};
static const struct frame_option option_method = {
	OPTION(CHOICE),        .name = "method",      .default_value = "POST",
	.choices = "POST|PUT", .help = "how to send",
};
static const struct frame_option option_header = {
	OPTION(LIST),
	.name = "header",
	.help = "one more header, \"Name: value\"; may stand several times",
};
static const struct frame_option option_user = {
	OPTION(TEXT),
	.name = "user",
	.help = "the user name, for basic authentication",
};
static const struct frame_option option_password = {
	OPTION(SECRET),
	.name = "password",
	.help = "the password of user",
};
static const struct frame_option option_token = {
	OPTION(SECRET),
	.name = "token",
	.help = "a token, instead of user and password",
};
static const struct frame_option option_token_as = {
	OPTION(TEXT),
	.name = "token_as",
	.default_value = "Authorization: Bearer",
	.help = "the header of the token, up to the token: X-Api-Key: for some servers",
};
static const struct frame_option option_plaintext = {
	OPTION(YES_NO),
	.name = "plaintext",
	.default_value = "no",
	.help = "yes sends password or token to another host without encryption",
};
/* The router's own, with another default: most servers take one document a request. */
static const struct frame_option option_batch = {
	OPTION(NUMBER),
	.name = "batch",
	.default_value = "1",
	.help = "how many messages go in one request at most, within window",
};
static const struct frame_option option_body = {
	OPTION(CHOICE),
	.name = "body",
	.default_value = "auto",
	.choices = "auto|one|array|lines",
	.help = "what a request holds: one message, a JSON array, or a message a line; "
		"auto: one, or an array if batch is more than 1",
};
static const struct frame_option option_connections = {
	OPTION(NUMBER),
	.name = "connections",
	.default_value = "8",
	.minimum = 1,
	.maximum = 256,
	.unit = "requests",
	.help = "how many may be under way at once; 1 keeps their order",
};

const struct frame_option *const options_table[] = {
	&option_url,      &option_method, &option_header,      &option_user,
	&option_password, &option_token,  &option_token_as,    &option_plaintext,
	&option_batch,    &option_body,   &option_connections, NULL,
};

/* ---- reading ---- */

/* The text of an option; NULL when it is unset or empty. */
static const char *text_of(void *router, const struct frame_services *s, const char *key)
{
	const char *text = s->option_text(router, key);

	return text == NULL || text[0] == '\0' ? NULL : text;
}

/* A secret that was given, but cannot be read, must not be left out in silence. */
static bool read_secret(const char **secret, void *router, const struct frame_services *s,
                        const char *key, char *why, size_t why_len)
{
	char file_key[32];

	snprintf(file_key, sizeof file_key, "%s_file", key);
	*secret = text_of(router, s, key);
	if (*secret == NULL && text_of(router, s, file_key) != NULL) {
		say("%s cannot be read, or is empty", file_key);
		return false;
	}
	if (*secret != NULL && !header_is_value(*secret)) {
		say("%s has a control character, or more than one line", key);
		return false;
	}
	return true;
}

/* What a template makes is JSON where the template looks like it; without one all is. */
static bool is_json(const char *template)
{
	return template == NULL || template[0] == '{' || template[0] == '[';
}

static void read_body(struct options *o, const char *body, const char *format)
{
	bool is_senml = format != NULL && strcmp(format, "senml") == 0;

	if (body == NULL || strcmp(body, "auto") == 0)
		o->form = o->batch == 1 ? REQUEST_ONE
		          : o->is_json  ? REQUEST_ARRAY
		                        : REQUEST_LINES;
	else
		o->form = strcmp(body, "one") == 0     ? REQUEST_ONE
		          : strcmp(body, "array") == 0 ? REQUEST_ARRAY
		                                       : REQUEST_LINES;
	if (o->form == REQUEST_ONE)
		o->batch = 1;
	o->content_type = !o->is_json                ? "text/plain; charset=utf-8"
	                  : o->form == REQUEST_LINES ? "application/x-ndjson"
	                  /* several packs are no pack */
	                  : is_senml && o->form == REQUEST_ONE ? "application/senml+json"
	                                                       : "application/json";
}

bool options_read(struct options *o, void *router, const struct frame_services *s,
                  char *why, size_t why_len)
{
	const char *method = text_of(router, s, "method");
	const char *url = text_of(router, s, "url");

	*o = (struct options){
		.is_put = method != NULL && strcmp(method, "PUT") == 0,
		.user = text_of(router, s, "user"),
		.token_as = text_of(router, s, "token_as"),
		.ca_file = text_of(router, s, "ca_file"),
		.cert_file = text_of(router, s, "cert_file"),
		.key_file = text_of(router, s, "key_file"),
		.insecure = s->option_number(router, "insecure") != 0,
		.plaintext = s->option_number(router, "plaintext") != 0,
		.is_json = is_json(text_of(router, s, "message")),
		.batch = (unsigned)s->option_number(router, "batch"),
		.connections = (unsigned)s->option_number(router, "connections"),
		.timeout_ms = s->option_number(router, "timeout"),
	};
	if (url == NULL) {
		say("url is empty");
		return false;
	}
	read_body(o, text_of(router, s, "body"), text_of(router, s, "format"));
	return url_read(&o->url, url, why, why_len) &&
	       read_secret(&o->password, router, s, "password", why, why_len) &&
	       read_secret(&o->token, router, s, "token", why, why_len);
}

/* ---- checking ---- */

static bool is_readable(const char *key, const char *path, char *why, size_t why_len)
{
	if (path == NULL || access(path, R_OK) == 0)
		return true;
	say("cannot read %s %s: %s", key, path, strerror(errno));
	return false;
}

static bool check_tls(const struct options *o, char *why, size_t why_len)
{
	const char *of_tls = o->ca_file != NULL     ? "ca_file"
	                     : o->cert_file != NULL ? "cert_file"
	                     : o->key_file != NULL  ? "key_file"
	                     : o->insecure          ? "insecure"
	                                            : NULL;

	if (!o->url.is_tls && of_tls != NULL) {
		say("%s is set, but url does not begin with https://", of_tls);
		return false;
	}
	if ((o->cert_file == NULL) != (o->key_file == NULL)) {
		say("%s is set without %s: a certificate needs its key",
		    o->cert_file == NULL ? "key_file" : "cert_file",
		    o->cert_file == NULL ? "cert_file" : "key_file");
		return false;
	}
	return is_readable("ca_file", o->ca_file, why, why_len) &&
	       is_readable("cert_file", o->cert_file, why, why_len) &&
	       is_readable("key_file", o->key_file, why, why_len);
}

static bool check_token_as(const struct options *o, char *why, size_t why_len)
{
	char line[512];

	if (o->token == NULL)
		return true;
	snprintf(line, sizeof line, "%s x", o->token_as == NULL ? "" : o->token_as);
	if (header_check(line, why, why_len))
		return true;
	say("token_as is not the beginning of a header, as in \"X-Api-Key:\"");
	return false;
}

/* Sets what of the options travels as a secret; NULL: nothing does. */
static bool check_headers(const char **secret, const struct options *o, void *router,
                          const struct frame_services *s, char *why, size_t why_len)
{
	const char *line;

	*secret = o->token != NULL ? "token" : o->password != NULL ? "password" : NULL;
	for (size_t i = 0; (line = s->option_list(router, "header", i)) != NULL; i++) {
		if (!header_check(line, why, why_len))
			return false;
		if (!header_is(line, "Authorization"))
			continue;
		if (*secret != NULL || o->user != NULL) {
			say("header Authorization is set beside %s: leave one",
			    *secret != NULL ? *secret : "user");
			return false;
		}
		*secret = "header Authorization";
	}
	return true;
}

bool options_check(const struct options *o, void *router, const struct frame_services *s,
                   char *why, size_t why_len)
{
	const char *secret;

	if (o->password != NULL && o->user == NULL)
		say("password is set without user");
	else if (o->user != NULL && o->token != NULL)
		say("user and token are both set: leave one");
	else if (o->user != NULL &&
	         (strchr(o->user, ':') != NULL || !header_is_value(o->user)))
		say("user has a colon or a control character, which basic authentication "
		    "cannot carry");
	else if (o->form == REQUEST_ARRAY && !o->is_json)
		say("body = array needs messages that are JSON: message begins with "
		    "neither { nor [, use body = lines");
	else if (!check_token_as(o, why, why_len) ||
	         !check_headers(&secret, o, router, s, why, why_len))
		return false;
	else if (secret != NULL && !o->url.is_tls && !o->url.is_loopback && !o->plaintext)
		say("%s would travel to %s unencrypted: use https://, or set plaintext = "
		    "yes if that is meant",
		    secret, o->url.peer);
	else
		return check_tls(o, why, why_len);
	return false;
}
