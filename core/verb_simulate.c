/* SPDX-License-Identifier: MIT */
/* frame-router simulate: valid frames at a given rate, for demonstrations and load. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "reason.h"
#include "simulate.h"
#include "verb.h"

const char verb_simulate_help[] =
	"usage: frame-router simulate [--nodes 3] [--rate 1] [--count 0] [--seed N]\n"
	"                             [--format hex|ascii|json]\n"
	"\n"
	"Makes valid frames of made-up stations, one a line, for demonstrations and "
	"load.\n"
	"\n"
	"  --nodes N    how many stations\n"
	"  --rate N     frames a second of all together; 0: as fast as possible\n"
	"  --count N    how many frames; 0: no end.  With --count alone the rate is 0\n"
	"  --seed N     the same number makes the same frames\n"
	"  --format F   hex, ascii or json\n";

#define NS_PER_S 1000000000LL
#define RATE_MAX 1e9

struct orders {
	uint64_t nodes;
	double rate; /* frames a second of all nodes; 0: as fast as possible */
	bool has_rate;
	uint64_t count; /* 0: endless */
	uint64_t seed;
	enum simulate_format format;
};

/* --- options ----------------------------------------------------------------- */

static bool read_number(const char *text, uint64_t max, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && *text >= '0' && *text <= '9' && *end == '\0' &&
	       *number <= max;
}

static bool read_rate(const char *text, double *rate)
{
	char *end;

	errno = 0;
	*rate = strtod(text, &end);
	return errno == 0 && end != text && *end == '\0' && *rate >= 0 &&
	       *rate <= RATE_MAX;
}

static bool read_format(const char *text, enum simulate_format *format)
{
	static const char *const names[] = {"hex", "ascii", "json"};

	for (int i = 0; i < 3; i++)
		if (strcmp(text, names[i]) == 0) {
			*format = (enum simulate_format)i;
			return true;
		}
	return false;
}

static bool read_option(struct orders *o, int option, const char *text,
                        struct reason *why)
{
	switch (option) {
	case 'n':
		return (read_number(text, SIMULATE_NODES_MAX, &o->nodes) &&
		        o->nodes > 0) ||
		       fail(why, "--nodes is a number from 1 to %d", SIMULATE_NODES_MAX);
	case 'r':
		o->has_rate = true;
		return read_rate(text, &o->rate) ||
		       fail(why, "--rate is a number of frames a second, 0 for no limit");
	case 'k':
		return read_number(text, UINT64_MAX, &o->count) ||
		       fail(why, "--count is a number of frames, 0 for no end");
	case 's':
		return read_number(text, UINT64_MAX, &o->seed) ||
		       fail(why, "--seed is a whole number");
	case 'f':
		return read_format(text, &o->format) ||
		       fail(why, "--format is hex, ascii or json");
	default: /* --conf and --state, which main has looked at */
		return true;
	}
}

static const struct option options[] = {
	{"nodes", required_argument, NULL, 'n'},  {"rate", required_argument, NULL, 'r'},
	{"count", required_argument, NULL, 'k'},  {"seed", required_argument, NULL, 's'},
	{"format", required_argument, NULL, 'f'}, {"conf", required_argument, NULL, 'c'},
	{"state", required_argument, NULL, 'c'},  {NULL, 0, NULL, 0},
};

static bool read_options(struct orders *o, int argc, char **argv, struct reason *why)
{
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?')
			return fail(why, "unknown option %s", argv[optind - 1]);
		if (!read_option(o, option, optarg, why))
			return false;
	}
	if (optind < argc)
		return fail(why, "\"%s\" is not understood", argv[optind]);
	if (!o->has_rate)
		o->rate = o->count > 0 ? 0 : 1;
	return true;
}

/* --- sending ----------------------------------------------------------------- */

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void sleep_until(int64_t ns)
{
	struct timespec until = {ns / NS_PER_S, ns % NS_PER_S};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

/* Writes until `count`, or until nobody reads any more. */
static bool send_frames(struct simulation *s, const struct orders *o, struct reason *why)
{
	int64_t begin = now_ns();
	struct buf line = {0};
	bool is_fine = true;

	for (uint64_t i = 0; is_fine && (o->count == 0 || i < o->count); i++) {
		int64_t due = begin;

		if (o->rate > 0)
			due += (int64_t)((double)i / o->rate * 1e9);
		if (due > now_ns()) {
			is_fine = fflush(stdout) == 0;
			sleep_until(due);
		}
		buf_clear(&line);
		simulation_add(s, o->format, &line);
		if (line.failed)
			break;
		is_fine = is_fine && fwrite(line.data, 1, line.len, stdout) == line.len;
	}
	is_fine = is_fine && fflush(stdout) == 0;
	if (!is_fine && errno != EPIPE)
		fail_errno(why, "cannot write");
	else
		is_fine = !line.failed || fail(why, "out of memory");
	buf_free(&line);
	return is_fine;
}

int verb_simulate(int argc, char **argv)
{
	struct orders o = {.nodes = 3};
	struct reason why = {""};
	struct simulation *s;
	bool is_fine;

	if (getrandom(&o.seed, sizeof o.seed, 0) != sizeof o.seed)
		o.seed = (uint64_t)now_ns();
	if (!read_options(&o, argc, argv, &why)) {
		fprintf(stderr, "frame-router: simulate: %s\n", why.text);
		return verb_usage(verb_simulate_help, NULL);
	}
	s = simulation_new((unsigned)o.nodes, o.seed);
	if (s == NULL) {
		fputs("frame-router: simulate: out of memory\n", stderr);
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	is_fine = send_frames(s, &o, &why);
	simulation_free(s);
	if (!is_fine)
		fprintf(stderr, "frame-router: simulate: %s\n", why.text);
	return is_fine ? 0 : 1;
}
