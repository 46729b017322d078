/* SPDX-License-Identifier: MIT */
/*
 * The input "http-input": frames by GET, POST and PUT, as nodes with a modem send them,
 * each answered after it is stored.  Here are its options and its table; server.c and
 * web.c do the work.
 */
#include <stdlib.h>
#include <string.h>

#include "server.h"

#define HOUR_MS  (3600 * 1000)
#define MEGABYTE (1024 * 1024)

static const struct frame_option option_listen = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_TEXT,
	.flags = FRAME_OPTION_DANGEROUS,
	.name = "listen",
	.default_value = "127.0.0.1:8080",
	.help = "where to listen, ADDRESS:PORT; 0.0.0.0 and [::] are all addresses",
};
static const struct frame_option option_token = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_SECRET,
	.name = "token",
	.help = "what senders have to show, as Authorization: Bearer TOKEN",
};
static const struct frame_option option_cert_file = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_PATH,
	.flags = FRAME_OPTION_DANGEROUS,
	.name = "cert_file",
	.help = "the certificate with its chain (PEM): set, TLS is spoken and nothing "
		"else",
};
static const struct frame_option option_key_file = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_PATH,
	.flags = FRAME_OPTION_DANGEROUS,
	.name = "key_file",
	.help = "the certificate's key (PEM)",
};
static const struct frame_option option_client_ca_file = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_PATH,
	.flags = FRAME_OPTION_DANGEROUS,
	.name = "client_ca_file",
	.help = "set, senders have to show a certificate that one of these authorities "
		"(PEM) signed",
};
static const struct frame_option option_max_body = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_SIZE,
	.name = "max_body",
	.default_value = "64K",
	.minimum = 1024,
	.maximum = 16 * MEGABYTE,
	.help = "a larger body is refused",
};
static const struct frame_option option_max_connections = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_NUMBER,
	.name = "max_connections",
	.default_value = "128",
	.unit = "connections",
	.minimum = 1,
	.maximum = 10000,
	.help = "how many may be open at once; more have to wait",
};
static const struct frame_option option_max_per_address = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_NUMBER,
	.name = "max_per_address",
	.default_value = "16",
	.unit = "connections",
	.minimum = 0,
	.maximum = 10000,
	.help = "how many of them one address may have, other than this machine's own; "
		"0: any number",
};
static const struct frame_option option_header_timeout = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_DURATION,
	.name = "header_timeout",
	.default_value = "10s",
	.minimum = 1000,
	.maximum = HOUR_MS,
	.help = "a new connection has to bring its first request's head within this time",
};
static const struct frame_option option_body_timeout = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_DURATION,
	.name = "body_timeout",
	.default_value = "30s",
	.minimum = 1000,
	.maximum = HOUR_MS,
	.help = "a body has to come, and an answer to be taken, within this time",
};
static const struct frame_option option_idle_timeout = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_DURATION,
	.name = "idle_timeout",
	.default_value = "60s",
	.minimum = 1000,
	.maximum = HOUR_MS,
	.help = "a connection has to bring its next request's head within this time",
};
static const struct frame_option *const options[] = {
	&option_listen,          &option_token,           &option_cert_file,
	&option_key_file,        &option_client_ca_file,  &option_max_body,
	&option_max_connections, &option_max_per_address, &option_header_timeout,
	&option_body_timeout,    &option_idle_timeout,    NULL,
};

static bool is_set(const char *text)
{
	return text != NULL && *text != '\0';
}

static struct tls_files read_files(void *router,
                                   const struct frame_input_services *services)
{
	return (struct tls_files){
		.cert = services->option_text(router, "cert_file"),
		.key = services->option_text(router, "key_file"),
		.client_ca = services->option_text(router, "client_ca_file"),
	};
}

/* Whether anybody on the network may store frames, which somebody should know. */
static bool is_open_to_all(void *router, const struct frame_input_services *services,
                           const struct listen_address *address)
{
	return !listen_is_loopback(address) &&
	       !is_set(services->option_text(router, "token")) &&
	       !is_set(services->option_text(router, "token_file")) &&
	       !is_set(services->option_text(router, "client_ca_file"));
}

