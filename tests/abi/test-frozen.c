/* SPDX-License-Identifier: MIT */
/*
 * A plugin that was built against the first header is loaded and used by today's router:
 * what is installed in the field must go on after an update.
 */
#include "plugin.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tap.h"

/* What the plugin said to the router, one after the other. */
static char said[1000];

__attribute__((format(printf, 1, 2))) static void hear(const char *format, ...)
{
	size_t len = strlen(said);
	va_list args;

	va_start(args, format);
	vsnprintf(said + len, sizeof said - len, format, args);
	va_end(args);
}

static const char *option_text(void *router, const char *name)
{
	(void)router;
	return strcmp(name, "mood") == 0 ? "frozen" : NULL;
}

static int64_t option_number(void *router, const char *name)
{
	(void)router;
	return strcmp(name, "depth") == 0 ? 5000000000 : -1;
}

static const char *option_list(void *router, const char *name, size_t index)
{
	(void)router;
	return strcmp(name, "header") == 0 && index == 1 ? "second header" : NULL;
}

static const char *option_rendered(void *router, const char *name)
{
	(void)router;
	return strcmp(name, "path") == 0 ? "a/b" : NULL;
}

static void settle(void *router, uint64_t id, enum frame_verdict verdict,
                   const char *reason)
{
	(void)router;
	hear("settle %" PRIu64 " %d %s;", id, (int)verdict, reason);
}

static void link_is(void *router, enum frame_link state, const char *why)
{
	(void)router;
	hear("link %d %s;", (int)state, why);
}

static void retry_after(void *router, uint32_t ms)
{
	(void)router;
	hear("retry_after %" PRIu32 ";", ms);
}

static void limit_window(void *router, uint32_t messages)
{
	(void)router;
	hear("limit_window %" PRIu32 ";", messages);
}

static void count(void *router, const char *name, uint64_t n)
{
	(void)router;
	hear("count %s %" PRIu64 ";", name, n);
}

static void log_it(void *router, enum frame_log_level level, const char *text)
{
	(void)router;
	hear("log %d %s;", (int)level, text);
}

static int wake_fd(void *router)
{
	(void)router;
	return 42;
}

static int64_t now_ms(void *router)
{
	(void)router;
	return 1000;
}

static const struct frame_services services = {
	.struct_size = sizeof services,
	.option_text = option_text,
	.option_number = option_number,
	.option_list = option_list,
	.option_rendered = option_rendered,
	.settle = settle,
	.link = link_is,
	.retry_after = retry_after,
	.limit_window = limit_window,
	.count = count,
	.log = log_it,
	.wake_fd = wake_fd,
	.now_ms = now_ms,
};

static void its_table_and_options_are_understood(const struct plugin *p)
{
	const struct frame_option *depth = plugin_option(p, "depth");
	const struct frame_option *path = plugin_option(p, "path");
	const struct frame_option *mood = plugin_option(p, "mood");

	ok(p->kind == PLUGIN_OUTPUT, "it is an output");
	same(p->name, "frozen", "its name");
	same(p->version, "0.0.1", "its version");
	same(p->description, "built against the first header", "its description");
	ok(depth != NULL && depth->type == FRAME_OPTION_NUMBER && depth->minimum == -5 &&
	           depth->maximum == 5000000000,
	   "a number keeps its limits");
	ok(path != NULL &&
	           path->flags == (FRAME_OPTION_REQUIRED | FRAME_OPTION_DANGEROUS),
	   "a path keeps its flags: nobody sets it from the panel");
	ok(mood != NULL && strcmp(mood->choices, "cold|frozen") == 0 &&
	           strcmp(mood->default_value, "cold") == 0,
	   "a choice keeps its words and its default");
	ok(plugin_option(p, "ca_file") != NULL, "the group of TLS options comes with it");
}

static void it_is_checked_and_tested(const struct plugin *p)
{
	char why[64] = "";

	ok(p->output.check(NULL, &services, why, sizeof why) != 0, "check() may refuse");
	same(why, "checked: frozen", "and says why");
	ok(p->output.test(NULL, &services, why, sizeof why) != 0, "test() may fail");
	same(why, "tested: 5000000000", "and says why");
}

static struct frame_message message(const char *payload)
{
	return (struct frame_message){
		.struct_size = sizeof(struct frame_message),
		.attempt = 3,
		.id = 5000000007,
		.received_ms = 1700000000123,
		.uid = "5f0c31d2a9b4e877-42",
		.topic = "frames/SCP4",
		.payload = payload,
		.payload_len = strlen(payload),
		.document = "{}",
		.document_len = 2,
		.node = "SCP4",
	};
}

static void messages_and_verdicts_pass_the_border(const struct plugin *p, void *instance)
{
	struct frame_message m = message("all");
	char why[256] = "";

	ok(p->output.submit(instance, &m, why, sizeof why) == FRAME_REJECTED,
	   "REJECTED arrives as such");
	same(why,
	     "3 5000000007 1700000000123 5f0c31d2a9b4e877-42 frames/SCP4 3 {} 2 SCP4 a/b",
	     "every part of a message reaches the plugin");
	said[0] = '\0';
	m = message("later");
	ok(p->output.submit(instance, &m, why, sizeof why) == FRAME_RETRY,
	   "RETRY arrives as such");
	same(said, "retry_after 1234;", "and the plugin's wish to wait");
	said[0] = '\0';
	m = message("pending");
	ok(p->output.submit(instance, &m, why, sizeof why) == FRAME_PENDING,
	   "PENDING arrives as such");
	p->output.flush(instance);
	same(said, "settle 5000000007 0 thawed;", "and is settled by its id");
}

static void it_runs_from_open_to_close(const struct plugin *p)
{
	void *instance = NULL;
	char why[256] = "";

	said[0] = '\0';
	if (!ok(p->output.open(&instance, NULL, &services, why, sizeof why) == 0,
	        "it opens"))
		return;
	same(said,
	     "log 3 second header;count opened 5000000001;limit_window 7;link 2 frozen;",
	     "what it says at open() is understood");
	messages_and_verdicts_pass_the_border(p, instance);
	said[0] = '\0';
	p->output.poll(instance, 3500);
	same(said, "count left_ms 2500;count wake_fd 42;", "poll() gets its deadline");
	said[0] = '\0';
	p->output.close(instance);
	same(said, "link 0 closed;", "close() ends it");
}

int main(void)
{
	const char *build = getenv("top_builddir"); /* absolute */
	struct reason why = {.text = ""};
	struct plugin p;
	char path[512];

	if (build == NULL) {
		printf("1..0 # SKIP only make check says where the plugin is\n");
		return 0;
	}
	snprintf(path, sizeof path, "%s/tests/abi/.libs/frozen.so", build);
	if (!ok(plugin_load(&p, path, &why), "today's router loads it"))
		printf("# %s\n", why.text);
	else {
		its_table_and_options_are_understood(&p);
		it_is_checked_and_tested(&p);
		it_runs_from_open_to_close(&p);
	}
	return done();
}
