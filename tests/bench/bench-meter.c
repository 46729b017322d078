/* SPDX-License-Identifier: MIT */
/*
 * The instruments of `make bench`.
 *
 *   bench-meter now                      seconds of the clock that all share
 *   bench-meter await PLACE COUNT        until that output's place says so many
 * delivered; then as `now` bench-meter tree PID                 "PSS-KB CPU-MS WAKE-UPS"
 * of a process and all below it, so far bench-meter follow FILE COUNT        until so
 * many stamped frames were appended to the file; then "P50 P99" ms from their sending
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "place.h"

#define WAIT_US  INT64_C(120000000)
#define LOOK_US  1000
#define PATH_LEN 300

static void print_now(void)
{
	printf("%.6f\n", (double)bench_now_us() / 1e6);
}

/* The router's own account, as every other program may read it. */
static void await(const char *path, uint64_t count)
{
	int64_t end_us = bench_now_us() + WAIT_US;
	struct place_data data = {.delivered = 0};

	while (bench_now_us() < end_us) {
		if (place_read(path, false, &data) == PLACE_GOOD &&
		    data.delivered >= count) {
			print_now();
			return;
		}
		usleep(LOOK_US);
	}
	errno = 0;
	bench_die("the output has not delivered all in time");
}

struct totals {
	long pss_kb;
	double cpu_ms;
	long wakeups;
	int count;
};

/* The number behind `key` in a file of /proc; 0: not there. */
static long number_in(const char *path, const char *key)
{
	FILE *file = fopen(path, "r");
	char line[256];
	long number = 0;

	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			number = atol(line + strlen(key));
	if (file != NULL)
		fclose(file);
	return number;
}

static double cpu_ms_of(long pid)
{
	char path[PATH_LEN], line[1024];
	unsigned long user = 0, kernel = 0;
	const char *at;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%ld/stat", pid);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	/* the name in brackets may hold anything; utime is the 12th number behind it */
	if (fgets(line, sizeof line, file) != NULL && (at = strrchr(line, ')')) != NULL)
		sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
		       &user, &kernel);
	fclose(file);
	return (double)(user + kernel) * 1000 / (double)sysconf(_SC_CLK_TCK);
}

static void add_process(struct totals *t, long pid);

static void add_children(struct totals *t, const char *path)
{
	FILE *file = fopen(path, "r");
	long pid;

	while (file != NULL && fscanf(file, "%ld", &pid) == 1)
		add_process(t, pid);
	if (file != NULL)
		fclose(file);
}

static void add_process(struct totals *t, long pid)
{
	char path[PATH_LEN];
	struct dirent *task;
	DIR *tasks;

	snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", pid);
	t->pss_kb += number_in(path, "Pss:");
	t->cpu_ms += cpu_ms_of(pid);
	t->count++;
	snprintf(path, sizeof path, "/proc/%ld/task", pid);
	tasks = opendir(path);
	while (tasks != NULL && (task = readdir(tasks)) != NULL) {
		if (task->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%ld/task/%.20s/status", pid,
		         task->d_name);
		t->wakeups += number_in(path, "voluntary_ctxt_switches:");
		snprintf(path, sizeof path, "/proc/%ld/task/%.20s/children", pid,
		         task->d_name);
		add_children(t, path);
	}
	if (tasks != NULL)
		closedir(tasks);
}

static void print_tree(long pid)
{
	struct totals t = {0};

	add_process(&t, pid);
	printf("%ld %.0f %ld %d\n", t.pss_kb, t.cpu_ms, t.wakeups, t.count);
}

static int watch(const char *path)
{
	int watch_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (watch_fd < 0 || inotify_add_watch(watch_fd, path, IN_MODIFY) < 0)
		bench_die(path);
	return watch_fd;
}

/* Lines may come in pieces: what is behind the last newline is read again. */
static void follow(const char *path, size_t count)
{
	int fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
	struct pollfd p = {.fd = watch(path), .events = POLLIN};
	struct bench_times times = {.us = NULL};
	off_t at = lseek(fd, 0, SEEK_END);
	static char text[1 << 20];

	printf("ready\n");
	fflush(stdout);
	while (times.len < count) {
		ssize_t len = pread(fd, text, sizeof text, at);
		const char *last = len > 0 ? memrchr(text, '\n', (size_t)len) : NULL;

		if (last != NULL) {
			bench_add_stamps(&times, text, (size_t)(last + 1 - text));
			at += last + 1 - text;
			continue;
		}
		errno = 0;
		if (poll(&p, 1, WAIT_US / 1000) <= 0)
			bench_die("the file does not grow");
		if (read(p.fd, text, sizeof text) < 0)
			bench_die("inotify");
	}
	bench_print_times(&times);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	errno = 0;
	if (argc == 2 && strcmp(what, "now") == 0)
		print_now();
	else if (argc == 4 && strcmp(what, "await") == 0)
		await(argv[2], strtoull(argv[3], NULL, 10));
	else if (argc == 3 && strcmp(what, "tree") == 0)
		print_tree(atol(argv[2]));
	else if (argc == 4 && strcmp(what, "follow") == 0)
		follow(argv[2], strtoul(argv[3], NULL, 10));
	else
		bench_die("usage: bench-meter now | await PLACE COUNT | tree PID | "
		          "follow FILE COUNT");
	return 0;
}
