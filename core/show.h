/* SPDX-License-Identifier: MIT */
/* What a stranger sent, made fit for one line of a message to a person. */
#ifndef CORE_SHOW_H
#define CORE_SHOW_H

#include <stddef.h>

#define SHOW_SIZE 48

/* The beginning of the bytes: what is not printable ASCII becomes `?`, what is cut off
 * `...`. */
const char *show_bytes(char out[SHOW_SIZE], const void *bytes, size_t len);

#endif
