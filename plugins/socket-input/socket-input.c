/* SPDX-License-Identifier: MIT */
/*
 * The input "socket-input": lines over TCP, UDP and Unix sockets, each answered after it
 * is stored.  Here are its options and its table; server.c does the work.
 */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

static const struct frame_option option_listen = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_LIST,
	.flags = FRAME_OPTION_REQUIRED | FRAME_OPTION_DANGEROUS,
	.name = "listen",
	.help = "where to listen: unix:PATH, tcp:ADDRESS:PORT or udp:ADDRESS:PORT; may "
		"stand "
		"several times",
};
static const struct frame_option option_max_connections = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_NUMBER,
	.name = "max_connections",
	.default_value = "128",
	.unit = "connections",
	.minimum = 1,
	.maximum = 10000,
	.help = "how many may be open at once; more have to wait",
};
static const struct frame_option option_idle_timeout = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_DURATION,
	.name = "idle_timeout",
	.default_value = "0s",
	.minimum = 0,
	.maximum = 7LL * 24 * 3600 * 1000,
	.help = "a connection that is silent for so long is closed; 0s: never",
};
static const struct frame_option option_mode = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_TEXT,
	.name = "mode",
	.default_value = "0660",
	.help = "who may write to a Unix socket, as an octal file mode",
};
static const struct frame_option option_group = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_TEXT,
	.name = "group",
	.help = "the group that a Unix socket belongs to; the router's own if unset",
};
static const struct frame_option *const options[] = {
	&option_listen, &option_max_connections, &option_idle_timeout,
	&option_mode,   &option_group,           NULL,
};

static bool read_mode(const char *text, mode_t *mode, struct why *why)
{
	char *end;
	unsigned long number = strtoul(text, &end, 8);

	if (text[0] < '0' || text[0] > '7' || *end != '\0' || number > 0777)
		return why_not(why, "mode: '%.40s' is no octal mode such as 0660", text);
	*mode = (mode_t)number;
	return true;
}

static bool read_access(void *router, const struct frame_input_services *services,
                        struct listen_access *access, struct why *why)
{
	const char *name = services->option_text(router, "group");
	const struct group *group;

	access->group = (gid_t)-1;
	if (!read_mode(services->option_text(router, "mode"), &access->mode, why))
		return false;
	if (name == NULL || name[0] == '\0')
		return true;
	group = getgrnam(name);
	if (group == NULL)
		return why_not(why, "group: there is no group '%.100s'", name);
	access->group = group->gr_gid;
	return true;
}

static int fail(char *why, size_t why_len, const struct why *reason)
{
	snprintf(why, why_len, "%s", reason->text);
	return -1;
}

/* Somebody should know. */
static const char open_to_all[] =
	"listen: %.100s reaches beyond this machine, and whoever reaches it may store "
	"frames: let only the nodes' network in";

static int input_check(void *router, const struct frame_input_services *services,
                       char *why, size_t why_len)
{
	struct listen_address address;
	struct listen_access access;
	struct why reason;
	const char *text;

	for (size_t i = 0; (text = services->option_list(router, "listen", i)) != NULL;
	     i++) {
		if (!listen_parse(&address, text, &reason)) {
			snprintf(why, why_len, "listen: %s", reason.text);
			return -1;
		}
		if (!listen_is_local(&address))
			snprintf(why, why_len, open_to_all, text);
	}
	if (!read_access(router, services, &access, &reason))
		return fail(why, why_len, &reason);
	return 0;
}

static int input_open(void **instance, void *router,
                      const struct frame_input_services *services, char *why,
                      size_t why_len)
{
	struct server *s = calloc(1, sizeof *s);
	struct listen_access access;
	struct why reason;

	if (s == NULL) {
		snprintf(why, why_len, "out of memory");
		return -1;
	}
	s->router = router;
	s->services = services;
	s->epoll = -1;
	s->client_max = (size_t)services->option_number(router, "max_connections");
	s->idle_ms = services->option_number(router, "idle_timeout");
	if (!read_access(router, services, &access, &reason) ||
	    !server_open(s, &access, &reason)) {
		server_close(s);
		free(s);
		return fail(why, why_len, &reason);
	}
	*instance = s;
	return 0;
}

static void input_poll(void *instance, int64_t deadline_ms)
{
	server_poll(instance, deadline_ms);
}

static void input_answer(void *instance, uint64_t token, enum frame_answer answer,
                         uint64_t id, const char *text)
{
	server_answer(instance, token, answer, id, text);
}

static void input_flush(void *instance)
{
	server_flush(instance);
}

static void input_close(void *instance)
{
	server_close(instance);
	free(instance);
}

static const struct frame_input plugin = {
	.struct_size = sizeof(struct frame_input),
	.abi = 1,
	.name = "socket-input",
	.version = "1.0.0",
	.description = "takes lines over TCP, UDP and Unix sockets and answers each",
	.options = options,
	.check = input_check,
	.open = input_open,
	.poll = input_poll,
	.answer = input_answer,
	.flush = input_flush,
	.close = input_close,
};

__attribute__((visibility("default"))) const struct frame_input *frame_input_plugin(void)
{
	return &plugin;
}
