/* SPDX-License-Identifier: MIT */
/*
 * HTTP without a router: a bare libcurl, and a server that looks at the clock.
 *
 *   bench-http post URL FILE BATCH CONNECTIONS   the lines of FILE, BATCH a request, so
 *                                                many requests at once; prints "FRAMES
 *                                                SECONDS BEGIN"
 *   bench-http serve COUNT                       prints "ready PORT", and after COUNT
 *                                                stamped frames "P50 P99" ms since they
 *                                                were sent
 *   bench-http version                           libcurl's
 */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

#define CONNECTIONS_MAX 32
#define REQUEST_SIZE    (1 << 20)
#define WAIT_MS         60000

/* ---- posting ---- */

struct poster {
	CURLM *multi;
	struct curl_slist *headers;
	struct bench_lines lines;
	size_t batch, sent;
	size_t under_way;
};

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	(void)context;
	return size * count;
}

static void begin(struct poster *p, CURL *easy)
{
	const struct bench_lines *l = &p->lines;
	size_t end = p->sent + p->batch < l->count ? p->sent + p->batch : l->count;

	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
	                 (curl_off_t)(l->at[end] - l->at[p->sent]));
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, l->text + l->at[p->sent]);
	curl_multi_add_handle(p->multi, easy);
	p->sent = end;
	p->under_way++;
}

static void take_ended(struct poster *p)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(p->multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;
		long status = 0;

		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
		errno = 0;
		if (message->data.result != CURLE_OK || status != 200)
			bench_die("a request failed");
		curl_multi_remove_handle(p->multi, easy);
		p->under_way--;
		if (p->sent < p->lines.count)
			begin(p, easy);
		else
			curl_easy_cleanup(easy);
	}
}

static CURL *new_easy(const struct poster *p, const char *url)
{
	CURL *easy = curl_easy_init();

	if (easy == NULL)
		bench_die("cannot begin");
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, p->headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
	return easy;
}

static void post(char **args)
{
	struct poster p = {.batch = strtoul(args[2], NULL, 10)};
	size_t connections = strtoul(args[3], NULL, 10);
	int64_t begin_us;
	int running;

	bench_read_lines(&p.lines, args[1]);
	p.headers = curl_slist_append(p.headers, "Content-Type: application/x-ndjson");
	p.headers = curl_slist_append(p.headers, "Expect:");
	p.multi = curl_multi_init();
	begin_us = bench_now_us();
	for (size_t i = 0; i < connections && p.sent < p.lines.count; i++)
		begin(&p, new_easy(&p, args[0]));
	while (p.under_way > 0) {
		curl_multi_perform(p.multi, &running);
		take_ended(&p);
		if (p.under_way > 0)
			curl_multi_poll(p.multi, NULL, 0, WAIT_MS, NULL);
	}
	bench_print_rate(p.lines.count, begin_us);
	curl_multi_cleanup(p.multi);
}

/* ---- serving ---- */

struct connection {
	char *request;
	size_t len;
};

static struct pollfd fds[CONNECTIONS_MAX + 1]; /* the first one listens */
static struct connection connections[CONNECTIONS_MAX + 1];
static nfds_t fd_count = 1;

static void begin_to_listen(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof to;

	fds[0] = (struct pollfd){socket(AF_INET, SOCK_STREAM, 0), POLLIN, 0};
	if (fds[0].fd < 0 || bind(fds[0].fd, (struct sockaddr *)&to, len) != 0 ||
	    listen(fds[0].fd, CONNECTIONS_MAX) != 0 ||
	    getsockname(fds[0].fd, (struct sockaddr *)&to, &len) != 0)
		bench_die("cannot listen");
	printf("ready %d\n", ntohs(to.sin_port));
	fflush(stdout);
}

static void take_connection(void)
{
	int fd = accept(fds[0].fd, NULL, NULL), on = 1;

	if (fd < 0 || fd_count > CONNECTIONS_MAX)
		bench_die("cannot accept");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	fds[fd_count] = (struct pollfd){fd, POLLIN, 0};
	connections[fd_count].request = malloc(REQUEST_SIZE);
	connections[fd_count].len = 0;
	if (connections[fd_count++].request == NULL)
		bench_die("no memory");
}

static void drop_connection(nfds_t i)
{
	close(fds[i].fd);
	free(connections[i].request);
	fd_count--;
	fds[i] = fds[fd_count];
	connections[i] = connections[fd_count];
}

/* Answers the requests that are whole. */
static void answer_requests(struct connection *c, int fd, struct bench_times *times)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	const char *end, *length;
	size_t whole;

	for (;;) {
		c->request[c->len] = '\0';
		end = strstr(c->request, "\r\n\r\n");
		length = strcasestr(c->request, "\r\nContent-Length:");
		if (end == NULL || length == NULL)
			return;
		whole = (size_t)(end + 4 - c->request) +
		        strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
		if (c->len < whole)
			return;
		bench_add_stamps(times, end, whole - (size_t)(end - c->request));
		if (write(fd, answer, sizeof answer - 1) != (ssize_t)sizeof answer - 1)
			bench_die("cannot answer");
		memmove(c->request, c->request + whole, c->len - whole);
		c->len -= whole;
	}
}

static void serve(size_t count)
{
	struct bench_times times = {.us = NULL};

	begin_to_listen();
	while (times.len < count) {
		errno = 0;
		if (poll(fds, fd_count, WAIT_MS) <= 0)
			bench_die("no requests come");
		for (nfds_t i = fd_count; i-- > 1;) {
			struct connection *c = &connections[i];
			ssize_t got;

			if (fds[i].revents == 0)
				continue;
			got = read(fds[i].fd, c->request + c->len,
			           REQUEST_SIZE - 1 - c->len);
			if (got <= 0) {
				drop_connection(i);
				continue;
			}
			c->len += (size_t)got;
			answer_requests(c, fds[i].fd, &times);
		}
		if (fds[0].revents != 0)
			take_connection();
	}
	bench_print_times(&times);
}

int main(int argc, char **argv)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
	errno = 0;
	if (argc == 6 && strcmp(argv[1], "post") == 0)
		post(argv + 2);
	else if (argc == 3 && strcmp(argv[1], "serve") == 0)
		serve(strtoul(argv[2], NULL, 10));
	else if (argc == 2 && strcmp(argv[1], "version") == 0)
		printf("libcurl %s\n", curl_version_info(CURLVERSION_NOW)->version);
	else
		bench_die("usage: bench-http post URL FILE BATCH CONNECTIONS | "
		          "serve COUNT | version");
	return 0;
}
