/* SPDX-License-Identifier: MIT */
/* An output that its far side knows by a name, and that runs a command. */
#include "table.h"

#define OPTION(...)                                                                      \
	(&(const struct frame_option){.struct_size = sizeof(struct frame_option),        \
	                              __VA_ARGS__})

static const struct frame_option *const options[] = {
	OPTION(.name = "host", .type = FRAME_OPTION_TEXT, .default_value = "localhost",
               .help = "where the far side is"),
	OPTION(.name = "client_id", .type = FRAME_OPTION_TEXT, .help = "who we are"),
	OPTION(.name = "command", .type = FRAME_OPTION_TEXT, .default_value = "true",
               .flags = FRAME_OPTION_DANGEROUS, .help = "what is run"),
	NULL,
};

static const struct frame_output table = TABLE("twin", .options = options);

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
