/* SPDX-License-Identifier: MIT */
/* The readings of a frame, one by one. */
#include "reading.h"

#include <assert.h>
#include <string.h>

static bool came_before(const struct reading_list *l, const char *tag)
{
	for (unsigned i = 0; i < l->count; i++)
		if (strcmp(l->text.data + l->place[i].tag_at, tag) == 0)
			return true;
	return false;
}

static size_t add_text(struct buf *text, const char *what)
{
	size_t at = text->len;

	buf_add(text, what, strlen(what) + 1);
	return at;
}

static bool add_reading(void *context, const char *tag, const char *value)
{
	struct reading_list *l = context;
	struct reading_place *place;

	if (l->count >= JSON_READINGS_MAX) {
		l->count++; /* that there are more is all that is to be known */
		return false;
	}
	place = &l->place[l->count];
	place->is_again = came_before(l, tag);
	place->tag_at = add_text(&l->text, tag);
	place->value_at = add_text(&l->text, value);
	place->value_len = strlen(value);
	place->plain_at = place->value_at;
	/* a number is its own text */
	if (strchr("\"[n", *value) != NULL) {
		place->plain_at = l->text.len;
		json_add_plain(&l->text, value, place->value_len);
		buf_char(&l->text, '\0');
	}
	l->count++;
	return !l->text.failed;
}

bool reading_list_fill(struct reading_list *l, const char *readings, struct reason *why)
{
	buf_clear(&l->text);
	l->count = 0;
	if (!json_each_reading(readings, add_reading, l))
		return fail(why, "its readings cannot be taken apart");
	if (l->count > JSON_READINGS_MAX)
		return fail(why, "it has more than %d readings", JSON_READINGS_MAX);
	return !l->text.failed || fail(why, "out of memory");
}

void reading_list_free(struct reading_list *l)
{
	buf_free(&l->text);
}

struct reading reading_get(const struct reading_list *l, unsigned number)
{
	const struct reading_place *place = &l->place[number];

	assert(number < l->count);
	return (struct reading){
		.tag = l->text.data + place->tag_at,
		.plain = l->text.data + place->plain_at,
		.value = l->text.data + place->value_at,
		.value_len = place->value_len,
		.number = number,
		.is_again = place->is_again,
	};
}
