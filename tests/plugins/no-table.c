/* SPDX-License-Identifier: MIT */
/* An output without a table. */
#include "table.h"

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return NULL;
}
