/* SPDX-License-Identifier: MIT */
/*
 * Query strings and forms: the values of `frame` in `a=1&frame=3C3D3E...&frame=...`.
 * Knows nothing of HTTP beyond that.
 */
#ifndef HTTP_INPUT_FORM_H
#define HTTP_INPUT_FORM_H

#include "parts.h"

/* Whether the text begins with a pair whose name is `frame`. */
bool form_begins(const uint8_t *text, size_t len);

/* Whether it holds such a pair anywhere. */
bool form_has_frame(const uint8_t *text, size_t len);

/* Adds each value of `frame`, decoded in place: `text` must outlive the parts. */
enum parts_result form_take(uint8_t *text, size_t len, struct parts *out);

/*
 * Decodes %XX in place and returns the new length; a % without two hexadecimal digits
 * stays.  `+` is a space, as forms have it, but not where the value was visibly not made
 * by a form's encoder, which leaves no `<`, `=` or `{` as it is: in a raw frame or JSON
 * that a sketch put into its URL, `+` is a plus.
 */
size_t form_decode(uint8_t *value, size_t len);

#endif
