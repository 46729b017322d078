/* SPDX-License-Identifier: MIT */
/*
 * What an output works with, in a test: a store of odd frames, and failures of it; the
 * far side in the place of a plugin; and lives of the output, one behind the other, until
 * all frames are done.
 */
#ifndef TESTS_UNIT_DELIVER_WORLD_H
#define TESTS_UNIT_DELIVER_WORLD_H

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "deliver.h"
#include "far_side.h"
#include "keep.h"
#include "ledger.h"

#define STORED  90
#define BIG     60 /* the frame of 1000 readings */
#define TOO_BIG 61 /* one more */
#define HALF    62 /* half a character */
#define GONE    70 /* and the next two */

static const char *store_failure; /* what the next store_trouble() is about; NULL: true */
static bool is_busy;

/* --- in the place of what an output works with ---------------------------------------
 */

/* Nothing here is about power cuts: SQLite and all else sync by this. */
__attribute__((visibility("default"))) int fdatasync(int fd)
{
	(void)fd;
	return 0;
}

bool __wrap_plugin_load(struct plugin *out, const char *path, struct reason *why);
bool __wrap_plugin_load(struct plugin *out, const char *path, struct reason *why)
{
	static const struct frame_option *const none[] = {NULL};

	(void)path, (void)why;
	*out = (struct plugin){
		.kind = PLUGIN_OUTPUT,
		.output = far_table,
		.name = "far",
		.version = "1",
		.options = none,
		.group_options = none,
	};
	return true;
}

enum store_trouble __real_store_trouble(const struct store *s);
enum store_trouble __wrap_store_trouble(const struct store *s);
enum store_trouble __wrap_store_trouble(const struct store *s)
{
	if (store_failure == NULL)
		return __real_store_trouble(s);
	return is_busy ? STORE_BUSY : STORE_FINE;
}

static bool is_timed; /* a callback is being made, or the timer still runs */

int64_t __real_deadline_begin(const char *what, int64_t ms);
int64_t __wrap_deadline_begin(const char *what, int64_t ms);
int64_t __wrap_deadline_begin(const char *what, int64_t ms)
{
	is_timed = true;
	return __real_deadline_begin(what, ms);
}

void __real_deadline_end(void);
void __wrap_deadline_end(void);
void __wrap_deadline_end(void)
{
	is_timed = false;
	__real_deadline_end();
}

static bool store_fails(bool busy, struct reason *why)
{
	store_failure = busy ? "busy" : "gone";
	is_busy = busy;
	return fail(why, "%s", store_failure);
}

long __real_store_read(struct store *s, uint64_t after, unsigned limit,
                       bool (*each)(void *context, const struct store_row *row),
                       void *context, struct reason *why);
long __wrap_store_read(struct store *s, uint64_t after, unsigned limit,
                       bool (*each)(void *context, const struct store_row *row),
                       void *context, struct reason *why);
long __wrap_store_read(struct store *s, uint64_t after, unsigned limit,
                       bool (*each)(void *context, const struct store_row *row),
                       void *context, struct reason *why)
{
	store_failure = NULL;
	if (happens(manner.store, 100)) {
		/* some rows first: a failure comes at any row */
		if (dice(2) == 0)
			__real_store_read(s, after, 1 + dice(limit), each, context, why);
		store_fails(true, why);
		return -1;
	}
	return __real_store_read(s, after, limit, each, context, why);
}

bool __real_store_fetch(struct store *s, uint64_t id, struct frame *out,
                        struct reason *why);
bool __wrap_store_fetch(struct store *s, uint64_t id, struct frame *out,
                        struct reason *why);
bool __wrap_store_fetch(struct store *s, uint64_t id, struct frame *out,
                        struct reason *why)
{
	store_failure = NULL;
	if (happens(manner.store, 100))
		return store_fails(true, why);
	if (frames[id].is_lost || happens(manner.store, 100)) {
		frames[id].is_lost = true;
		return store_fails(false, why);
	}
	return __real_store_fetch(s, id, out, why);
}

bool __real_ledger_add_dead(struct ledger *l, const char *store, const struct frame *f,
                            const char *reason, unsigned attempts, struct reason *why);
bool __wrap_ledger_add_dead(struct ledger *l, const char *store, const struct frame *f,
                            const char *reason, unsigned attempts, struct reason *why);
bool __wrap_ledger_add_dead(struct ledger *l, const char *store, const struct frame *f,
                            const char *reason, unsigned attempts, struct reason *why)
{
	promise(!is_timed, "a slow disk is taken for a plugin that does not return");
	promise(!manner.is_mistaken, "frame %u is a dead letter, where all are rejected",
	        (unsigned)f->id);
	if (happens(manner.store, 100))
		return fail(why, "the disk is full");
	frames[f->id].is_dead = true;
	return __real_ledger_add_dead(l, store, f, reason, attempts, why);
}

uint64_t __wrap_keep_excess(struct store *s, uint64_t cursor, int64_t bytes, int64_t ms);
uint64_t __wrap_keep_excess(struct store *s, uint64_t cursor, int64_t bytes, int64_t ms)
{
	uint64_t excess;

	(void)s, (void)bytes, (void)ms;
	if (!happens(manner.evict, 100) || cursor == frame_count)
		return 0;
	excess = dice((unsigned)(frame_count - cursor)) / 3;
	far.evictions += excess > 0;
	return excess;
}

