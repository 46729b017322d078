/* SPDX-License-Identifier: MIT */
/* An output with an option that stands there twice. */
#include "table.h"

static const struct frame_option option = {
	.struct_size = sizeof option,
	.name = "port",
	.type = FRAME_OPTION_NUMBER,
};

static const struct frame_option *const options[] = {&option, &option, NULL};

static const struct frame_output table = TABLE("twice", .options = options);

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
