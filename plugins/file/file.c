/* SPDX-License-Identifier: MIT */
/*
 * The output "file": JSON Lines.  Collects what is submitted per file, writes at flush,
 * and calls a frame delivered when it is on disk.  The path may name many files.
 */
#include <frame_output.h>

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "beneath.h"
#include "target.h"

#define TARGETS_MAX 64 /* files open at once */
#define WAITING_MAX                                                                      \
	(1024 * 1024)     /* bytes that wait for one file before it is written           \
	                   */
#define INTERVAL_MS 1000  /* between two syncs when sync = interval */
#define UNUSED_MS   60000 /* a file that got nothing for so long is closed */
#define HOUR_MS     3600000

enum sync_mode { SYNC_ALWAYS, SYNC_INTERVAL, SYNC_NEVER };

struct output {
	void *router;
	const struct frame_services *services;
	enum sync_mode sync;
	const char *template;
	size_t base_len;
	int64_t sync_due_ms; /* sync = interval: 0 when nothing is to be synced */
	int64_t hour_ms;     /* when the hour began that new files are counted in */
	int64_t new_files;   /* in this hour */
	int64_t max_new_files;
	uint64_t turn;
	struct target
		*last; /* where the last line went: most often the next goes there too */
	struct target target[TARGETS_MAX];
};

static const struct frame_option option_path = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_TEMPLATE,
	.flags = FRAME_OPTION_IS_PATH | FRAME_OPTION_DANGEROUS,
	.name = "path",
	.default_value = "frames.jsonl",
	.help = "the file to append to; a path that is not absolute lies in the state "
		"directory",
};
static const struct frame_option option_sync = {
	.struct_size = sizeof(struct frame_option),
	.type = FRAME_OPTION_CHOICE,
	.name = "sync",
	.default_value = "always",
	.choices = "always|interval|never",
	.help = "when the disk has to confirm: before a frame counts as delivered, each "
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

	if (path != NULL && beneath_is_path(path + beneath_base(path), &reason))
		return 0;
	snprintf(why, why_len, "path: %s", path == NULL ? "is not set" : reason.text);
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
	switch (o->sync) {
	case SYNC_ALWAYS:
		o->services->link(o->router, FRAME_LINK_UP, o->template);
		break;
	case SYNC_INTERVAL:
		o->services->link(o->router, FRAME_LINK_UNCONFIRMED, "sync = interval");
		break;
	case SYNC_NEVER:
		o->services->link(o->router, FRAME_LINK_UNCONFIRMED, "sync = never");
		break;
	}
}

static int file_open(void **instance, void *router, const struct frame_services *services,
                     char *why, size_t why_len)
{
	const char *sync = services->option_text(router, "sync");
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
	o->sync = sync[0] == 'a'   ? SYNC_ALWAYS
	          : sync[0] == 'i' ? SYNC_INTERVAL
	                           : SYNC_NEVER;
	o->max_new_files = services->option_number(router, "max_new_files");
	for (size_t i = 0; i < TARGETS_MAX; i++)
		o->target[i].fd = -1;
	if (!beneath_make_base(o->template, o->base_len, &reason)) {
		snprintf(why, why_len, "%s", reason.text);
		free(o);
		return -1;
	}
	survive_size_limit();
	tell_link(o);
	*instance = o;
	return 0;
}

/* Writes "NAME at byte N" behind NAME, which is `name_len` bytes of `text`. */
static void receipt_at(char *text, size_t name_len, off_t offset)
{
	static const char between[] = " at byte ";
	char digits[24];
	size_t at = sizeof digits - 1;

	digits[at] = '\0';
	do
		digits[--at] = (char)('0' + offset % 10);
	while ((offset /= 10) != 0);
	memcpy(text + name_len, between, sizeof between - 1);
	memcpy(text + name_len + sizeof between - 1, digits + at, sizeof digits - at);
}

