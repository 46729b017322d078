/* SPDX-License-Identifier: MIT */
/* What is valid UTF-8 (RFC 3629: no surrogates, no overlong forms). */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character at `bytes`, 1 to 4, or 0 when there is none that is valid. */
size_t utf8_length(const uint8_t *bytes, size_t len);

/* Bytes of the whole characters at the beginning of a text, `most` at most; what is no
 * UTF-8 counts byte by byte. */
size_t utf8_cut(const char *text, size_t most);

bool utf8_is_valid(const uint8_t *bytes, size_t len);

#endif
