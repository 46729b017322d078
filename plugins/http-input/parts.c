/* SPDX-License-Identifier: MIT */
/* A growing array of pieces. */
#include "parts.h"

#include <stdlib.h>

enum parts_result parts_add(struct parts *p, const uint8_t *data, size_t len)
{
	size_t size = p->size == 0 ? 4 : p->size * 2;
	struct part *bigger;

	if (p->count == PARTS_MAX)
		return PARTS_TOO_MANY;
	if (p->count == p->size) {
		bigger = reallocarray(p->part, size, sizeof *p->part);
		if (bigger == NULL)
			return PARTS_NO_MEMORY;
		p->part = bigger;
		p->size = size;
	}
	p->part[p->count++] = (struct part){data, len};
	return PARTS_FINE;
}

void parts_clear(struct parts *p)
{
	p->count = 0;
}

void parts_free(struct parts *p)
{
	free(p->part);
	*p = (struct parts){0};
}
