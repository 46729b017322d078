/* SPDX-License-Identifier: MIT */
/* What an output's plugin may ask of the router. */
#include <stddef.h>

#include "output.h"

_Static_assert(offsetof(struct output, options) == 0, "option_service_text() expects it");

static const char *rendered(void *router, const char *name)
{
	struct output *o = router;

	return o->submitting == NULL ? NULL
	                             : message_rendered(o->submitting, &o->plan, name);
}

static void settle(void *router, uint64_t id, enum frame_verdict verdict,
                   const char *reason)
{
	struct output *o = router;

	mailbox_settle(&o->mailbox, id, verdict, reason);
}

static void link_state(void *router, enum frame_link state, const char *why)
{
	struct output *o = router;

	mailbox_link(&o->mailbox, state, why);
}

static void retry_after(void *router, uint32_t ms)
{
	struct output *o = router;

	mailbox_retry_after(&o->mailbox, ms);
}

static void limit_window(void *router, uint32_t messages)
{
	struct output *o = router;

	mailbox_limit(&o->mailbox, messages);
}

static void count(void *router, const char *name, uint64_t n)
{
	struct output *o = router;

	live_count(o->live, name, n);
}

static int wake_fd(void *router)
{
	return ((struct output *)router)->process.wait_fd;
}

const struct frame_services output_services = {
	.struct_size = sizeof(struct frame_services),
	.option_text = option_service_text,
	.option_number = option_service_number,
	.option_list = option_service_list,
	.option_rendered = rendered,
	.settle = settle,
	.link = link_state,
	.retry_after = retry_after,
	.limit_window = limit_window,
	.count = count,
	.log = option_service_log,
	.wake_fd = wake_fd,
	.now_ms = option_service_now_ms,
};
