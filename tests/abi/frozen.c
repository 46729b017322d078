/* SPDX-License-Identifier: MIT */
/*
 * A plugin built against the frozen header of ABI 1.  It uses every member that the
 * header has, and says in its reasons what it was given, for test-frozen.c to compare.
 */
#include "frame_output-1.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
#define EXPORT __attribute__((visibility("default")))
#endif

struct instance {
	void *router;
	const struct frame_services *services;
	uint64_t pending;
};

static const struct frame_option path = {
	.struct_size = sizeof path,
	.type = FRAME_OPTION_PATH,
	.flags = FRAME_OPTION_REQUIRED | FRAME_OPTION_DANGEROUS,
	.name = "path",
	.help = "a file",
};

static const struct frame_option mood = {
	.struct_size = sizeof mood,
	.type = FRAME_OPTION_CHOICE,
	.name = "mood",
	.default_value = "cold",
	.choices = "cold|frozen",
	.help = "how it feels",
};

static const struct frame_option depth = {
	.struct_size = sizeof depth,
	.type = FRAME_OPTION_NUMBER,
	.name = "depth",
	.default_value = "12",
	.unit = "metres",
	.minimum = -5,
	.maximum = 5000000000,
	.help = "how deep it lies",
};

static const struct frame_option *const options[] = {&path, &mood, &depth, NULL};

static int frozen_check(void *router, const struct frame_services *services, char *why,
                        size_t why_len)
{
	snprintf(why, why_len, "checked: %s", services->option_text(router, "mood"));
	return 1;
}

static int frozen_test(void *router, const struct frame_services *services, char *why,
                       size_t why_len)
{
	snprintf(why, why_len, "tested: %lld",
	         (long long)services->option_number(router, "depth"));
	return 1;
}

static int frozen_open(void **instance, void *router,
                       const struct frame_services *services, char *why, size_t why_len)
{
	struct instance *self = calloc(1, sizeof *self);

	if (self == NULL)
		return snprintf(why, why_len, "out of memory");
	self->router = router;
	self->services = services;
	services->log(router, FRAME_LOG_DEBUG,
	              services->option_list(router, "header", 1));
	services->count(router, "opened", 5000000001);
	services->limit_window(router, 7);
	services->link(router, FRAME_LINK_UNCONFIRMED, "frozen");
	*instance = self;
	return 0;
}

static enum frame_verdict frozen_submit(void *instance, const struct frame_message *m,
                                        char *why, size_t why_len)
{
	struct instance *self = instance;

	if (strcmp(m->payload, "later") == 0) {
		self->services->retry_after(self->router, 1234);
		return FRAME_RETRY;
	}
	if (strcmp(m->payload, "all") == 0) {
		snprintf(why, why_len, "%u %llu %lld %s %s %zu %s %zu %s %s", m->attempt,
		         (unsigned long long)m->id, (long long)m->received_ms, m->uid,
		         m->topic, m->payload_len, m->document, m->document_len, m->node,
		         self->services->option_rendered(self->router, "path"));
		return FRAME_REJECTED;
	}
	self->pending = m->id;
	return FRAME_PENDING;
}

static void frozen_flush(void *instance)
{
	struct instance *self = instance;

	self->services->settle(self->router, self->pending, FRAME_DELIVERED, "thawed");
}

static void frozen_poll(void *instance, int64_t deadline_ms)
{
	struct instance *self = instance;
	int64_t left_ms = deadline_ms - self->services->now_ms(self->router);

	self->services->count(self->router, "left_ms", (uint64_t)left_ms);
	self->services->count(self->router, "wake_fd",
	                      (uint64_t)self->services->wake_fd(self->router));
}

static void frozen_close(void *instance)
{
	struct instance *self = instance;

	self->services->link(self->router, FRAME_LINK_DOWN, "closed");
	free(self);
}

static const struct frame_output plugin = {
	.struct_size = sizeof plugin,
	.abi = 1,
	.name = "frozen",
	.version = "0.0.1",
	.description = "built against the first header",
	.options = options,
	.groups = FRAME_GROUP_TLS,
	.check = frozen_check,
	.open = frozen_open,
	.submit = frozen_submit,
	.flush = frozen_flush,
	.poll = frozen_poll,
	.test = frozen_test,
	.close = frozen_close,
};

EXPORT const struct frame_output *frame_output_plugin(void)
{
	return &plugin;
}
