/* SPDX-License-Identifier: MIT */
/* An output built with an older header, whose options ended before choices and limits. */
#include "table.h"

struct older_option {
	uint32_t struct_size;
	uint32_t type;
	uint32_t flags;
	uint32_t reserved;
	const char *name;
	const char *default_value;
};

/* What lies behind it in memory is not part of it. */
static const struct {
	struct older_option option;
	const char *behind[5];
} number = {
	.option = {.struct_size = sizeof(struct older_option),
                   .type = FRAME_OPTION_NUMBER,
                   .name = "number",
                   .default_value = "7"},
	.behind = {"not", "a", "part", "of", "it"},
};

static const struct frame_option *const options[] = {
	(const struct frame_option *)(const void *)&number.option,
	NULL,
};

static const struct frame_output table = TABLE("older", .options = options);

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
