/* SPDX-License-Identifier: MIT */
/*
 * Requests on their way.  What was flushed leaves here within twice `timeout`: a request
 * that could not be begun within the first is given back, the second is its own.
 */
#include "client_private.h"

#include <assert.h>

static struct flight *free_flight(struct client *c)
{
	for (unsigned i = 0; i < c->options.connections; i++)
		if (c->flights[i].request == NULL)
			return &c->flights[i];
	return NULL;
}

static void begin(struct client *c, struct flight *f, struct request *r)
{
	text_clear(&f->key);
	text_add_string(&f->key, "Idempotency-Key: ");
	request_add_key(r, &f->key);
	if (f->key.failed) {
		client_give_back(c, r, "out of memory for a request");
		return;
	}
	f->line = (struct curl_slist){.data = f->key.data, .next = c->headers};
	answer_begin(&f->answer, f->easy);
	curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, &f->line);
	curl_easy_setopt(f->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
	curl_easy_setopt(f->easy, CURLOPT_POSTFIELDS, r->body.data);
	if (curl_easy_setopt(f->easy, CURLOPT_URL, r->url) != CURLE_OK ||
	    curl_multi_add_handle(c->multi, f->easy) != CURLM_OK) {
		client_give_back(c, r, "out of memory for a request");
		return;
	}
	f->request = r;
	c->under_way++;
	c->services->count(c->router, "requests", 1);
	c->services->count(c->router, "bytes", r->body.len);
}

void client_begin(struct client *c)
{
	int64_t now_ms = c->services->now_ms(c->router);
	struct flight *f;

	if (c->lost[0] != '\0')
		client_give_queue_back(c, c->lost);
	while (c->queue != NULL && (f = free_flight(c)) != NULL) {
		struct request *r = c->queue;

		c->queue = r->next;
		r->next = NULL;
		if (now_ms - r->since_ms <= c->options.timeout_ms) {
			begin(c, f, r);
			continue;
		}
		/* parts that were never reached are fewer the next time */
		if (r->is_part)
			client_lower(c, r->count);
		client_give_back(c, r,
		                 "the server answers too slowly: its turn did not come");
	}
}

/* Takes what has ended; false: nothing has. */
static bool take_ended(struct client *c)
{
	struct answer_meaning meaning;
	bool has_ended = false;
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(c->multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;
		struct flight *f = NULL;
		struct request *r;
		CURLcode code;

		if (message->msg != CURLMSG_DONE)
			continue;
		code = message->data.result;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&f);
		assert(f != NULL && f->request != NULL);
		answer_read(&meaning, &f->answer, easy, code, c->options.url.peer,
		            c->options.timeout_ms);
		/* servers that echo what they refuse are common */
		text_hide(meaning.words, c->options.token);
		text_hide(meaning.words, c->options.password);
		curl_multi_remove_handle(c->multi, easy);
		r = f->request;
		f->request = NULL;
		c->under_way--;
		has_ended = true;
		client_judge(c, r, &meaning);
	}
	if (has_ended) {
		client_begin(c);
		client_tell_lost(c);
	}
	return has_ended;
}

bool client_perform(struct client *c)
{
	int running;

	curl_multi_perform(c->multi, &running);
	return take_ended(c);
}
