/* SPDX-License-Identifier: MIT */
/* Comparing secrets. */
#include "token.h"

#include <string.h>
#include <strings.h>

#define SCHEME     "Bearer "
#define SCHEME_LEN (sizeof SCHEME - 1)

bool token_is_right(const char *authorization, const char *token)
{
	size_t len = strlen(token), given_len;
	unsigned char differs;
	const char *given;

	if (authorization == NULL || len == 0 ||
	    strncasecmp(authorization, SCHEME, SCHEME_LEN) != 0)
		return false;
	given = authorization + SCHEME_LEN;
	given += strspn(given, " ");
	given_len = strcspn(given, " \t");
	differs = given_len != len ||
	          given[given_len + strspn(given + given_len, " \t")] != '\0';
	for (size_t i = 0; i < given_len; i++)
		differs |= (unsigned char)(given[i] ^ token[i % len]);
	return differs == 0;
}
