/* SPDX-License-Identifier: MIT */
/* An output whose table ends before what the contract needs. */
#include "table.h"

static const struct frame_output table = {
	.struct_size = 40,
	.abi = 1,
	.name = "tiny",
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