/* The wait of an output, and of the far side. */
void __wrap_process_wait(struct process *p, int64_t ms);
void __wrap_process_wait(struct process *p, int64_t ms)
{
	struct output *o = (void *)((char *)p - offsetof(struct output, process));

	far.output = o;
	check_place();
	check_silence();
	if (o->is_open)
		settle_some();
	far.idle = far.has_acted || ms > 0 ? 0 : far.idle + 1;
	promise(far.idle < IDLE_MAX, "it goes round without doing anything");
	promise(++far.waits < WAITS_MAX, "it does not end: %u of %u frames, %u in flight",
	        (unsigned)o->at.cursor, frame_count, far.len);
	if (far.has_acted && ms > 3)
		ms = dice(3);
	pass(ms > 0 ? ms : dice(50) == 0);
	far.has_acted = false;
	if (o->process.is_stopping)
		return;
	if (lasting->lives < LIVES_MAX && happens(manner.crash, 1000))
		_exit(77);
	o->process.is_stopping =
		o->at.cursor == frame_count ||
		(lasting->lives < LIVES_MAX && happens(manner.crash, 1000));
}

/* --- worlds --------------------------------------------------------------------------
 */

/* Readings of a frame: R0, R1 and so on. */
static void add_readings(struct buf *sql, unsigned id, unsigned readings)
{
	buf_format(sql, "%s(%s, '{", id == 1 ? "" : ",", id % 7 == 3 ? "'no'" : "'n'");
	if (id == HALF)
		buf_text(sql, "\"H\":\"\\ud800\"");
	for (unsigned i = 0; i < readings; i++)
		buf_format(sql, "%s\"R%u\":%u", i == 0 ? "" : ",", i, i);
	buf_text(sql, "}')");
}

static unsigned readings_of(unsigned id)
{
	return id == BIG ? 1000 : id == TOO_BIG ? 1001 : id == HALF ? 0 : id * 5 % 7;
}

/* Frames as a foreign program writes them. */
static void fill_store(const char *state)
{
	struct buf sql = {0};

	buf_text(&sql, "INSERT INTO frame (node, readings) VALUES ");
	for (unsigned id = 1; id <= STORED; id++)
		add_readings(&sql, id, readings_of(id));
	buf_format(&sql, "; DELETE FROM frame WHERE id BETWEEN %d AND %d", GONE,
	           GONE + 2);
	state_run(state, buf_string(&sql));
	buf_free(&sql);
}

/* A pack needs a record. */
static unsigned messages_of(unsigned id)
{
	unsigned readings = readings_of(id);

	return manner.is_per_reading ? readings : manner.is_senml ? readings > 0 : 1;
}

static void fill_model(void)
{
	unsigned at = 0;

	frame_count = STORED;
	for (unsigned id = 1; id <= STORED; id++) {
		struct frame_model *f = &frames[id];

		*f = (struct frame_model){.first = at, .is_unwanted = id % 7 == 3};
		f->is_gone = id >= GONE && id <= GONE + 2;
		if (f->is_unwanted || f->is_gone)
			continue;
		f->is_unfit = (manner.is_per_reading && id == TOO_BIG) ||
		              ((manner.is_per_reading || manner.is_senml) && id == HALF);
		if (!f->is_unfit)
			f->messages = messages_of(id);
		for (unsigned i = 0; i < f->messages; i++)
			messages[at++] = (struct message_model){
				.frame = id,
				.is_bad = dice(100) < manner.bad,
				.is_breaker = dice(100) < manner.breakers,
			};
	}
}

static void live(const char *state, const char *name)
{
	const char *source = getenv("top_srcdir");
	struct settings settings;
	struct reason why = {""};
	struct buf text = {0};

	buf_format(
		&text,
		"[router]\nname = gw\nstate = %s\n.conf = /\n.sensors = %s/core/sensors\n"
		"[far \"%s\"]\n.plugin = /far.so\n.kind = output\nenabled = yes\n"
		"where = node <> 'no'\nper = %s\nwindow = %u\nbatch = %u\nformat = "
		"%s\n%s",
		state, source == NULL ? "." : source, name,
		manner.is_per_reading ? "reading" : "frame", manner.window, manner.batch,
		manner.is_senml ? "senml" : "json", manner.options);
	promise(settings_read(&settings, buf_string(&text), text.len, &why), "%s",
	        why.text);
	dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
	far.at = state_place(state, name);
	fake_clock_begin();
	promise(deliver_run(&settings, settings.units, state) == 0, "it has failed");
	settings_free(&settings);
	buf_free(&text);
	_exit(0);
}

/* Until all is done, or something is wrong. */
static void live_on(const char *state, unsigned number, uint64_t seed)
{
	char name[32];
	int status;

	*lasting = (struct lasting){.random = seed};
	fill_model();
	snprintf(name, sizeof name, "o%u-%u", number, (unsigned)seed);
	while (lasting->cursor < frame_count && lasting->fault[0] == '\0') {
		pid_t pid = fork();

		if (pid == 0)
			live(state, name);
		waitpid(pid, &status, 0);
		lasting->lives++;
		if (lasting->fault[0] == '\0' &&
		    (!WIFEXITED(status) || WEXITSTATUS(status) % 77 != 0))
			snprintf(lasting->fault, sizeof lasting->fault, "it died: %d",
			         status);
	}
}

#endif
