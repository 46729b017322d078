/* SPDX-License-Identifier: MIT */
/* An output that wants a group of options that is not there. */
#include "table.h"

static const struct frame_output table = TABLE("other-group", .groups = 64);

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
