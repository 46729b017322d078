/* SPDX-License-Identifier: MIT */
/*
 * The sender of `make bench`: lines to socket-input, as cheap as can be, so that the
 * router is what is measured.
 *
 *   bench-send -w WINDOW ADDRESS FILE     up to WINDOW lines ahead of the answers;
 *                                         prints "FRAMES SECONDS BEGIN" from the
 *                                         first byte sent to the last answer
 *   bench-send -r RATE -n COUNT ADDRESS   frames of its own at that rate a second, each
 *                                         with the moment of its sending; prints the
 *                                         "P50 P99" ms until its answer
 *
 * Every answer must be "ok", else it fails.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define WAIT_MS    60000
#define SEND_BYTES 65536

static int fd;
static bool is_within; /* a line whose first byte was seen */

/* Counts the answers that have come; waits for the first if it is to. */
static size_t take_answers(int flags)
{
	char answer[65536];
	ssize_t len = recv(fd, answer, sizeof answer, flags);
	size_t count = 0;

	if (len < 0 && errno == EAGAIN)
		return 0;
	if (len <= 0)
		bench_die("the router closed the connection");
	for (const char *at = answer, *end = answer + len; at < end; count++) {
		if (!is_within && *at != 'o') {
			errno = 0;
			bench_die("a frame was refused");
		}
		at = memchr(at, '\n', (size_t)(end - at));
		is_within = at == NULL;
		if (at == NULL)
			break;
		at++;
	}
	return count;
}

static void wait_ready(bool may_send)
{
	struct pollfd p = {.fd = fd,
	                   .events = (short)(POLLIN | (may_send ? POLLOUT : 0))};

	errno = 0;
	if (poll(&p, 1, WAIT_MS) <= 0)
		bench_die("the router does not answer");
}

static void send_all(const struct bench_lines *l, size_t window)
{
	size_t sent = 0, answered = 0; /* bytes, lines */
	int64_t begin_us = bench_now_us();

	while (answered < l->count) {
		size_t last = answered + window < l->count ? answered + window : l->count;
		size_t len = l->at[last] - sent;

		if (len > SEND_BYTES)
			len = SEND_BYTES;
		wait_ready(len > 0);
		if (len > 0) {
			ssize_t n = send(fd, l->text + sent, len,
			                 MSG_DONTWAIT | MSG_NOSIGNAL);

			if (n < 0 && errno != EAGAIN)
				bench_die("cannot send");
			sent += n < 0 ? 0 : (size_t)n;
		}
		answered += take_answers(MSG_DONTWAIT);
	}
	bench_print_rate(l->count, begin_us);
}

/* Takes what is answered until `until_us`, and notes how long it took. */
static size_t listen_until(int64_t until_us, const int64_t *sent_us, size_t answered,
                           struct bench_times *times)
{
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left_us = until_us - bench_now_us();
		struct timespec t = {.tv_nsec = left_us * 1000};
		size_t count;

		if (left_us <= 0 || ppoll(&p, 1, &t, NULL) <= 0)
			return answered;
		count = take_answers(MSG_DONTWAIT);
		while (count-- > 0)
			bench_add_time(times, bench_now_us() - sent_us[answered++]);
	}
}

static void send_paced(long rate, size_t count)
{
	int64_t *sent_us = calloc(count, sizeof *sent_us);
	int64_t next_us = bench_now_us(), step_us = 1000000 / rate;
	struct bench_times times = {.us = NULL};
	size_t answered = 0;
	char line[128];

	for (size_t i = 0; i < count; i++, next_us += step_us) {
		int len;

		answered = listen_until(next_us, sent_us, answered, &times);
		bench_sleep_until(next_us);
		sent_us[i] = bench_now_us();
		len = snprintf(line, sizeof line,
		               "{\"node\":\"bench\",\"readings\":{\"" BENCH_STAMP
		               "\":%lld}}\n",
		               (long long)sent_us[i]);
		if (send(fd, line, (size_t)len, MSG_NOSIGNAL) != len)
			bench_die("cannot send");
	}
	while (answered < count) {
		wait_ready(false);
		answered = listen_until(bench_now_us() + 500, sent_us, answered, &times);
	}
	bench_print_times(&times);
	free(sent_us);
}

int main(int argc, char **argv)
{
	long window = 0, rate = 0, count = 0;
	struct bench_lines lines;
	int option;

	while ((option = getopt(argc, argv, "w:r:n:")) != -1) {
		if (option == 'w')
			window = atol(optarg);
		else if (option == 'r')
			rate = atol(optarg);
		else if (option == 'n')
			count = atol(optarg);
	}
	errno = 0;
	if (optind + (rate > 0 ? 1 : 2) != argc || (rate > 0 ? count <= 0 : window <= 0))
		bench_die("usage: bench-send -w WINDOW ADDRESS FILE | "
		          "-r RATE -n COUNT ADDRESS");
	fd = bench_connect(argv[optind]);
	if (rate > 0) {
		send_paced(rate, (size_t)count);
	} else {
		bench_read_lines(&lines, argv[optind + 1]);
		send_all(&lines, (size_t)window);
		free(lines.text);
		free(lines.at);
	}
	close(fd);
	return 0;
}
