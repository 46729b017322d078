/* SPDX-License-Identifier: MIT */
/* Parts of the http output by themselves: bodies, halves and keys; what is hidden. */
#include <stdlib.h>

#include "request.h"
#include "tap.h"

static struct request *made(enum request_form form, unsigned first, unsigned count)
{
	struct request *r = request_new("http://h/", form);
	char uid[32], payload[32];

	for (unsigned i = first; i < first + count; i++) {
		struct frame_message m = {.id = i, .uid = uid, .payload = payload};

		snprintf(uid, sizeof uid, "aa-%u", i);
		snprintf(payload, sizeof payload, "{\"n\":%u}", i);
		m.payload_len = strlen(payload);
		request_add(r, &m);
	}
	request_seal(r, 5);
	return r;
}

static const char *key_of(const struct request *r)
{
	static struct text keys[2];
	static unsigned at;
	struct text *key = &keys[at++ % 2];

	text_clear(key);
	request_add_key(r, key);
	return key->data;
}

static void halves_are_whole_requests(void)
{
	struct request *r = made(REQUEST_ARRAY, 1, 5), *left, *right;

	same(r->body.data, "[{\"n\":1},{\"n\":2},{\"n\":3},{\"n\":4},{\"n\":5}]",
	     "five messages are an array");
	ok(request_split(r, &left, &right) && left->count == 2 && right->count == 3 &&
	           left->items[1].id == 2 && right->items[2].id == 5 &&
	           right->since_ms == 5 && strcmp(right->url, "http://h/") == 0,
	   "its halves have all of its messages");
	same(left->body.data, "[{\"n\":1},{\"n\":2}]", "the left one");
	same(right->body.data, "[{\"n\":3},{\"n\":4},{\"n\":5}]", "the right one");
	request_free(r);
	r = made(REQUEST_ARRAY, 3, 3);
	same(key_of(right), key_of(r), "a half has the key of its own messages");
	request_free(r);
	request_free(left);
	request_free(right);
	r = made(REQUEST_LINES, 1, 2);
	request_split(r, &left, &right);
	same(right->body.data, "{\"n\":2}\n", "half of two lines is one");
	same(key_of(right), "aa-2", "and its key is the message's uid");
	request_free(r);
	request_free(left);
	request_free(right);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void no_two_sets_share_a_key(void)
{
	enum { SETS = 60 * 60 };
	static char *keys[SETS];
	unsigned count = 0, twice = 0;

	for (unsigned first = 1; first <= 60; first++) {
		for (unsigned len = 1; len <= 60; len++) {
			struct request *r = made(REQUEST_ARRAY, first, len);

			keys[count++] = strdup(key_of(r));
			request_free(r);
		}
	}
	qsort(keys, count, sizeof keys[0], by_text);
	for (unsigned i = 1; i < count; i++)
		twice += strcmp(keys[i - 1], keys[i]) == 0;
	for (unsigned i = 0; i < count; i++)
		free(keys[i]);
	ok(twice == 0, "%u sets have %u keys", count, count - twice);
}

/* The same first uid and number, another message in the middle. */
static void the_key_is_of_all_messages(void)
{
	struct request *a = request_new("u", REQUEST_ARRAY);
	struct request *b = request_new("u", REQUEST_ARRAY);
	static const char *const uids[2][3] = {{"s-1", "s-2", "s-13"},
	                                       {"s-1", "s-21", "s-3"}};

	for (unsigned i = 0; i < 3; i++) {
		struct frame_message m = {.uid = uids[0][i], .payload = "1"};

		m.payload_len = 1;
		request_add(a, &m);
		m.uid = uids[1][i];
		request_add(b, &m);
	}
	ok(strncmp(key_of(a), "s-1*3*", 6) == 0 && strcmp(key_of(a), key_of(b)) != 0,
	   "%s is not %s", key_of(a), key_of(b));
	request_free(a);
	request_free(b);
}

static const char *hidden(const char *line, const char *secret)
{
	static char text[80];

	snprintf(text, sizeof text, "%s", line);
	text_hide(text, secret);
	return text;
}

static void a_secret_is_hidden_wherever_it_stands(void)
{
	same(hidden("s/cret, as/cret. s/cre", "s/cret"), "***, a***. ***",
	     "at any place, and cut off at the end");
	same(hidden("\"s\\/c\\\\ret\"", "s/c\\ret"), "\"***\"", "as JSON escapes it");
	same(hidden("sec, secre t", "secret"), "sec, secre t", "what is not it stays");
	same(hidden("aaaa aaaaaaaaa sec", "aaaa"), "*** ******a sec",
	     "one after the other; three letters say nothing");
	same(hidden("a b", "a"), "a b", "a letter is no secret");
	same(hidden("", "secret"), "", "nothing stays nothing");
	same(hidden("a", NULL), "a", "no secret hides nothing");
}

int main(void)
{
	a_secret_is_hidden_wherever_it_stands();
	halves_are_whole_requests();
	no_two_sets_share_a_key();
	the_key_is_of_all_messages();
	return done();
}