/* Ends every message that waits for the file. */
static void settle_delivered(const struct output *o, struct target *t)
{
	const char *name = t->path + t->base_len;
	char receipt[256 + 48];
	size_t name_len = strlen(name);

	name += name_len > 256 ? name_len - 256 : 0;
	name_len = strlen(name);
	memcpy(receipt, name, name_len);
	for (size_t i = 0; i < t->count; i++) {
		receipt_at(receipt, name_len, t->start + (off_t)t->line[i].at);
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

/* Opens the target, within the limit of new files. */
static bool open_target(struct output *o, struct target *t, struct why *why)
{
	int64_t now_ms = o->services->now_ms(o->router);
	struct target_wish wish = {.is_durable = o->sync != SYNC_NEVER};

	if (o->hour_ms == 0 || now_ms - o->hour_ms >= HOUR_MS) {
		o->hour_ms = now_ms;
		o->new_files = 0;
	}
	wish.may_create = o->new_files < o->max_new_files;
	if (!target_open(t, &wish, why))
		return false;
	o->new_files += wish.is_new;
	return true;
}

static bool write_target(struct output *o, struct target *t)
{
	struct why why;

	t->used_ms = o->services->now_ms(o->router);
	if (open_target(o, t, &why) && target_write(t, &why))
		return true;
	settle_retry(o, t, &why);
	return false;
}

/* What was written is delivered: now, or when the disk has said so. */
static void confirm_target(struct output *o, struct target *t)
{
	struct why why;

	if (o->sync == SYNC_INTERVAL && o->sync_due_ms == 0)
		o->sync_due_ms = t->used_ms + INTERVAL_MS;
	if (o->sync == SYNC_NEVER)
		t->is_dirty = false;
	if (o->sync == SYNC_ALWAYS) {
		o->services->count(o->router, "syncs", 1);
		if (!target_sync(t, &why)) {
			settle_retry(o, t, &why);
			return;
		}
	}
	settle_delivered(o, t);
}

static void sync_dirty(struct output *o)
{
	char text[600];
	struct why why;

	o->sync_due_ms = 0;
	for (size_t i = 0; i < TARGETS_MAX; i++) {
		if (!o->target[i].is_dirty)
			continue;
		o->services->count(o->router, "syncs", 1);
		if (target_sync(&o->target[i], &why))
			continue;
		snprintf(text, sizeof text, "lines of the last second may be lost: %s",
		         why.text);
		o->services->log(o->router, FRAME_LOG_ERROR, text);
	}
}

static void file_flush(void *instance)
{
	struct output *o = instance;
	bool is_written[TARGETS_MAX];
	int64_t now_ms = o->services->now_ms(o->router);

	/* All are written before the first is synced: one sync of a journal may do for
	 * all. */
	for (size_t i = 0; i < TARGETS_MAX; i++)
		is_written[i] = o->target[i].count > 0 && write_target(o, &o->target[i]);
	for (size_t i = 0; i < TARGETS_MAX; i++) {
		struct target *t = &o->target[i];

		if (is_written[i])
			confirm_target(o, t);
		else if (t->path != NULL && !t->is_dirty &&
		         now_ms - t->used_ms > UNUSED_MS)
			target_free(t); /* a deleted file gives its space back only when
			                   closed */
	}
	if (o->sync_due_ms != 0 && now_ms >= o->sync_due_ms)
		sync_dirty(o);
}

static void write_now(struct output *o, struct target *t)
{
	if (t->count > 0 && write_target(o, t))
		confirm_target(o, t);
}

/* A place for one more file: the one that was used longest ago is given up. */
static struct target *oldest_target(struct output *o)
{
	struct target *oldest = &o->target[0];

	for (size_t i = 0; i < TARGETS_MAX; i++) {
		if (o->target[i].path == NULL)
			return &o->target[i];
		if (o->target[i].turn < oldest->turn)
			oldest = &o->target[i];
	}
	write_now(o, oldest);
	if (oldest->is_dirty)
		sync_dirty(o);
	target_free(oldest);
	return oldest;
}

/* The target of this path, open; NULL with the verdict and why. */
static struct target *find_target(struct output *o, const char *path,
                                  enum frame_verdict *verdict, struct why *why)
{
	struct target *t = o->last;

	if (t != NULL && t->path != NULL && strcmp(t->path, path) == 0)
		return t;
	for (size_t i = 0; i < TARGETS_MAX; i++)
		if (o->target[i].path != NULL && strcmp(o->target[i].path, path) == 0)
			return &o->target[i];
	*verdict = FRAME_REJECTED;
	if (strncmp(path, o->template, o->base_len) != 0) {
		why_not(why, "%.400s lies outside its directory", path);
		return NULL;
	}
	if (!beneath_is_path(path + o->base_len, why))
		return NULL;
	*verdict = FRAME_RETRY;
	t = oldest_target(o);
	if (!target_name(t, path, o->base_len)) {
		why_not(why, "out of memory");
		return NULL;
	}
	t->used_ms = o->services->now_ms(o->router);
	if (!open_target(o, t, why)) {
		target_free(t);
		return NULL;
	}
	return t;
}

static enum frame_verdict file_submit(void *instance, const struct frame_message *message,
                                      char *why, size_t why_len)
{
	struct output *o = instance;
	const char *path = o->services->option_rendered(o->router, "path");
	enum frame_verdict verdict;
	struct why reason;
	struct target *t;

	if (memchr(message->payload, '\n', message->payload_len) != NULL) {
		snprintf(why, why_len,
		         "the text holds a line break, and a line has to be one "
		         "message");
		return FRAME_REJECTED;
	}
	t = find_target(o, path, &verdict, &reason);
	if (t == NULL) {
		snprintf(why, why_len, "%s", reason.text);
		return verdict;
	}
	if (t->len >= WAITING_MAX)
		write_now(o, t);
	if (!target_add(t, message->id, message->payload, message->payload_len)) {
		snprintf(why, why_len, "out of memory");
		return FRAME_RETRY;
	}
	t->turn = ++o->turn;
	o->last = t;
	return FRAME_PENDING;
}

static void file_poll(void *instance, int64_t deadline_ms)
{
	struct output *o = instance;
	struct pollfd wake = {.fd = o->services->wake_fd(o->router), .events = POLLIN};
	int64_t wait_ms = deadline_ms;

	if (o->sync_due_ms != 0 && o->sync_due_ms < deadline_ms)
		wait_ms = o->sync_due_ms;
	wait_ms -= o->services->now_ms(o->router);
	poll(&wake, 1, wait_ms < 0 ? 0 : wait_ms > INT_MAX ? INT_MAX : (int)wait_ms);
	if (o->sync_due_ms != 0 && o->services->now_ms(o->router) >= o->sync_due_ms)
		sync_dirty(o);
}

static void file_close(void *instance)
{
	struct output *o = instance;

	if (o->sync == SYNC_INTERVAL)
		sync_dirty(o);
	for (size_t i = 0; i < TARGETS_MAX; i++)
		target_free(&o->target[i]);
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
