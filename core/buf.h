/* SPDX-License-Identifier: MIT */
/*
 * A growing run of bytes with a sticky error: after the first failure nothing is
 * added any more, and one look at `failed` at the end is enough.
 */
#ifndef CORE_BUF_H
#define CORE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	char *data;  /* owned; NUL behind the last byte once something was added */
	size_t len;  /* bytes, without that NUL */
	size_t size; /* bytes allocated */
	bool failed; /* memory ran out; what is there is not whole */
};

/* All zero is a valid empty buffer. */
void buf_free(struct buf *b);  /* frees and makes it empty */
void buf_clear(struct buf *b); /* keeps the memory, forgets bytes and failure */

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_text(struct buf *b, const char *text);
void buf_char(struct buf *b, char c);
void buf_format(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buf_number(struct buf *b, int64_t number); /* decimal, quick */

/* Adds bytes as upper-case hexadecimal digits. */
void buf_hex(struct buf *b, const uint8_t *bytes, size_t len);

/* Drops the first `len` bytes. */
void buf_drop(struct buf *b, size_t len);

/* The text so far; "" for an empty buffer, never NULL. */
const char *buf_string(const struct buf *b);

/*
 * Reads hexadecimal digits in any case, two a byte.  Returns the number of bytes
 * written to `out` (which holds len / 2), or -1 when there is any other character or
 * an odd number of them.
 */
long hex_decode(uint8_t *out, const char *text, size_t len);

#endif
