/* SPDX-License-Identifier: MIT */
/*
 * A sender for tests: sends each line of a file to a socket, up to a window of them ahead
 * of the answers, and writes the number of each line and the id that answered it to a
 * ledger. When the connection breaks it connects again and repeats what was not answered,
 * so a frame may be stored twice, but each line of the ledger was promised by the far
 * side.
 *
 *   blaster [-w WINDOW] [-t SECONDS] [-r] [-l LEDGER] unix:PATH|tcp:ADDRESS:PORT [FILE]
 *
 * -r repeats lines that were answered by an error.  0: every line was answered by ok; 1:
 * some by an error; 3: the time is over.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define OUT_SIZE    65536
#define ANSWER_SIZE 4096
#define PAUSE_MS    50

struct line {
	char *text; /* with its newline */
	size_t len;
	unsigned long number;
};

struct blaster {
	const char *address;
	FILE *input;
	FILE *ledger;
	bool repeats_errors;
	int64_t end_ms;

	/* Lines without an answer, oldest first, in a ring. */
	struct line *flight;
	size_t window, first, waiting;
	size_t sent; /* of these, copied into `out` on this connection */
	unsigned long lines;
	bool at_end;

	int fd; /* -1: not connected */
	char out[OUT_SIZE];
	size_t out_len, out_done;
	char answer[ANSWER_SIZE];
	size_t answer_len;
	int64_t pause_ms; /* until when to send nothing */

