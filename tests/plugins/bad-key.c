/* SPDX-License-Identifier: MIT */
/* An output with an option that conf.d cannot name. */
#include "table.h"

static const struct frame_option option = {
	.struct_size = sizeof option,
	.name = "Port",
};

static const struct frame_option *const options[] = {&option, NULL};

static const struct frame_output table = TABLE("bad-key", .options = options);

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
