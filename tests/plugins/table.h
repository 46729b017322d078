/* SPDX-License-Identifier: MIT */
/* What the plugins of the tests have in common: a good table of callbacks that do
 * nothing. */
#ifndef TESTS_PLUGINS_TABLE_H
#define TESTS_PLUGINS_TABLE_H

#include <frame_output.h>

#define EXPORT __attribute__((visibility("default")))

/* not every plugin of the tests uses all of them */
__attribute__((unused)) static int table_open(void **instance, void *router,
                                              const struct frame_services *services,
                                              char *why, size_t why_len)
{
	(void)router, (void)services, (void)why, (void)why_len;
	*instance = NULL;
	return 0;
}

__attribute__((unused)) static enum frame_verdict
table_submit(void *instance, const struct frame_message *message, char *why,
             size_t why_len)
{
	(void)instance, (void)message, (void)why, (void)why_len;
	return FRAME_DELIVERED;
}

__attribute__((unused)) static void table_close(void *instance)
{
	(void)instance;
}

/* A good table of that name, and what follows added. */
#define TABLE(its_name, ...)                                                             \
	{                                                                                \
		.struct_size = sizeof(struct frame_output), .abi = 1, .name = its_name,  \
		.version = "1.0", .description = "a plugin of the tests",                \
		.open = table_open, .submit = table_submit, .close = table_close,        \
		__VA_ARGS__                                                              \
	}

#endif