	unsigned long ok, errors, connections;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct line *line_at(struct blaster *b, size_t i)
{
	return &b->flight[(b->first + i) % b->window];
}

static int open_unix(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert(strlen(path) < sizeof address.sun_path);
	memcpy(address.sun_path, path, strlen(path));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int open_tcp(const char *text)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	const char *colon = strrchr(text, ':');
	char host[64] = "";
	int fd;

	if (colon == NULL || (size_t)(colon - text) >= sizeof host)
		return -1;
	memcpy(host, text, (size_t)(colon - text));
	address.sin_port = htons((uint16_t)atoi(colon + 1));
	if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
		return -1;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void reconnect(struct blaster *b)
{
	b->sent = 0;
	b->out_len = b->out_done = 0;
	b->answer_len = 0;
	if (strncmp(b->address, "unix:", 5) == 0)
		b->fd = open_unix(b->address + 5);
	else
		b->fd = open_tcp(b->address + 4);
	if (b->fd >= 0)
		b->connections++;
	else
		poll(NULL, 0, PAUSE_MS);
}

static void disconnect(struct blaster *b)
{
	close(b->fd);
	b->fd = -1;
}

/* Takes lines from the input while the window has room. */
static void take_lines(struct blaster *b)
{
	while (!b->at_end && b->waiting < b->window) {
		struct line line = {.text = NULL};
		size_t size = 0;
		ssize_t len = getline(&line.text, &size, b->input);

		if (len <= 0) {
			free(line.text);
			b->at_end = true;
			return;
		}
		if (line.text[len - 1] != '\n') {
			line.text = realloc(line.text, (size_t)len + 2);
			assert(line.text != NULL);
			memcpy(line.text + len++, "\n", 2);
		}
		assert(len <= OUT_SIZE);
		line.len = (size_t)len;
		line.number = ++b->lines;
		*line_at(b, b->waiting++) = line;
	}
}

static void fill_out(struct blaster *b)
{
	if (b->out_done == b->out_len)
		b->out_len = b->out_done = 0;
	while (b->sent < b->waiting) {
		const struct line *line = line_at(b, b->sent);

		if (line->len > OUT_SIZE - b->out_len)
			return;
		memcpy(b->out + b->out_len, line->text, line->len);
		b->out_len += line->len;
		b->sent++;
	}
}

/* The answer to the oldest line. */
static void take_answer(struct blaster *b, const char *answer)
{
	struct line line = *line_at(b, 0);

	if (b->sent == 0) {
		fprintf(stderr, "blaster: nobody asked for the answer: %s\n", answer);
		exit(2);
	}
	b->first = (b->first + 1) % b->window;
	b->waiting--;
	b->sent--;
	if (strncmp(answer, "ok ", 3) == 0) {
		b->ok++;
		if (b->ledger != NULL)
			fprintf(b->ledger, "%lu %s\n", line.number, answer + 3);
	} else if (b->repeats_errors) {
		*line_at(b, b->waiting++) = line;
		b->pause_ms = now_ms() + PAUSE_MS;
		return;
	} else {
		b->errors++;
		fprintf(stderr, "line %lu: %s\n", line.number, answer);
	}
	free(line.text);
}

static void take_answers(struct blaster *b)
{
	ssize_t len = recv(b->fd, b->answer + b->answer_len,
	                   sizeof b->answer - b->answer_len, MSG_DONTWAIT);
	char *begin = b->answer;
	char *end;

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0) {
		disconnect(b);
		return;
	}
	b->answer_len += (size_t)len;
	while ((end = memchr(begin, '\n', b->answer_len - (size_t)(begin - b->answer))) !=
	       NULL) {
		*end = '\0';
		take_answer(b, begin);
		begin = end + 1;
	}
	b->answer_len -= (size_t)(begin - b->answer);
	memmove(b->answer, begin, b->answer_len);
	if (b->ledger != NULL)
		fflush(b->ledger);
}

static void send_some(struct blaster *b)
{
	ssize_t len = send(b->fd, b->out + b->out_done, b->out_len - b->out_done,
	                   MSG_DONTWAIT | MSG_NOSIGNAL);

	/* A broken connection is noticed by take_answers(), after the last answer was
	 * read. */
	if (len >= 0)
		b->out_done += (size_t)len;
}

static void exchange(struct blaster *b)
{
	int64_t left_ms = b->pause_ms - now_ms();
	struct pollfd p = {.fd = b->fd, .events = POLLIN};

	if (left_ms <= 0) {
		fill_out(b);
		left_ms = 1000;
	}
	if (b->out_done < b->out_len)
		p.events |= POLLOUT;
	poll(&p, 1, (int)left_ms);
	if (p.revents & POLLOUT)
		send_some(b);
	if (p.revents & (POLLIN | POLLHUP | POLLERR))
		take_answers(b);
}

static int blast(struct blaster *b)
{
	for (;;) {
		take_lines(b);
		if (b->at_end && b->waiting == 0)
			return b->errors == 0 ? 0 : 1;
		if (now_ms() >= b->end_ms) {
			fprintf(stderr, "blaster: %zu lines without an answer\n",
			        b->waiting);
			return 3;
		}
		if (b->fd < 0)
			reconnect(b);
		else
			exchange(b);
	}
}

static FILE *open_file(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (file == NULL) {
		perror(path);
		exit(2);
	}
	return file;
}

static bool read_arguments(struct blaster *b, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "w:t:l:r")) != -1) {
		if (option == 'w')
			b->window = strtoul(optarg, NULL, 10);
		else if (option == 't')
			b->end_ms = now_ms() + 1000 * atoll(optarg);
		else if (option == 'l')
			b->ledger = open_file(optarg, "w");
		else if (option == 'r')
			b->repeats_errors = true;
		else
			return false;
	}
	if (optind >= argc || b->window == 0)
		return false;
	b->address = argv[optind++];
	if (optind < argc && strcmp(argv[optind], "-") != 0)
		b->input = open_file(argv[optind], "r");
	return strncmp(b->address, "unix:", 5) == 0 ||
	       strncmp(b->address, "tcp:", 4) == 0;
}

int main(int argc, char **argv)
{
	static struct blaster b = {.window = 100, .fd = -1};
	int status;

	b.input = stdin;
	b.end_ms = now_ms() + 60000;
	if (!read_arguments(&b, argc, argv)) {
		fprintf(stderr,
		        "usage: blaster [-w WINDOW] [-t SECONDS] [-r] [-l LEDGER] "
		        "unix:PATH|tcp:ADDRESS:PORT [FILE]\n");
		return 2;
	}
	b.flight = calloc(b.window, sizeof *b.flight);
	assert(b.flight != NULL);
	status = blast(&b);
	printf("lines %lu, ok %lu, errors %lu, connections %lu\n", b.lines, b.ok,
	       b.errors, b.connections);
	while (b.waiting > 0)
		free(line_at(&b, --b.waiting)->text);
	free(b.flight);
	if (b.ledger != NULL && fclose(b.ledger) != 0)
		status = 2;
	return status;
}
