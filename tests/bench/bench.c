/* SPDX-License-Identifier: MIT */
/* What the programs of `make bench` share. */
#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int64_t bench_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void bench_die(const char *what)
{
	if (errno != 0)
		fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	else
		fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static void *grown(void *old, size_t size)
{
	void *fresh = realloc(old, size);

	if (fresh == NULL)
		bench_die("no memory");
	return fresh;
}

static size_t read_file(char **out, const char *path)
{
	FILE *file = fopen(path, "r");
	size_t len = 0, size = 1 << 20, got;

	if (file == NULL)
		bench_die(path);
	*out = grown(NULL, size);
	while ((got = fread(*out + len, 1, size - len, file)) > 0) {
		len += got;
		if (len == size)
			*out = grown(*out, size *= 2);
	}
	fclose(file);
	return len;
}

void bench_read_lines(struct bench_lines *l, const char *path)
{
	size_t len, size = 0;

	*l = (struct bench_lines){.text = NULL};
	len = read_file(&l->text, path);
	for (size_t from = 0; from < len; l->count++) {
		const char *end = memchr(l->text + from, '\n', len - from);

		if (end == NULL)
			break;
		if (l->count + 2 > size)
			l->at = grown(l->at, (size = size * 2 + 1024) * sizeof *l->at);
		l->at[l->count] = from;
		from = (size_t)(end - l->text) + 1;
		l->at[l->count + 1] = from;
	}
	if (l->count == 0)
		bench_die("a file without lines");
}

void bench_add_time(struct bench_times *t, int64_t us)
{
	if (t->len == t->size)
		t->us = grown(t->us, (t->size = t->size * 2 + 1024) * sizeof *t->us);
	t->us[t->len++] = us;
}

size_t bench_add_stamps(struct bench_times *t, const char *text, size_t len)
{
	static const char key[] = "\"" BENCH_STAMP "\":";
	const char *end = text + len, *at = text;
	int64_t now_us = bench_now_us();
	size_t count = 0;

	while ((at = memmem(at, (size_t)(end - at), key, sizeof key - 1)) != NULL) {
		int64_t sent_us = 0;

		for (at += sizeof key - 1; at < end && *at >= '0' && *at <= '9'; at++)
			sent_us = sent_us * 10 + (*at - '0');
		bench_add_time(t, now_us - sent_us);
		count++;
	}
	return count;
}

static int order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static double rank_ms(const struct bench_times *t, double rank)
{
	return (double)t->us[(size_t)((double)(t->len - 1) * rank)] / 1000;
}

void bench_print_times(struct bench_times *t)
{
	if (t->len == 0)
		bench_die("nothing was measured");
	qsort(t->us, t->len, sizeof *t->us, order);
	printf("%.3f %.3f\n", rank_ms(t, 0.5), rank_ms(t, 0.99));
}

void bench_print_rate(size_t frames, int64_t begin_us)
{
	printf("%zu %.6f %.6f\n", frames, (double)(bench_now_us() - begin_us) / 1e6,
	       (double)begin_us / 1e6);
}

static int connect_unix(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof to.sun_path)
		bench_die("the path of the socket is too long");
	memcpy(to.sun_path, path, strlen(path));
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		bench_die(path);
	return fd;
}

static int connect_tcp(const char *text)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	const char *colon = strrchr(text, ':');
	char host[64] = "";
	int fd, on = 1;

	if (colon == NULL || (size_t)(colon - text) >= sizeof host)
		bench_die("an address is tcp:ADDRESS:PORT");
	memcpy(host, text, (size_t)(colon - text));
	to.sin_port = htons((uint16_t)atoi(colon + 1));
	if (inet_pton(AF_INET, host, &to.sin_addr) != 1)
		bench_die("an address is tcp:ADDRESS:PORT");
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		bench_die(text);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

void bench_sleep_until(int64_t us)
{
	struct timespec t = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}

int bench_connect(const char *address)
{
	if (strncmp(address, "unix:", 5) == 0)
		return connect_unix(address + 5);
	if (strncmp(address, "tcp:", 4) == 0)
		return connect_tcp(address + 4);
	errno = 0;
	bench_die("an address is unix:PATH or tcp:ADDRESS:PORT");
}
