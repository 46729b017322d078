/* SPDX-License-Identifier: MIT */
/* An output whose default names a wildcard that is not there. */
#include "table.h"

static const struct frame_option option = {
	.struct_size = sizeof option,
	.name = "target",
	.type = FRAME_OPTION_TEMPLATE,
	.default_value = "#ID_WAPS#",
};

static const struct frame_option *const options[] = {&option, NULL};

static const struct frame_output table = TABLE("bad-template", .options = options);

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
