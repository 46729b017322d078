/* SPDX-License-Identifier: MIT */
/* The secret that a sender shows with `Authorization: Bearer`. */
#ifndef HTTP_INPUT_TOKEN_H
#define HTTP_INPUT_TOKEN_H

#include <stdbool.h>

/*
 * Whether an Authorization header (NULL: none) carries this token.  Takes a time that
 * tells nothing of where the two differ.
 */
bool token_is_right(const char *authorization, const char *token);

#endif
