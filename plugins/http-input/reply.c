/* SPDX-License-Identifier: MIT */
/* Writing answers. */
#include "reply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 256
#define KEEP_SIZE  4096 /* of memory for the next answer of the connection */

static void add(struct reply *r, const char *text, size_t len)
{
	size_t size = r->size == 0 ? FIRST_SIZE : r->size;
	char *bigger;

	while (size - r->len < len)
		size *= 2;
	if (size != r->size) {
		bigger = realloc(r->text, size);
		if (bigger == NULL) {
			r->failed = true;
			return;
		}
		r->text = bigger;
		r->size = size;
	}
	memcpy(r->text + r->len, text, len);
	r->len += len;
}

static void add_text(struct reply *r, const char *text)
{
	add(r, text, strlen(text));
}

static void add_number(struct reply *r, uint64_t number)
{
	char digits[24];

	add(r, digits, (size_t)snprintf(digits, sizeof digits, "%" PRIu64, number));
}

/* Words that may quote what came in: nothing of it may end the line or the string. */
static void add_words(struct reply *r, const char *words)
{
	for (; *words != '\0'; words++) {
		char c = *words;

		if ((unsigned char)c < ' ' || c == 0x7F)
			c = ' ';
		else if ((unsigned char)c > 0x7F)
			c = '?';
		if (r->is_json && (c == '"' || c == '\\'))
			add(r, "\\", 1);
		add(r, &c, 1);
	}
}

static void begin_item(struct reply *r)
{
	if (r->is_json && r->is_list)
		add_text(r, r->len == 0 ? "[" : ",");
}

static void add_id(struct reply *r, uint64_t id)
{
	begin_item(r);
	add_text(r, r->is_json ? "{\"id\":" : "OK ");
	add_number(r, id);
	add_text(r, r->is_json ? "}" : "\n");
}

static void add_reason(struct reply *r, const char *json_key, const char *word,
                       const char *text)
{
	begin_item(r);
	if (r->is_json) {
		add_text(r, "{\"");
		add_text(r, json_key);
		add_text(r, "\":\"");
	} else {
		add_text(r, word);
	}
	add_words(r, text);
	add_text(r, r->is_json ? "\"}" : "\n");
}

void reply_begin(struct reply *r, bool is_json, bool is_list)
{
	if (r->size > KEEP_SIZE)
		reply_free(r);
	*r = (struct reply){
		.text = r->text,
		.size = r->size,
		.is_json = is_json,
		.is_list = is_list,
	};
}

void reply_add(struct reply *r, enum frame_answer answer, uint64_t id, size_t frames,
               const char *text)
{
	const char *reason = text == NULL || *text == '\0' ? "refused" : text;

	if (r->has_later)
		return;
	switch (answer) {
	case FRAME_ANSWER_STORED:
		r->has_good = true;
		/* an object has room for one: the last */
		for (size_t i = r->is_json && !r->is_list ? 1 : frames; i > 0; i--)
			add_id(r, id - (i - 1));
		break;
	case FRAME_ANSWER_KEPT:
		r->has_good = true;
		add_reason(r, "kept", "KEPT ", reason);
		break;
	case FRAME_ANSWER_REFUSED:
		add_reason(r, "error", "ERROR ", reason);
		break;
	case FRAME_ANSWER_LATER:
		r->has_later = true;
		r->is_list = false;
		r->len = 0;
		add_reason(r, "error", "LATER ", reason);
		break;
	}
}

unsigned reply_end(struct reply *r)
{
	if (r->is_json && r->is_list)
		add_text(r, r->len == 0 ? "[]" : "]");
	if (r->is_json)
		add_text(r, "\n");
	return r->has_later ? 503 : r->has_good ? 200 : 400;
}

void reply_error(struct reply *r, bool is_json, const char *text)
{
	reply_begin(r, is_json, false);
	add_reason(r, "error", "ERROR ", text);
	if (is_json)
		add_text(r, "\n");
}

const char *reply_type(const struct reply *r)
{
	return r->is_json ? "application/json" : "text/plain; charset=utf-8";
}

void reply_free(struct reply *r)
{
	free(r->text);
	*r = (struct reply){0};
}
