/* SPDX-License-Identifier: MIT */
/* An output that dies while it is loaded. */
#include "table.h"

#include <stdlib.h>

__attribute__((constructor)) static void die(void)
{
	abort();
}

static const struct frame_output table = TABLE("crash");

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
