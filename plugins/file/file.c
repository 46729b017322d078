/* SPDX-License-Identifier: MIT */
/*
 * The output "file": JSON Lines.  Collects what is submitted per file, writes at flush,
 * and calls a message delivered when it is on disk.  The path may name many files.
 */
#include <frame_output.h>

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "beneath.h"
#include "pool.h"
#include "target.h"

#define WAITING_MAX                                                                      \
	(1024 * 1024)     /* bytes that wait for one file before it is written           \
	                   */
#define INTERVAL_MS 1000  /* between two syncs when sync = interval */
#define UNUSED_MS   60000 /* a file that got nothing for so long is closed */
#define NAME_SHOWN  200   /* bytes of a file's name in a receipt */

enum sync_mode { SYNC_ALWAYS, SYNC_INTERVAL, SYNC_NEVER };

struct output {
	void *router;
	const struct frame_services *services;
	enum sync_mode sync;
	const char *template;
	size_t base_len;
	int64_t sync_due_ms; /* sync = interval: 0 when nothing is to be synced */
	struct pool pool;
};

static const struct frame_option option_path = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_TEMPLATE,
	.flags = FRAME_OPTION_IS_PATH | FRAME_OPTION_DANGEROUS,
	.name = "path",
	.default_value = "frames.jsonl",
	.help = "the file to append to; one that is not absolute lies in the state "
		"directory",
};
static const struct frame_option option_sync = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_CHOICE,
	.name = "sync",
	.default_value = "always",
	.choices = "always|interval|never",
	.help = "when the disk has to confirm: before a message counts as delivered, "
		"each "
		"second, or never",
};
static const struct frame_option option_max_new_files = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_NUMBER,
	.name = "max_new_files",
	.default_value = "1000",
	.unit = "files an hour",
	.minimum = 1,
	.maximum = 1000000,
	.help = "how many files may be made in an hour, so that invented node names do "
		"not "
		"fill the disk",
};
static const struct frame_option *const options[] = {
	&option_path,
	&option_sync,
	&option_max_new_files,
	NULL,
};

static int file_check(void *router, const struct frame_services *services, char *why,
                      size_t why_len)
{
	const char *path = services->option_text(router, "path");
	struct why reason;

	if (beneath_is_path(path + beneath_base(path), &reason))
		return 0;
	snprintf(why, why_len, "path: %s", reason.text);
	return -1;
}

