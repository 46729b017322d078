/* SPDX-License-Identifier: MIT */
/* An output that calls a function which nobody has: bound lazily, it would die at work.
 */
#include "table.h"

int a_function_that_nobody_has(void);

static void flush(void *instance)
{
	(void)instance;
	a_function_that_nobody_has();
}

static const struct frame_output table = TABLE("undefined-symbol", .flush = flush);

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
