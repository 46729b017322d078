/* SPDX-License-Identifier: MIT */
/*
 * The output "http": sends messages to a web server and calls them delivered when it has
 * answered 2xx.  Here are the callbacks; client.h has the requests.
 */
#include <frame_output.h>

#include <curl/curl.h>
#include <stdio.h>

#include "client.h"
#include "easy.h"
#include "options.h"

static int check(void *router, const struct frame_services *services, char *why,
                 size_t why_len)
{
	struct options o;

	return options_read(&o, router, services, why, why_len) &&
	                       options_check(&o, router, services, why, why_len)
	               ? 0
	               : -1;
}

/* Options that can be used, and a server that can be reached. */
static bool reach(struct options *o, void *router, const struct frame_services *services,
                  char *why, size_t why_len)
{
	static bool has_library;

	if (!has_library && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		snprintf(why, why_len, "libcurl cannot start");
		return false;
	}
	has_library = true; /* for as long as the process lives */
	return options_read(o, router, services, why, why_len) &&
	       easy_reach(o, why, why_len);
}

static int test_server(void *router, const struct frame_services *services, char *why,
                       size_t why_len)
{
	struct options o;

	return reach(&o, router, services, why, why_len) ? 0 : -1;
}

static int open_client(void **instance, void *router,
                       const struct frame_services *services, char *why, size_t why_len)
{
	struct options o;
	char how[400];

	if (!reach(&o, router, services, why, why_len))
		return -1;
	*instance = client_new(&o, router, services, why, why_len);
	if (*instance == NULL)
		return -1;
	snprintf(how, sizeof how, "%s%s%s", o.url.is_tls ? "HTTPS to " : "HTTP to ",
	         o.url.peer,
	         o.insecure ? ", the server's certificate is not verified" : "");
	services->link(router, FRAME_LINK_UP, how);
	return 0;
}

static enum frame_verdict submit(void *instance, const struct frame_message *message,
                                 char *why, size_t why_len)
{
	return client_submit(instance, message, why, why_len);
}

static void flush(void *instance)
{
	client_flush(instance);
}

static void poll_client(void *instance, int64_t deadline_ms)
{
	client_poll(instance, deadline_ms);
}

static void close_client(void *instance)
{
	client_free(instance);
}

static const struct frame_output plugin = {
	.struct_size = sizeof plugin,
	.abi = 1,
	.name = "http",
	.version = "0.1.0",
	.description = "sends frames to a web server by HTTP or HTTPS",
	.options = options_table,
	.groups = FRAME_GROUP_TLS,
	.check = check,
	.open = open_client,
	.submit = submit,
	.flush = flush,
	.poll = poll_client,
	.test = test_server,
	.close = close_client,
};

__attribute__((visibility("default"))) const struct frame_output *
frame_output_plugin(void)
{
	return &plugin;
}