/* A file that may not grow (ulimit -f) shall be an error of write(), not our death. */
static void survive_size_limit(void)
{
	struct sigaction now;

	if (sigaction(SIGXFSZ, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
		signal(SIGXFSZ, SIG_IGN);
}

static void tell_link(const struct output *o)
{
	if (o->sync == SYNC_ALWAYS)
		o->services->link(o->router, FRAME_LINK_UP, o->template);
	else
		o->services->link(o->router, FRAME_LINK_UNCONFIRMED,
		                  o->sync == SYNC_INTERVAL ? "sync = interval"
		                                           : "sync = never");
}

static enum sync_mode read_sync(const char *word)
{
	if (strcmp(word, "interval") == 0)
		return SYNC_INTERVAL;
	return strcmp(word, "never") == 0 ? SYNC_NEVER : SYNC_ALWAYS;
}

static int file_open(void **instance, void *router, const struct frame_services *services,
                     char *why, size_t why_len)
{
	struct output *o = calloc(1, sizeof *o);
	struct why reason;

	if (o == NULL) {
		snprintf(why, why_len, "out of memory");
		return -1;
	}
	o->router = router;
	o->services = services;
	o->template = services->option_text(router, "path");
	o->base_len = beneath_base(o->template);
	o->sync = read_sync(services->option_text(router, "sync"));
	if (!beneath_make_base(o->template, o->base_len, &reason)) {
		snprintf(why, why_len, "%s", reason.text);
		free(o);
		return -1;
	}
	pool_init(&o->pool, o->sync != SYNC_NEVER,
	          services->option_number(router, "max_new_files"));
	survive_size_limit();
	tell_link(o);
	*instance = o;
	return 0;
}

static int64_t now_ms(const struct output *o)
{
	return o->services->now_ms(o->router);
}

/* Writes " at byte N" behind the name: by hand, as it is done for each message. */
static void write_offset(char *out, off_t offset)
{
	static const char between[] = " at byte ";
	char digits[24];
	size_t at = sizeof digits;

	digits[--at] = '\0';
	do
		digits[--at] = (char)('0' + offset % 10);
	while ((offset /= 10) != 0);
	memcpy(out, between, sizeof between - 1);
	memcpy(out + sizeof between - 1, digits + at, sizeof digits - at);
}

/* Ends every message that waits for the file: where its line begins is the receipt. */
static void settle_delivered(const struct output *o, struct target *t)
{
	const char *name = t->path + t->base_len;
	char receipt[NAME_SHOWN + 40];
	size_t len = strlen(name);

	if (len > NAME_SHOWN) {
		name += len - NAME_SHOWN;
		len = NAME_SHOWN;
	}
	memcpy(receipt, name, len);
	for (size_t i = 0; i < t->count; i++) {
		write_offset(receipt + len, t->start + (off_t)t->line[i].at);
		o->services->settle(o->router, t->line[i].id, FRAME_DELIVERED, receipt);
	}
	o->services->count(o->router, "bytes", t->len);
	target_clear(t);
}

static void settle_retry(const struct output *o, struct target *t, const struct why *why)
{
	for (size_t i = 0; i < t->count; i++)
		o->services->settle(o->router, t->line[i].id, FRAME_RETRY, why->text);
	target_clear(t);
}

static bool write_target(struct output *o, struct target *t)
{
	struct why why;

	t->used_ms = now_ms(o);
	if (pool_open(&o->pool, t, &why) && target_write(t, &why))
		return true;
	settle_retry(o, t, &why);
	return false;
}

static bool sync_target(struct output *o, struct target *t, struct why *why)
{
	o->services->count(o->router, "syncs", 1);
	return target_sync(t, why);
}

/* What was written is delivered: at once, or when the disk has confirmed it. */
static void confirm_target(struct output *o, struct target *t)
{
	struct why why;

	switch (o->sync) {
	case SYNC_ALWAYS:
		if (!sync_target(o, t, &why)) {
			settle_retry(o, t, &why);
			return;
		}
		break;
	case SYNC_INTERVAL:
		if (o->sync_due_ms == 0)
			o->sync_due_ms = now_ms(o) + INTERVAL_MS;
		break;
	case SYNC_NEVER:
		t->is_dirty = false;
		break;
	}
	settle_delivered(o, t);
}

/* sync = interval: what was called delivered cannot be taken back, only be told. */
static void sync_dirty(struct output *o)
{
	char text[600];
	struct why why;

	o->sync_due_ms = 0;
	for (size_t i = 0; i < POOL_MAX; i++) {
		struct target *t = &o->pool.target[i];

		if (!t->is_dirty || sync_target(o, t, &why))
			continue;
		snprintf(text, sizeof text, "lines of the last second may be lost: %s",
		         why.text);
		o->services->log(o->router, FRAME_LOG_ERROR, text);
	}
}

static void file_flush(void *instance)
{
	struct output *o = instance;
	bool is_written[POOL_MAX];
	int64_t now = now_ms(o);

	/* All are written before the first is synced: one sync of a journal may do for
	 * all. */
	for (size_t i = 0; i < POOL_MAX; i++) {
		struct target *t = &o->pool.target[i];

		is_written[i] = t->count > 0 && write_target(o, t);
	}
	for (size_t i = 0; i < POOL_MAX; i++) {
		struct target *t = &o->pool.target[i];

		if (is_written[i])
			confirm_target(o, t);
		else if (t->path != NULL && !t->is_dirty && now - t->used_ms > UNUSED_MS)
			target_free(t); /* a deleted file gives its space back only when
			                   closed */
	}
	if (o->sync_due_ms != 0 && now >= o->sync_due_ms)
		sync_dirty(o);
}

static void write_now(struct output *o, struct target *t)
{
	if (t->count > 0 && write_target(o, t))
		confirm_target(o, t);
}

/* Opens one more file; the one that was used longest ago may have to go for it. */
static struct target *new_target(struct output *o, const char *path, struct why *why)
{
	struct target *t = pool_oldest(&o->pool);

	write_now(o, t);
	if (t->is_dirty)
		sync_dirty(o);
	target_free(t);
	if (!target_name(t, path, o->base_len)) {
		why_not(why, "out of memory");
		return NULL;
	}
	t->used_ms = now_ms(o);
	if (!pool_open(&o->pool, t, why)) {
		target_free(t);
		return NULL;
	}
	return t;
}

/* Whether the path lies where the template says: the router's word is not enough. */
static bool is_path_inside(const struct output *o, const char *path, struct why *why)
{
	if (strncmp(path, o->template, o->base_len) != 0)
		return why_not(why, "%.400s lies outside its directory", path);
	return beneath_is_path(path + o->base_len, why);
}

static enum frame_verdict submit_to(struct output *o, struct target *t,
                                    const struct frame_message *message, char *why,
                                    size_t why_len)
{
	if (t->len >= WAITING_MAX)
		write_now(o, t);
	if (!target_add(t, message->id, message->payload, message->payload_len)) {
		snprintf(why, why_len, "out of memory");
		return FRAME_RETRY;
	}
	pool_use(&o->pool, t);
	return FRAME_PENDING;
}

static enum frame_verdict file_submit(void *instance, const struct frame_message *message,
                                      char *why, size_t why_len)
{
	struct output *o = instance;
	const char *path = o->services->option_rendered(o->router, "path");
	struct target *t = pool_find(&o->pool, path);
	enum frame_verdict verdict = FRAME_REJECTED;
	struct why reason;

	if (memchr(message->payload, '\n', message->payload_len) != NULL) {
		snprintf(why, why_len,
		         "a line break would make two lines of this message");
		return FRAME_REJECTED;
	}
	if (t == NULL && is_path_inside(o, path, &reason)) {
		verdict = FRAME_RETRY;
		t = new_target(o, path, &reason);
	}
	if (t != NULL)
		return submit_to(o, t, message, why, why_len);
	snprintf(why, why_len, "%s", reason.text);
	return verdict;
}

static void file_poll(void *instance, int64_t deadline_ms)
{
	struct output *o = instance;
	struct pollfd wake = {.fd = o->services->wake_fd(o->router), .events = POLLIN};
	int64_t wait_ms = deadline_ms;

	if (o->sync_due_ms != 0 && o->sync_due_ms < deadline_ms)
		wait_ms = o->sync_due_ms;
	wait_ms -= now_ms(o);
	poll(&wake, 1, wait_ms < 0 ? 0 : wait_ms > INT_MAX ? INT_MAX : (int)wait_ms);
	if (o->sync_due_ms != 0 && now_ms(o) >= o->sync_due_ms)
		sync_dirty(o);
}

static void file_close(void *instance)
{
	struct output *o = instance;

	if (o->sync == SYNC_INTERVAL)
		sync_dirty(o);
	pool_free(&o->pool);
	free(o);
}

static const struct frame_output plugin = {
	.struct_size = sizeof(struct frame_output),
	.abi = 1,
	.name = "file",
	.version = "1.0.0",
	.description = "appends each message as one line to a file",
	.options = options,
	.check = file_check,
	.open = file_open,
	.submit = file_submit,
	.flush = file_flush,
	.poll = file_poll,
	.close = file_close,
};

__attribute__((visibility("default"))) const struct frame_output *
frame_output_plugin(void)
{
	return &plugin;
}
