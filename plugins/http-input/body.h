/* SPDX-License-Identifier: MIT */
/* Bodies that are no forms: lines, and JSON documents one after the other. */
#ifndef HTTP_INPUT_BODY_H
#define HTTP_INPUT_BODY_H

#include "parts.h"

/* The rule of where a line ends, as in struct frame_input_services. */
typedef size_t body_line_length(const uint8_t *data, size_t len);

/* Adds each line that is not blank, without its end; the end of the text ends one, too.
 */
enum parts_result body_take_lines(const uint8_t *text, size_t len,
                                  body_line_length *line_length, struct parts *out);

/* Whether it begins, behind white space, with `{` or `[`. */
bool body_is_json(const uint8_t *text, size_t len);

/*
 * Adds each object of a JSON text: one document, an array of them, or several one after
 * the other.  Looks at brackets and strings alone: whether an object is good is the
 * router's to say.  `*is_list`: it was an array.  PARTS_BROKEN: `*why` (a constant).
 */
enum parts_result body_take_json(const uint8_t *text, size_t len, struct parts *out,
                                 bool *is_list, const char **why);

#endif
