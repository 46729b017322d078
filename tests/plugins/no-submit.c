/* SPDX-License-Identifier: MIT */
/* An output that cannot send. */
#include "table.h"

static const struct frame_output table = {
	.struct_size = sizeof(struct frame_output),
	.abi = 1,
	.name = "no-submit",
	.version = "1.0",
	.description = "a plugin of the tests",
	.open = table_open,
	.close = table_close,
};

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
