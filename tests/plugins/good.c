/* SPDX-License-Identifier: MIT */
/* An output with an option of every type, TLS, and a check. */
#include "table.h"

#include <stdio.h>
#include <string.h>

#define OPTION(...)                                                                      \
	(&(const struct frame_option){.struct_size = sizeof(struct frame_option),        \
	                              __VA_ARGS__})

static const struct frame_option *const options[] = {
	OPTION(.name = "host", .type = FRAME_OPTION_TEXT, .default_value = "localhost",
               .help = "where the far side is"),
	OPTION(.name = "port", .type = FRAME_OPTION_NUMBER, .default_value = "1883",
               .minimum = 1, .maximum = 65535, .help = "its port"),
	OPTION(.name = "tls", .type = FRAME_OPTION_YES_NO, .default_value = "no",
               .help = "whether the link is encrypted"),
	OPTION(.name = "pause", .type = FRAME_OPTION_DURATION, .default_value = "1s",
               .help = "a duration"),
	OPTION(.name = "room", .type = FRAME_OPTION_SIZE, .default_value = "64K",
               .help = "a size"),
	OPTION(.name = "protocol", .type = FRAME_OPTION_CHOICE, .default_value = "auto",
               .choices = "auto|5|3.1.1", .help = "a choice"),
	OPTION(.name = "spool", .type = FRAME_OPTION_PATH, .default_value = "spool",
               .flags = FRAME_OPTION_DANGEROUS, .help = "a path"),
	OPTION(.name = "user", .type = FRAME_OPTION_TEXT, .help = "who we are"),
	OPTION(.name = "password", .type = FRAME_OPTION_SECRET, .help = "its password"),
	OPTION(.name = "target", .type = FRAME_OPTION_TEMPLATE, .default_value = "x/%Y",
               .flags = FRAME_OPTION_IS_PATH, .help = "a path with wildcards"),
	OPTION(.name = "greeting", .type = FRAME_OPTION_TEMPLATE,
               .help = "a line with wildcards"),
	OPTION(.name = "header", .type = FRAME_OPTION_LIST, .help = "a list"),
	OPTION(.name = "must", .type = FRAME_OPTION_TEXT, .flags = FRAME_OPTION_REQUIRED,
               .help = "has to be given"),
	OPTION(.name = "topic", .type = FRAME_OPTION_TEMPLATE,
               .default_value = "frames/#ID_WASP#", .help = "the topic, with a default"),
	OPTION(.name = "batch", .type = FRAME_OPTION_NUMBER, .default_value = "7",
               .help = "common, with a default of its own"),
	NULL,
};

/* Asks for its options as a plugin does, and refuses what some of them say. */
static int check(void *router, const struct frame_services *services, char *why,
                 size_t why_len)
{
	const char *must = services->option_text(router, "must");
	const char *header = services->option_list(router, "header", 0);

	if (must != NULL && strcmp(must, "crash") == 0)
		__builtin_trap();
	if (header != NULL && strcmp(header, "refused") == 0) {
		snprintf(why, why_len, "header: '%s' is none", header);
		return -1;
	}
	if (must != NULL && strcmp(must, "bad") == 0) {
		snprintf(why, why_len, "bad with port %lld, header %s, password %s",
		         (long long)services->option_number(router, "port"),
		         header == NULL ? "none" : header,
		         services->option_text(router, "password") == NULL ? "unset"
		                                                           : "set");
		return -1;
	}
	printf("a plugin that prints\n");
	fflush(stdout);
	return 0;
}

static const struct frame_output table =
	TABLE("good", .options = options, .groups = FRAME_GROUP_TLS, .check = check);

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &table;
}
