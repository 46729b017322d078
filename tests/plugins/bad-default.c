/* SPDX-License-Identifier: MIT */
/* An output with a default that its option refuses. */
#include "table.h"

static const struct frame_option option = {
	.struct_size = sizeof option,
	.name = "port",
	.type = FRAME_OPTION_NUMBER,
	.default_value = "70000",
	.minimum = 1,
	.maximum = 65535,
};

static const struct frame_option *const options[] = {&option, NULL};

static const struct frame_output table = TABLE("bad-default", .options = options);

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
