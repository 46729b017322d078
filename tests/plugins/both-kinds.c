/* SPDX-License-Identifier: MIT */
/* An output and an input in one. */
#include "table.h"

#include <frame_input.h>

static const struct frame_output table = TABLE("both-kinds");

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}

EXPORT const struct frame_input *frame_input_plugin(void)
{
	return NULL;
}
