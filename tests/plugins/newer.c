/* SPDX-License-Identifier: MIT */
/* An output built with a newer header, whose structs have grown at their end. */
#include "table.h"

static const struct {
	struct frame_option option;
	const char *grown[4];
} number = {
	.option = {.struct_size = sizeof number,
                   .type = FRAME_OPTION_NUMBER,
                   .name = "number",
                   .default_value = "7",
                   .minimum = 1,
                   .maximum = 9,
                   .help = "a number"},
	.grown = {"a", "b", "c", "d"},
};

static const struct frame_option *const options[] = {&number.option, NULL};

static const struct {
	struct frame_output table;
	void (*grown[4])(void *instance);
} grown = {
	.table =
		{
			.struct_size = sizeof grown,
			.abi = 1,
			.name = "newer",
			.version = "1.0",
			.description = "a plugin of the tests",
			.options = options,
			.open = table_open,
			.submit = table_submit,
			.close = table_close,
		},
	.grown = {table_close, table_close, table_close, table_close},
};

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &grown.table;
}
