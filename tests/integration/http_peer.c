/* SPDX-License-Identifier: MIT */
/* A sender that speaks to the input "http-input", byte by byte if need be. */
#include "http_peer.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

struct input_host *http_load(void)
{
	const char *build = getenv("top_builddir");
	char path[512];

	snprintf(path, sizeof path, "%s/plugins/http-input/.libs/http-input.so",
	         build == NULL ? "." : build);
	return input_host_load(path);
}

void http_open(struct input_host *h)
{
	if (input_host_open(h))
		return;
	printf("Bail out! %s\n", input_host_why(h));
	exit(99);
}

struct input_host *http_start(void)
{
	struct input_host *h = http_load();

	input_host_set(h, "listen", "127.0.0.1:0");
	http_open(h);
	return h;
}

struct http_peer *http_dial_from(const char *address, int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)port)};
	struct timeval limit = {.tv_sec = 20};
	struct http_peer *p = calloc(1, sizeof *p);

	assert(p != NULL && inet_pton(AF_INET, address, &to.sin_addr) == 1);
	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert(p->fd >= 0);
	setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(p->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	if (connect(p->fd, (struct sockaddr *)&to, sizeof to) == 0)
		return p;
	http_free(p);
	return NULL;
}

struct http_peer *http_dial(struct input_host *h)
{
	struct http_peer *p = http_dial_from("127.0.0.1", input_host_port(h, 0));

	if (p == NULL) {
		printf("Bail out! cannot connect: %s\n", strerror(errno));
		exit(99);
	}
	return p;
}

void http_free(struct http_peer *p)
{
	close(p->fd);
	free(p);
}

bool http_send(struct http_peer *p, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = send(p->fd, at, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

bool http_say(struct http_peer *p, const char *text)
{
	return http_send(p, text, strlen(text));
}

void http_ask(struct http_peer *p, const char *first, const char *headers,
              const char *body)
{
	static char text[300000];
	char length[60] = "";

	if (body != NULL)
		snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(body));
	snprintf(text, sizeof text, "%s HTTP/1.1\r\nHost: gw\r\n%s%s\r\n%s", first,
	         headers == NULL ? "" : headers, length, body == NULL ? "" : body);
	http_say(p, text);
}

void http_get(struct http_peer *p, const char *target)
{
	char first[20000];

	snprintf(first, sizeof first, "GET %s", target);
	http_ask(p, first, NULL, NULL);
}

void http_half_close(struct http_peer *p)
{
	shutdown(p->fd, SHUT_WR);
}

/* Reads until there is `text` at or behind `from`; NULL: why in `answer`. */
static char *read_until(struct http_peer *p, const char *text, size_t need)
{
	for (;;) {
		char *found = text == NULL ? NULL : strstr(p->data, text);
		ssize_t n;

		if (text != NULL ? found != NULL : p->len >= need)
			return text != NULL ? found : p->data;
		assert(p->len < sizeof p->data - 1);
		n = recv(p->fd, p->data + p->len, sizeof p->data - 1 - p->len, 0);
		if (n <= 0) {
			strcpy(p->answer, n < 0 && errno == EAGAIN ? "(nothing)"
			                  : p->len == 0            ? "(end)"
			                                           : "(torn)");
			return NULL;
		}
		p->len += (size_t)n;
		p->data[p->len] = '\0';
	}
}

static size_t body_length(const char *head)
{
	const char *at = strcasestr(head, "\r\nContent-Length: ");

	return at == NULL ? 0 : strtoul(at + 18, NULL, 10);
}

/* Takes one answer out of what was read; false: `answer` says why not. */
static bool take(struct http_peer *p, bool has_body, size_t *head_len)
{
	char *end = read_until(p, "\r\n\r\n", 0);
	size_t whole;

	if (end == NULL)
		return false;
	*head_len = (size_t)(end - p->data) + 4;
	whole = *head_len + (has_body ? body_length(p->data) : 0);
	if (read_until(p, NULL, whole) == NULL)
		return false;
	memcpy(p->answer, p->data, whole);
	p->answer[whole] = '\0';
	memmove(p->data, p->data + whole, p->len - whole + 1);
	p->len -= whole;
	return true;
}

static const char *answer(struct http_peer *p, bool has_body)
{
	static char short_text[300000];
	size_t head_len, len;

	if (!take(p, has_body, &head_len))
		return p->answer;
	len = (size_t)snprintf(short_text, sizeof short_text, "%.3s %s", p->answer + 9,
	                       p->answer + head_len);
	while (len > 0 && (short_text[len - 1] == '\n' || short_text[len - 1] == ' '))
		short_text[--len] = '\0';
	return short_text;
}

const char *http_answer(struct http_peer *p)
{
	return answer(p, true);
}

const char *http_answer_head(struct http_peer *p)
{
	return answer(p, false);
}

const char *http_whole(struct http_peer *p)
{
	char *date = strstr(p->answer, "\r\nDate: ");
	char *end = date == NULL ? NULL : strstr(date + 2, "\r\n");

	if (end != NULL)
		memmove(date, end, strlen(end) + 1);
	return p->answer;
}

const char *http_asked(struct http_peer *p, const char *first, const char *headers,
                       const char *body)
{
	http_ask(p, first, headers, body);
	return http_answer(p);
}

const char *http_got(struct http_peer *p, const char *target)
{
	http_get(p, target);
	return http_answer(p);
}

const char *http_once(struct input_host *h, const char *first, const char *headers,
                      const char *body)
{
	struct http_peer *p = http_dial(h);
	const char *text = http_asked(p, first, headers, body);
	static char copy[sizeof p->answer];

	snprintf(copy, sizeof copy, "%s", text);
	http_free(p);
	return copy;
}

const char *http_line(struct input_host *h, unsigned number)
{
	const char *text = NULL;

	if (!input_host_wait(h, number, 20000))
		return "(not handed over)";
	input_host_line(h, number, &text);
	return text;
}
