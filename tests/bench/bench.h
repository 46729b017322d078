/* SPDX-License-Identifier: MIT */
/* What the programs of `make bench` share: a clock, lines in memory, percentiles. */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stddef.h>
#include <stdint.h>

/* The key under which a sender writes bench_now_us() into a frame. */
#define BENCH_STAMP "SENT"

/* Microseconds of CLOCK_MONOTONIC: the same clock in every process of the machine. */
int64_t bench_now_us(void);

/* Says what failed, with errno's words when there are any, and ends the process. */
void bench_die(const char *what) __attribute__((noreturn));

/* A file in memory; line i is from at[i] to at[i + 1], its end of line included. */
struct bench_lines {
	char *text;
	size_t *at;
	size_t count;
};

/* Reads a whole file; each line ends with a newline. */
void bench_read_lines(struct bench_lines *l, const char *path);

/* Durations on their way to percentiles. */
struct bench_times {
	int64_t *us;
	size_t len, size;
};

void bench_add_time(struct bench_times *t, int64_t us);

/* Takes the stamps of all documents in `text`, as seen now; returns how many there were.
 */
size_t bench_add_stamps(struct bench_times *t, const char *text, size_t len);

/* Prints "P50 P99" in milliseconds. */
void bench_print_times(struct bench_times *t);

/* Prints "FRAMES SECONDS BEGIN" of what was done since `begin_us`. */
void bench_print_rate(size_t frames, int64_t begin_us);

void bench_sleep_until(int64_t us);

/* `unix:PATH` or `tcp:ADDRESS:PORT`: a connected descriptor. */
int bench_connect(const char *address);

#endif
