/* SPDX-License-Identifier: MIT */
/* The memory of a request. */
#include "client.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 1024
#define KEEP_SIZE  4096

/* Makes room for `need` bytes. */
static bool reserve(uint8_t **data, size_t *size, size_t need)
{
	size_t want = *size == 0 ? FIRST_SIZE : *size;
	uint8_t *bigger;

	while (want < need)
		want *= 2;
	if (want == *size)
		return true;
	bigger = realloc(*data, want);
	if (bigger == NULL)
		return false;
	*data = bigger;
	*size = want;
	return true;
}

static void shrink(uint8_t **data, size_t *size)
{
	if (*size <= KEEP_SIZE)
		return;
	free(*data);
	*data = NULL;
	*size = 0;
}

void request_begin(struct request *r, const char *target)
{
	const char *query = strchr(target, '?');
	size_t len = query == NULL ? 0 : strlen(query + 1);

	request_end(r);
	reply_begin(&r->reply, false, false);
	r->state = REQUEST_HEAD;
	r->target_len = strlen(target);
	if (len == 0)
		return;
	r->failed = !reserve(&r->query, &r->query_size, len);
	if (r->failed)
		return;
	memcpy(r->query, query + 1, len);
	r->query_len = len;
}

void request_add(struct request *r, const char *data, size_t len, size_t max)
{
	r->is_too_large |= len > max - r->body_len;
	if (r->is_too_large || r->failed)
		return;
	r->failed = !reserve(&r->body, &r->body_size, r->body_len + len);
	if (r->failed)
		return;
	memcpy(r->body + r->body_len, data, len);
	r->body_len += len;
}

void request_end(struct request *r)
{
	shrink(&r->query, &r->query_size);
	shrink(&r->body, &r->body_size);
	parts_clear(&r->parts);
	r->state = REQUEST_NONE;
	r->query_len = r->target_len = r->body_len = 0;
	r->is_too_large = r->failed = false;
	r->handed = r->unanswered = 0;
}

void request_free(struct request *r)
{
	free(r->query);
	free(r->body);
	parts_free(&r->parts);
	reply_free(&r->reply);
	*r = (struct request){0};
}
