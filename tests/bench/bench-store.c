/* SPDX-License-Identifier: MIT */
/*
 * How fast the store is beside a bare SQLite loop, in the same run on the same disk.
 * usage: bench-store [SECONDS]; built by `make tests/bench/bench-store`.
 */
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "../unit/state.h"
#include "db.h"
#include "keep.h"

static double seconds = 2;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Of this process; steadier than the clock on a machine that others use, too. */
static double cpu(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	       (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

static int order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double at_rank(double *sorted, size_t count, double rank)
{
	return count == 0 ? 0 : sorted[(size_t)((double)(count - 1) * rank)];
}

struct times {
	double cpu; /* when it began */
	double *list;
	size_t len, size;
};

static void add_time(struct times *t, double time)
{
	if (t->len == t->size) {
		t->size = t->size == 0 ? 4096 : 2 * t->size;
		t->list = realloc(t->list, t->size * sizeof *t->list);
	}
	t->list[t->len++] = time;
}

static void print_rate(const char *name, int per, double rows, double time,
                       struct times *t)
{
	qsort(t->list, t->len, sizeof *t->list, order);
	printf("%-12s %4d rows a commit: %7.0f rows/s, %6.2f us CPU a row, "
	       "commit p50 %.3f ms, p99 %.3f ms\n",
	       name, per, rows / time, (cpu() - t->cpu) / rows * 1e6,
	       at_rank(t->list, t->len, 0.5) * 1e3, at_rank(t->list, t->len, 0.99) * 1e3);
	fflush(stdout);
	free(t->list);
	*t = (struct times){0};
}

/* A table of three columns, 200 bytes a row, SQLite's own checkpoints: what others
 * measure. */
static void bench_bare(const char *state, int per)
{
	struct reason why = {""};
	char path[STATE_PATH_MAX], text[201];
	struct db_statement *begin, *append, *commit;
	struct times times = {0};
	double start, before;
	struct db *d;
	long rows = 0;

	memset(text, 'x', 200);
	text[200] = '\0';
	statedir_path(path, state, "bare.db");
	unlink(path);
	must(db_open(&d, path, DB_CREATE, &why), &why);
	must(db_run(d,
	            "PRAGMA wal_autocheckpoint = 1000; CREATE TABLE f (id INTEGER "
	            "PRIMARY KEY"
	            " AUTOINCREMENT, received INTEGER, readings TEXT)",
	            &why),
	     &why);
	must(db_prepare(d, &begin, "BEGIN IMMEDIATE", &why), &why);
	must(db_prepare(d, &append, "INSERT INTO f (received, readings) VALUES (?1, ?2)",
	                &why),
	     &why);
	must(db_prepare(d, &commit, "COMMIT", &why), &why);
	times.cpu = cpu();
	start = now();
	do {
		before = now();
		must(db_execute(begin, &why), &why);
		for (int i = 0; i < per; i++, rows++) {
			db_bind_number(append, 1, 1700000000000 + rows);
			db_bind_text_len(append, 2, text, 200);
			must(db_execute(append, &why), &why);
		}
		must(db_execute(commit, &why), &why);
		add_time(&times, now() - before);
	} while (now() - start < seconds);
	print_rate("bare SQLite", per, (double)rows, now() - start, &times);
	db_close(d);
	unlink(path);
}

/* Housekeeping beside, as in the service: a round after each wake. */
static pid_t start_keeper(const char *state)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct keep_rules rules = {3600000, 0};
		struct reason why = {""};
		struct statedir_watch watch;
		struct keep *k;

		must(keep_open(&k, state, &rules, &why), &why);
		must(statedir_watch(&watch, state, &why), &why);
		for (;;) {
			struct pollfd p = {watch.fd, POLLIN, 0};
			int64_t due_ms = keep_round(k, &why);

			must(due_ms >= 0, &why);
			usleep(5000);
			poll(&p, 1, (int)due_ms);
			statedir_watch_read(&watch);
		}
	}
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void bench_store(const char *state, int per)
{
	struct reason why = {""};
	struct times times = {0};
	struct frame f = {0};
	double start, before;
	pid_t keeper = start_keeper(state);
	struct store *s;
	long rows = 0;

	must(store_open_writer(&s, state, 0, &why), &why);
	frame_fill(&f, "nodes", 1);
	times.cpu = cpu();
	start = now();
	do {
		before = now();
		must(store_begin(s, &why), &why);
		for (int i = 0; i < per; i++, rows++) {
			f.received_ms = 1760000000000 + rows;
			must(store_append(s, &f, &why), &why);
		}
		must(store_commit(s, &why), &why);
		add_time(&times, now() - before);
	} while (now() - start < seconds);
	print_rate("store_append", per, (double)rows, now() - start, &times);
	frame_free(&f);
	store_close(s);
	stop(keeper);
}

static bool count_row(void *context, const struct store_row *row)
{
	uint64_t *last = context;

	*last = row->frame->id;
	return true;
}

static void bench_read(const char *state, const char *where, const char *select)
{
	struct reason why = {""};
	struct store *s;
	uint64_t last = 0;
	double start;
	long rows = 0, got;

	must(store_open_reader(&s, state, &why), &why);
	must(store_want(s, where, select, &why), &why);
	start = now();
	while ((got = store_read(s, last, 500, count_row, &last, &why)) > 0 &&
	       now() - start < seconds)
		rows += got;
	printf("store_read, 500 at a time%s%s: %.0f rows/s\n",
	       where != NULL ? ", where" : "", select != NULL ? ", select" : "",
	       (double)rows / (now() - start));
	store_close(s);
}

struct shared {
	_Atomic double stamp;
	_Atomic uint64_t id;
	_Atomic bool is_ready;
};

static void write_slowly(const char *state, struct shared *shared)
{
	struct reason why = {""};
	struct frame f = {0};
	struct store *s;

	must(store_open_writer(&s, state, 0, &why), &why);
	while (!shared->is_ready)
		usleep(100);
	for (int i = 0; i < 2000; i++) {
		usleep(1000);
		frame_fill(&f, "nodes", i);
		atomic_store(&shared->stamp, now());
		must(store_begin(s, &why), &why);
		must(store_append(s, &f, &why), &why);
		must(store_commit(s, &why), &why);
	}
	_exit(0);
}

static void bench_wake(const char *state)
{
	struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
	                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct reason why = {""};
	struct times times = {0};
	struct statedir_watch watch;
	struct store *s;
	uint64_t last;
	long wakes = 0;
	pid_t pid = fork();

	if (pid == 0)
		write_slowly(state, shared);
	must(store_open_reader(&s, state, &why), &why);
	must(statedir_watch(&watch, state, &why), &why);
	last = store_last_id(s);
	shared->is_ready = true;
	while (times.len < 2000) {
		struct pollfd p = {watch.fd, POLLIN, 0};

		if (poll(&p, 1, 1000) == 0)
			break;
		wakes++;
		statedir_watch_read(&watch);
		if (store_read(s, last, 500, count_row, &last, &why) > 0)
			add_time(&times, now() - atomic_load(&shared->stamp));
	}
	waitpid(pid, NULL, 0);
	qsort(times.list, times.len, sizeof *times.list, order);
	printf("wake: from begin to the row in the reader: p50 %.3f ms, p99 %.3f ms, "
	       "%.1f wake-ups a commit\n",
	       at_rank(times.list, times.len, 0.5) * 1e3,
	       at_rank(times.list, times.len, 0.99) * 1e3,
	       (double)wakes / (double)times.len);
	statedir_watch_close(&watch);
	store_close(s);
	free(times.list);
}

int main(int count, char **args)
{
	static const int pers[] = {1, 10, 100, 500};
	char state[256];

	if (count > 1)
		seconds = atof(args[1]);
	state_make(state);
	state_prepare(state);
	for (unsigned i = 0; i < sizeof pers / sizeof *pers; i++) {
		bench_bare(state, pers[i]);
		bench_store(state, pers[i]);
	}
	bench_read(state, NULL, NULL);
	bench_read(state, "readings->>'TC' > 20", NULL);
	bench_read(state, "readings->>'TC' > 20", "json_object('TC', readings->>'TC')");
	bench_wake(state);
	state_remove(state);
	return 0;
}
