/* SPDX-License-Identifier: MIT */
/* Strangers' bytes in messages. */
#include "show.h"

#include <string.h>

#define MORE "..."

const char *show_bytes(char out[SHOW_SIZE], const void *bytes, size_t len)
{
	const unsigned char *from = bytes;
	size_t room = SHOW_SIZE - sizeof MORE;
	size_t shown = len < room ? len : room;

	for (size_t i = 0; i < shown; i++)
		out[i] = from[i] >= ' ' && from[i] < 0x7F ? (char)from[i] : '?';
	memcpy(out + shown, shown < len ? MORE : "", shown < len ? sizeof MORE : 1);
	return out;
}
