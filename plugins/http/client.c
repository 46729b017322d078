/* SPDX-License-Identifier: MIT */
/* An open output: its life, and what the router calls. */
#include "client_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "easy.h"

/* ---- life ---- */

static bool add_header(struct client *c, const char *line)
{
	struct curl_slist *longer = curl_slist_append(c->headers, line);

	if (longer == NULL)
		return false;
	c->headers = longer;
	return true;
}

static bool has_header(const struct client *c, const char *name)
{
	size_t len = strlen(name);

	for (const struct curl_slist *h = c->headers; h != NULL; h = h->next)
		if (strncasecmp(h->data, name, len) == 0 && h->data[len] == ':')
			return true;
	return false;
}

static bool add_token(struct client *c)
{
	struct text line = {.data = NULL};
	bool is_fine;

	if (c->options.token == NULL)
		return true;
	text_add_string(&line, c->options.token_as);
	text_add_string(&line, " ");
	text_add_string(&line, c->options.token);
	is_fine = !line.failed && add_header(c, line.data);
	if (line.data != NULL)
		explicit_bzero(line.data, line.size);
	text_free(&line);
	return is_fine;
}

static bool make_headers(struct client *c)
{
	const char *line;
	char type[80];

	for (size_t i = 0;
	     (line = c->services->option_list(c->router, "header", i)) != NULL; i++)
		if (!add_header(c, line))
			return false;
	snprintf(type, sizeof type, "Content-Type: %s", c->options.content_type);
	/* without the second libcurl waits for a 100 Continue before a large body */
	return add_token(c) && add_header(c, "Expect:") &&
	       (has_header(c, "Content-Type") || add_header(c, type)) &&
	       (has_header(c, "User-Agent") || add_header(c, "User-Agent: frame-router"));
}

static bool make_flights(struct client *c)
{
	c->flights = calloc(c->options.connections, sizeof *c->flights);
	if (c->flights == NULL)
		return false;
	for (unsigned i = 0; i < c->options.connections; i++) {
		struct flight *f = &c->flights[i];

		f->easy = easy_new(&c->options);
		if (f->easy == NULL)
			return false;
		curl_easy_setopt(f->easy, CURLOPT_PRIVATE, f);
	}
	return true;
}

struct client *client_new(const struct options *o, void *router,
                          const struct frame_services *services, char *why,
                          size_t why_len)
{
	struct client *c = calloc(1, sizeof *c);

	if (c != NULL) {
		c->options = *o;
		c->router = router;
		c->services = services;
		c->most = o->batch;
		c->multi = curl_multi_init();
	}
	if (c != NULL && c->multi != NULL && make_headers(c) && make_flights(c)) {
		curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)o->connections);
		/* as much again waits as is under way, so that the lines stay busy */
		services->limit_window(router, 2 * o->connections * o->batch);
		return c;
	}
	snprintf(why, why_len, "out of memory");
	client_free(c);
	return NULL;
}

static void free_requests(struct request *r)
{
	while (r != NULL) {
		struct request *next = r->next;

		request_free(r);
		r = next;
	}
}

static void end_flight(struct client *c, struct flight *f)
{
	if (f->request != NULL)
		curl_multi_remove_handle(c->multi, f->easy);
	curl_easy_cleanup(f->easy);
	request_free(f->request);
	text_free(&f->key);
}

void client_free(struct client *c)
{
	if (c == NULL)
		return;
	for (unsigned i = 0; c->flights != NULL && i < c->options.connections; i++)
		end_flight(c, &c->flights[i]);
	free(c->flights);
	curl_multi_cleanup(c->multi);
	curl_slist_free_all(c->headers);
	free_requests(c->collecting);
	free_requests(c->queue);
	free(c);
}

/* ---- callbacks ---- */

/* The request that is being filled for this URL, or a new one; NULL: out of memory. */
static struct request *find_request(struct client *c, const char *url)
{
	struct request *r = c->collecting;

	while (r != NULL && (r->count >= c->most || strcmp(r->url, url) != 0))
		r = r->next;
	if (r == NULL) {
		r = request_new(url, c->options.form);
		if (r == NULL)
			return NULL;
		r->next = c->collecting;
		c->collecting = r;
	}
	return r;
}

enum frame_verdict client_submit(struct client *c, const struct frame_message *m,
                                 char *why, size_t why_len)
{
	const char *url = c->services->option_rendered(c->router, "url");
	struct request *r = NULL;

	if (c->lost[0] != '\0') {
		snprintf(why, why_len, "%s", c->lost);
		return FRAME_RETRY;
	}
	if (url != NULL)
		r = find_request(c, url);
	if (r == NULL || !request_add(r, m)) {
		snprintf(why, why_len, "out of memory for a request");
		return FRAME_RETRY;
	}
	return FRAME_PENDING;
}

void client_flush(struct client *c)
{
	int64_t now_ms = c->services->now_ms(c->router);
	struct request *ready = NULL;
	struct request **end = &c->queue;

	while (c->collecting != NULL) {
		struct request *r = c->collecting;

		c->collecting = r->next;
		r->next = NULL;
		if (r->count == 0 || !request_seal(r, now_ms)) {
			client_give_back(c, r, "out of memory for a request");
			continue;
		}
		r->next = ready;
		ready = r;
	}
	while (*end != NULL)
		end = &(*end)->next;
	*end = ready;
	client_begin(c);
	client_perform(c);
	client_tell_lost(c);
}

void client_poll(struct client *c, int64_t deadline_ms)
{
	for (;;) {
		struct curl_waitfd wake = {.fd = c->services->wake_fd(c->router),
		                           .events = CURL_WAIT_POLLIN};
		int64_t rest_ms;

		if (client_perform(c))
			return;
		rest_ms = deadline_ms - c->services->now_ms(c->router);
		if (rest_ms <= 0)
			return;
		curl_multi_poll(c->multi, &wake, 1,
		                rest_ms > INT_MAX ? INT_MAX : (int)rest_ms, NULL);
		if (wake.revents != 0) {
			client_perform(c);
			return;
		}
	}
}
