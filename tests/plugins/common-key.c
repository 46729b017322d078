/* SPDX-License-Identifier: MIT */
/* An output that makes another thing of an option that all have. */
#include "table.h"

static const struct frame_option option = {
	.struct_size = sizeof option,
	.name = "window",
	.type = FRAME_OPTION_TEXT,
};

static const struct frame_option *const options[] = {&option, NULL};

static const struct frame_output table = TABLE("common-key", .options = options);

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
