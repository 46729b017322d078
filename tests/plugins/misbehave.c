/* SPDX-License-Identifier: MIT */
/*
 * An output for tests that does what no output should, from a given node's frames on: it
 * crashes, hangs, leaves, lies about verdicts, rejects.  What it takes it appends to a
 * file, uid by uid, so that a test can see what was really tried.
 */
#include <frame_output.h>

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct frame_option how = {
	.struct_size = sizeof how,
	.type = FRAME_OPTION_CHOICE,
	.name = "how",
	.default_value = "deliver",
	.choices = "deliver|segv|abort|exit|hang|silent|twice|reject|retry|break|"
		   "limp|later",
	.help = "what it does with the frames of node",
};

static const struct frame_option node = {
	.struct_size = sizeof node,
	.type = FRAME_OPTION_TEXT,
	.name = "node",
	.default_value = "",
	.help = "whose frames are meant; empty: all",
};

static const struct frame_option tag = {
	.struct_size = sizeof tag,
	.type = FRAME_OPTION_TEXT,
	.name = "tag",
	.default_value = "",
	.help = "which reading is meant, where each is a message; empty: all",
};

static const struct frame_option path = {
	.struct_size = sizeof path,
	.type = FRAME_OPTION_TEXT, /* written, so no PATH */
	.flags = FRAME_OPTION_REQUIRED,
	.name = "path",
	.help = "where the uids go",
};

static const struct frame_option *const options[] = {&how, &node, &tag, &path, NULL};

static struct {
	void *router;
	const struct frame_services *services;
	int fd;
} self;

static int misbehave_open(void **instance, void *router,
                          const struct frame_services *services, char *why,
                          size_t why_len)
{
	self.router = router;
	self.services = services;
	self.fd = open(services->option_text(router, "path"),
	               O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	*instance = &self;
	if (self.fd >= 0)
		return 0;
	snprintf(why, why_len, "cannot open its file");
	return -1;
}

/* Whether it is the first frame that ever came here. */
static bool is_first(const char *uid)
{
	static char first[80];

	if (first[0] == '\0')
		snprintf(first, sizeof first, "%s", uid);
	return strcmp(first, uid) == 0;
}

static enum frame_verdict misbehave(const struct frame_message *m, char *why,
                                    size_t why_len)
{
	const char *what = self.services->option_text(self.router, "how");

	if (strcmp(what, "segv") == 0) {
		signal(SIGSEGV, SIG_DFL); /* a sanitizer would catch it */
		raise(SIGSEGV);
	}
	if (strcmp(what, "abort") == 0)
		abort();
	if (strcmp(what, "exit") == 0)
		_exit(0);
	if (strcmp(what, "hang") == 0)
		for (;;)
			pause();
	if (strcmp(what, "silent") == 0)
		return FRAME_PENDING;
	if (strcmp(what, "twice") == 0) {
		self.services->settle(self.router, m->id, FRAME_DELIVERED, "once");
		self.services->settle(self.router, m->id, FRAME_REJECTED, "and no");
		self.services->settle(self.router, m->id + 12345, FRAME_DELIVERED,
		                      "whatever");
		return FRAME_PENDING;
	}
	if (strcmp(what, "limp") == 0 && is_first(m->uid)) {
		self.services->settle(self.router, m->id, FRAME_RETRY, "it limps");
		return FRAME_PENDING;
	}
	if (strcmp(what, "break") == 0 || strcmp(what, "limp") == 0) {
		self.services->link(self.router, FRAME_LINK_DOWN, "it broke");
		return FRAME_PENDING;
	}
	if (strcmp(what, "later") == 0)
		self.services->retry_after(self.router, UINT32_MAX);
	snprintf(why, why_len, "as it was told");
	return strcmp(what, "reject") == 0  ? FRAME_REJECTED
	       : strcmp(what, "retry") == 0 ? FRAME_RETRY
	       : strcmp(what, "later") == 0 ? FRAME_RETRY
	                                    : FRAME_DELIVERED;
}

static bool is_meant(const struct frame_message *m)
{
	const char *whose = self.services->option_text(self.router, "node");
	const char *which = self.services->option_text(self.router, "tag");
	const char *behind = strchr(m->uid, '-');

	if (whose != NULL && whose[0] != '\0' && strcmp(whose, m->node) != 0)
		return false;
	if (which == NULL || which[0] == '\0')
		return true;
	behind = behind == NULL ? NULL : strchr(behind + 1, '-');
	return behind != NULL && strcmp(behind + 1, which) == 0;
}

static enum frame_verdict misbehave_submit(void *instance, const struct frame_message *m,
                                           char *why, size_t why_len)
{
	enum frame_verdict verdict = FRAME_DELIVERED;

	(void)instance;
	if (is_meant(m))
		verdict = misbehave(m, why, why_len);
	if (verdict == FRAME_DELIVERED)
		dprintf(self.fd, "%s\n", m->uid);
	return verdict;
}

static void misbehave_close(void *instance)
{
	(void)instance;
	close(self.fd);
}

static const struct frame_output table = {
	.struct_size = sizeof table,
	.abi = 1,
	.name = "misbehave",
	.version = "1",
	.description = "an output for tests that does what no output should",
	.options = options,
	.open = misbehave_open,
	.submit = misbehave_submit,
	.close = misbehave_close,
};

__attribute__((visibility("default"))) const struct frame_output *
frame_output_plugin(void)
{
	return &table;
}
