/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a query, a form, lines and JSON documents: what is taken lies within them,
 * decoding never lengthens, and what is one object stays one.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void are_within(const struct parts *parts, const uint8_t *text, size_t size)
{
	const uint8_t *from = text;

	assert(parts->count <= PARTS_MAX);
	for (size_t i = 0; i < parts->count; i++) {
		assert(parts->part[i].data >= from);
		from = parts->part[i].data + parts->part[i].len;
		assert(from <= text + size);
	}
}

static void take_form(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);
	struct parts parts = {0};
	bool has_frame;

	memcpy(copy, data, size);
	has_frame = form_has_frame(copy, size);
	assert(has_frame || !form_begins(copy, size));
	form_take(copy, size, &parts);
	assert(has_frame == (parts.count > 0));
	are_within(&parts, copy, size);
	memcpy(copy, data, size);
	assert(form_decode(copy, size) <= size);
	parts_free(&parts);
	free(copy);
}

static size_t line_length(const uint8_t *data, size_t len)
{
	const uint8_t *lf = memchr(data, '\n', len);

	return lf == NULL ? 0 : (size_t)(lf - data) + 1;
}

static void take_documents(const uint8_t *data, size_t size)
{
	struct parts parts = {0}, again = {0};
	const char *why = NULL;
	bool is_list;
	enum parts_result result = body_take_json(data, size, &parts, &is_list, &why);

	assert(result != PARTS_BROKEN || why != NULL);
	are_within(&parts, data, size);
	for (size_t i = 0; i < parts.count; i++) {
		const struct part *p = &parts.part[i];

		assert(body_is_json(p->data, p->len));
		parts_clear(&again);
		assert(body_take_json(p->data, p->len, &again, &is_list, &why) ==
		       PARTS_FINE);
		assert(again.count == 1 && again.part[0].len == p->len && !is_list);
	}
	parts_free(&parts);
	parts_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parts lines = {0};

	take_form(data, size);
	take_documents(data, size);
	body_take_lines(data, size, line_length, &lines);
	are_within(&lines, data, size);
	parts_free(&lines);
	return 0;
}
