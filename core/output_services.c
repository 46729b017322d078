/* SPDX-License-Identifier: MIT */
/* What an output's plugin may ask of the router. */
#include <string.h>

#include "clock.h"
#include "output.h"

static const char *text(void *router, const char *name)
{
	return option_source_text(&((struct output *)router)->options, name);
}

static int64_t number(void *router, const char *name)
{
	return option_source_number(&((struct output *)router)->options, name);
}

static const char *list(void *router, const char *name, size_t index)
{
	return option_source_list(&((struct output *)router)->options, name, index);
}

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

static void log_text(void *router, enum frame_log_level level, const char *line)
{
	(void)router;
	log_line(level == FRAME_LOG_ERROR     ? LOG_LEVEL_ERROR
	         : level == FRAME_LOG_WARNING ? LOG_LEVEL_WARNING
	         : level == FRAME_LOG_INFO    ? LOG_LEVEL_INFO
	                                      : LOG_LEVEL_DEBUG,
	         "%s", line);
}

static int wake_fd(void *router)
{
	return ((struct output *)router)->process.wait_fd;
}

static int64_t now_ms(void *router)
{
	(void)router;
	return clock_monotonic_ms();
}

const struct frame_services output_services = {
	.struct_size = sizeof(struct frame_services),
	.option_text = text,
	.option_number = number,
	.option_list = list,
	.option_rendered = rendered,
	.settle = settle,
	.link = link_state,
	.retry_after = retry_after,
	.limit_window = limit_window,
	.count = count,
	.log = log_text,
	.wake_fd = wake_fd,
	.now_ms = now_ms,
};
