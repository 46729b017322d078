/* SPDX-License-Identifier: MIT */
/*
 * The services that all plugins get alike, and those that check() gets besides, which do
 * nothing.
 */
#include "clock.h"
#include "option_source.h"

const char *option_service_text(void *router, const char *name)
{
	return option_source_text(router, name);
}

int64_t option_service_number(void *router, const char *name)
{
	return option_source_number(router, name);
}

const char *option_service_list(void *router, const char *name, size_t index)
{
	return option_source_list(router, name, index);
}

void option_service_log(void *router, enum frame_log_level level, const char *line)
{
	(void)router;
	log_from_plugin(level, NULL, line);
}

int64_t option_service_now_ms(void *router)
{
	(void)router;
	return clock_monotonic_ms();
}

/* Several units are checked by one process. */
static void log_checked(void *router, enum frame_log_level level, const char *line)
{
	const struct option_source *s = router;

	log_from_plugin(level, s->unit->name, line);
}

static const char *rendered(void *router, const char *name)
{
	(void)router, (void)name;
	return NULL;
}

static void settle(void *router, uint64_t id, enum frame_verdict verdict,
                   const char *reason)
{
	(void)router, (void)id, (void)verdict, (void)reason;
}

static void link_state(void *router, enum frame_link state, const char *why)
{
	(void)router, (void)state, (void)why;
}

static void take_number(void *router, uint32_t n)
{
	(void)router, (void)n;
}

static void count(void *router, const char *name, uint64_t n)
{
	(void)router, (void)name, (void)n;
}

static int wake_fd(void *router)
{
	(void)router;
	return -1;
}

static size_t line_length(const uint8_t *data, size_t len)
{
	(void)data, (void)len;
	return 0;
}

static size_t take_frame(void *router, const uint8_t *data, size_t len, uint64_t token,
                         int can_resend)
{
	(void)router, (void)data, (void)len, (void)token, (void)can_resend;
	return 0;
}

const struct frame_services option_source_services = {
	.struct_size = sizeof(struct frame_services),
	.option_text = option_service_text,
	.option_number = option_service_number,
	.option_list = option_service_list,
	.option_rendered = rendered,
	.settle = settle,
	.link = link_state,
	.retry_after = take_number,
	.limit_window = take_number,
	.count = count,
	.log = log_checked,
	.wake_fd = wake_fd,
	.now_ms = option_service_now_ms,
};

const struct frame_input_services option_source_input_services = {
	.struct_size = sizeof(struct frame_input_services),
	.option_text = option_service_text,
	.option_number = option_service_number,
	.option_list = option_service_list,
	.log = log_checked,
	.wake_fd = wake_fd,
	.now_ms = option_service_now_ms,
	.line_length = line_length,
	.frame = take_frame,
};
