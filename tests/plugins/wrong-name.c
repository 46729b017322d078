/* SPDX-License-Identifier: MIT */
/* An output whose file has another name. */
#include "table.h"

static const struct frame_output table = TABLE("mqtt");

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
