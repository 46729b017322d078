/* SPDX-License-Identifier: MIT */
/* An output that was made for a contract to come. */
#include "table.h"

static const struct frame_output table = {
	.struct_size = sizeof(struct frame_output),
	.abi = 2,
	.name = "wrong-abi",
	.version = "1.0",
	.description = "a plugin of the tests",
	.open = table_open,
	.submit = table_submit,
	.close = table_close,
};

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