static const char open_to_all[] =
	"listen: reaches beyond this machine, and whoever reaches it may store frames: "
	"set token or client_ca_file, or let only the nodes' network in";

static int fail(char *why, size_t why_len, const struct why *reason)
{
	snprintf(why, why_len, "%s", reason->text);
	return -1;
}

static int input_check(void *router, const struct frame_input_services *services,
                       char *why, size_t why_len)
{
	struct tls_files files = read_files(router, services);
	struct listen_address address;
	struct why reason;

	if (!listen_parse(&address, services->option_text(router, "listen"), &reason) ||
	    !tls_check(&files, &reason))
		return fail(why, why_len, &reason);
	if (is_open_to_all(router, services, &address))
		snprintf(why, why_len, "%s", open_to_all);
	return 0;
}

static bool read_token(struct server *s, struct why *why)
{
	const char *token = s->services->option_text(s->router, "token");

	s->has_token = is_set(token) ||
	               is_set(s->services->option_text(s->router, "token_file"));
	if (s->has_token && !is_set(token))
		return why_not(why, "token_file: holds no token that can be read");
	return true;
}

static bool open_server(struct server *s, struct why *why)
{
	const struct frame_input_services *services = s->services;
	struct tls_files files = read_files(s->router, services);
	struct listen_address address;

	s->client_max = (size_t)services->option_number(s->router, "max_connections");
	s->max_per_address =
		(size_t)services->option_number(s->router, "max_per_address");
	s->max_body = (size_t)services->option_number(s->router, "max_body");
	s->patience_ms[CLIENT_HEAD] =
		services->option_number(s->router, "header_timeout");
	s->patience_ms[CLIENT_BODY] = services->option_number(s->router, "body_timeout");
	s->patience_ms[CLIENT_ANSWER] = s->patience_ms[CLIENT_BODY];
	s->patience_ms[CLIENT_IDLE] = services->option_number(s->router, "idle_timeout");
	if (!listen_parse(&address, services->option_text(s->router, "listen"), why) ||
	    !read_token(s, why) || !tls_load(&s->tls, &files, why))
		return false;
	if (is_open_to_all(s->router, services, &address))
		services->log(s->router, FRAME_LOG_WARNING, open_to_all);
	return server_open(s, services->option_text(s->router, "listen"), why);
}

static int input_open(void **instance, void *router,
                      const struct frame_input_services *services, char *why,
                      size_t why_len)
{
	struct server *s = calloc(1, sizeof *s);
	struct why reason;

	if (s == NULL) {
		snprintf(why, why_len, "out of memory");
		return -1;
	}
	s->router = router;
	s->services = services;
	s->epoll = -1;
	s->listen_fd = -1;
	if (!open_server(s, &reason)) {
		server_close(s);
		free(s);
		return fail(why, why_len, &reason);
	}
	*instance = s;
	return 0;
}

static void input_poll(void *instance, int64_t deadline_ms)
{
	server_poll(instance, deadline_ms);
}

static void input_answer(void *instance, uint64_t token, enum frame_answer answer,
                         uint64_t id, const char *text)
{
	server_answer(instance, token, answer, id, text);
}

static void input_flush(void *instance)
{
	server_flush(instance);
}

static void input_close(void *instance)
{
	server_close(instance);
	free(instance);
}

static const struct frame_input plugin = {
	.struct_size = sizeof(struct frame_input),
	.abi = 1,
	.name = "http-input",
	.version = "1.0.0",
	.description = "takes frames by HTTP GET, POST and PUT and answers each request",
	.options = options,
	.check = input_check,
	.open = input_open,
	.poll = input_poll,
	.answer = input_answer,
	.flush = input_flush,
	.close = input_close,
};

__attribute__((visibility("default"))) const struct frame_input *frame_input_plugin(void)
{
	return &plugin;
}
