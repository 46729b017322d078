/* SPDX-License-Identifier: MIT */
/* Messages that travel together. */
#include "request.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request *request_new(const char *url, enum request_form form)
{
	struct request *r = calloc(1, sizeof *r);

	if (r == NULL)
		return NULL;
	r->form = form;
	r->url = strdup(url);
	if (r->url == NULL) {
		free(r);
		return NULL;
	}
	return r;
}

void request_free(struct request *r)
{
	if (r == NULL)
		return;
	text_free(&r->body);
	text_free(&r->uids);
	free(r->items);
	free(r->url);
	free(r);
}

static bool has_room(struct request *r)
{
	unsigned size = r->size == 0 ? 1 : r->size * 4;
	struct request_item *items;

	if (r->count < r->size)
		return true;
	items = realloc(r->items, size * sizeof *items);
	if (items == NULL)
		return false;
	r->items = items;
	r->size = size;
	return true;
}

static bool add(struct request *r, uint64_t id, const char *uid, const char *payload,
                size_t len)
{
	struct text body = r->body, uids = r->uids;

	assert(r->form != REQUEST_ONE || r->count == 0);
	if (!has_room(r))
		return false;
	if (r->form == REQUEST_ARRAY)
		text_add(&r->body, r->count == 0 ? "[" : ",", 1);
	r->items[r->count] = (struct request_item){
		.id = id, .at = r->body.len, .len = len, .uid_at = r->uids.len};
	text_add(&r->body, payload, len);
	if (r->form == REQUEST_LINES)
		text_add(&r->body, "\n", 1);
	text_add(&r->uids, uid, strlen(uid) + 1);
	if (r->body.failed || r->uids.failed) {
		r->body.len = body.len;
		r->uids.len = uids.len;
		r->body.failed = r->uids.failed = false;
		return false;
	}
	r->count++;
	return true;
}

bool request_add(struct request *r, const struct frame_message *m)
{
	return add(r, m->id, m->uid, m->payload, m->payload_len);
}

bool request_seal(struct request *r, int64_t now_ms)
{
	assert(r->count > 0);
	r->since_ms = now_ms;
	if (r->form == REQUEST_ARRAY)
		text_add(&r->body, "]", 1);
	return !r->body.failed;
}

static struct request *part(const struct request *r, unsigned from, unsigned to)
{
	struct request *p = request_new(r->url, r->form);

	for (unsigned i = from; p != NULL && i < to; i++) {
		const struct request_item *item = &r->items[i];

		if (!add(p, item->id, r->uids.data + item->uid_at,
		         r->body.data + item->at, item->len)) {
			request_free(p);
			p = NULL;
		}
	}
	if (p != NULL && !request_seal(p, r->since_ms)) {
		request_free(p);
		p = NULL;
	}
	if (p != NULL)
		p->is_part = true;
	return p;
}

bool request_split(const struct request *r, struct request **left, struct request **right)
{
	unsigned middle = r->count / 2;

	assert(r->count > 1);
	*left = part(r, 0, middle);
	*right = part(r, middle, r->count);
	if (*left != NULL && *right != NULL)
		return true;
	request_free(*left);
	request_free(*right);
	return false;
}

/* FNV-1a, and another of its kind that shares nothing with it but the bytes. */
static void hash(const struct text *bytes, uint64_t *a, uint64_t *b)
{
	*a = UINT64_C(0xCBF29CE484222325);
	*b = UINT64_C(0x9E3779B97F4A7C15);
	for (size_t i = 0; i < bytes->len; i++) {
		unsigned char c = (unsigned char)bytes->data[i];

		*a = (*a ^ c) * UINT64_C(0x100000001B3);
		*b = ((*b << 23 | *b >> 41) + c) * UINT64_C(0xD6E8FEB86659FD93);
	}
}

void request_add_key(const struct request *r, struct text *out)
{
	uint64_t a, b;
	char rest[64];

	text_add_encoded(out, r->uids.data);
	if (r->count == 1)
		return;
	hash(&r->uids, &a, &b);
	/* an encoded uid never has a `*` */
	snprintf(rest, sizeof rest, "*%u*%016" PRIx64 "%016" PRIx64, r->count, a, b);
	text_add_string(out, rest);
}
