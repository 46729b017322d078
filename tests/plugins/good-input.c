/* SPDX-License-Identifier: MIT */
/* An input that receives nothing. */
#include "table.h"

#include <frame_input.h>

static int input_open(void **instance, void *router,
                      const struct frame_input_services *services, char *why,
                      size_t why_len)
{
	(void)services;
	return table_open(instance, router, NULL, why, why_len);
}

static void input_poll(void *instance, int64_t deadline_ms)
{
	(void)deadline_ms;
	table_close(instance);
}

static void input_answer(void *instance, uint64_t token, enum frame_answer answer,
                         uint64_t id, const char *text)
{
	(void)instance, (void)token, (void)answer, (void)id, (void)text;
}

static const struct frame_option listen_option = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_LIST,
	.name = "listen",
	.default_value = "unix:good.socket",
	.help = "where it listens",
};

static const struct frame_option *const options[] = {&listen_option, NULL};

static const struct frame_input table = {
	.struct_size = sizeof table,
	.abi = 1,
	.name = "good-input",
	.version = "2.0",
	.description = "an input of the tests",
	.options = options,
	.open = input_open,
	.poll = input_poll,
	.answer = input_answer,
	.close = table_close,
};

EXPORT const struct frame_input *frame_input_plugin(void)
{
	return &table;
}
