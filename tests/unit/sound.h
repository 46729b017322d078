/* SPDX-License-Identifier: MIT */
/* For tests with bad input: what every document must be, whatever came in. */
#ifndef TESTS_UNIT_SOUND_H
#define TESTS_UNIT_SOUND_H

#include <json-c/json.h>

#include <stdbool.h>
#include <string.h>

#include "json.h"
#include "utf8.h"

/* One line of UTF-8 that a strict parser takes whole. */
static bool is_strict_json(const char *text, size_t len)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX);
	struct json_object *object;
	bool is_fine = utf8_is_valid((const uint8_t *)text, len);

	for (size_t i = 0; i < len; i++)
		is_fine = is_fine && (unsigned char)text[i] >= ' ';
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, text, (int)len);
	is_fine = is_fine && json_object_is_type(object, json_type_object) &&
	          json_tokener_get_parse_end(tokener) == len;
	json_object_put(object);
	json_tokener_free(tokener);
	return is_fine;
}

/* The frame's document is strict JSON, and read again says the same. */
static bool is_sound(const struct frame *f)
{
	struct buf first = {0}, second = {0};
	struct frame again = {0};
	bool is_fine;

	frame_clear(&again);
	json_add_document(&first, f, NULL);
	is_fine = is_strict_json(buf_string(&first), first.len) &&
	          json_parse_frame(&again, buf_string(&first), first.len, NULL);
	json_add_document(&second, &again, NULL);
	is_fine = is_fine && first.len == second.len &&
	          memcmp(first.data, second.data, first.len) == 0;
	buf_free(&first);
	buf_free(&second);
	frame_free(&again);
	return is_fine;
}

#endif
