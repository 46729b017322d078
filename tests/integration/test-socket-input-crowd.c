/* SPDX-License-Identifier: MIT */
/* The input "socket-input" among senders that are many, slow, silent, greedy or dead. */
#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "socket_peer.h"
#include "tap.h"

/* Sends without reading until the other side takes no more; the lines sent whole. */
static unsigned send_until_full(struct peer *p, const char *line)
{
	struct pollfd ready = {.fd = p->fd, .events = POLLOUT};
	size_t len = strlen(line), sent = 0;

	fcntl(p->fd, F_SETFL, O_NONBLOCK);
	while (poll(&ready, 1, 500) == 1) {
		ssize_t n =
			send(p->fd, line + sent % len, len - sent % len, MSG_NOSIGNAL);

		sent += n > 0 ? (size_t)n : 0;
	}
	fcntl(p->fd, F_SETFL, 0);
	peer_send(p, line + sent % len, sent % len == 0 ? 0 : len - sent % len);
	return (unsigned)((sent + len - 1) / len);
}

static struct input_verdict judge_wordily(unsigned number, const uint8_t *line,
                                          size_t len)
{
	static const char text[] =
		"0123456789012345678901234567890123456789012345678901234567"
		"8901234567890123456789012345678901234567890123456789";
	struct input_verdict v = {FRAME_ANSWER_REFUSED, 0, text};

	(void)len;
	if (line[0] == 'o')
		v = (struct input_verdict){FRAME_ANSWER_STORED, number, NULL};
	return v;
}

static void who_reads_no_answers_is_read_no_more(void)
{
	const char *path = peer_path("slow.sock");
	struct input_host *h = peer_load_unix(path);
	unsigned sent, taken, answers = 0;
	struct peer *p, *other;

	input_host_judge(h, judge_wordily);
	input_host_open(h);
	p = peer_unix(path);
	sent = send_until_full(p, "x\n");
	taken = input_host_count(h);
	ok(taken < sent, "of %u lines sent %u are taken, then no more", sent, taken);
	ok(taken * 117 < 1500000, "so that %u bytes of answers wait at most",
	   taken * 117);
	other = peer_unix(path);
	peer_say(other, "o\n");
	ok(strncmp(peer_answer(other), "ok ", 3) == 0, "others are served meanwhile");
	peer_free(other);
	while (answers < sent && strncmp(peer_answer(p), "error 0123", 10) == 0)
		answers++;
	ok(answers == sent, "when it reads, all %u lines are answered", sent);
	peer_say(p, "o\n");
	ok(strncmp(peer_answer(p), "ok ", 3) == 0,
	   "and it is a sender like others again");
	peer_free(p);
	input_host_free(h);
}

static void who_stops_sending_may_read_late(void)
{
	const char *path = peer_path("late.sock");
	struct input_host *h = peer_load_unix(path);
	unsigned answers = 0;
	struct peer *p;

	input_host_judge(h, judge_wordily);
	input_host_open(h);
	p = peer_unix(path);
	for (unsigned i = 0; i < 3000; i++)
		peer_say(p, "x\n");
	peer_half_close(p);
	ok(input_host_wait(h, 3000, SOON_MS),
	   "3000 lines are taken, whose answers fill the "
	   "socket's buffer");
	while (strncmp(peer_answer(p), "error 0123", 10) == 0)
		answers++;
	ok(answers == 3000, "%u of 3000 answers arrive after the half close", answers);
	same(peer_answer(p), "(end)", "and then the end");
	peer_free(p);
	input_host_free(h);
}

static void who_reads_no_answers_and_dies_is_forgotten(void)
{
	const char *path = peer_path("dead.sock");
	struct input_host *h = peer_load_unix(path);
	unsigned sent;
	struct peer *p;

	input_host_judge(h, judge_wordily);
	input_host_open(h);
	p = peer_unix(path);
	sent = send_until_full(p, "x\n");
	peer_free(p);
	ok(input_host_wait(h, sent, SOON_MS),
	   "a sender that closes without reading: the %u lines that it sent are taken",
	   sent);
	p = peer_unix(path);
	peer_say(p, "o\n");
	ok(strncmp(peer_answer(p), "ok ", 3) == 0, "and the next one is served");
	peer_free(p);
	input_host_free(h);
}

static void a_broken_connection_costs_only_itself(void)
{
	struct input_host *h = peer_start();
	struct peer *p = peer_tcp(input_host_port(h, 0)), *other;
	const char *text;

	peer_say(p, "whole\n");
	ok(peer_is_ok(p, 1, 1), "a line is stored");
	peer_say(p, "half");
	peer_reset(p);
	for (unsigned i = 0; i < 50; i++) {
		p = peer_tcp(input_host_port(h, 0));
		peer_reset(p);
	}
	other = peer_tcp(input_host_port(h, 0));
	peer_say(other, "next\n");
	ok(peer_is_ok(other, 2, 2), "after 50 broken connections the next is served");
	input_host_line(h, 2, &text);
	same(text, "next", "half a line of a broken connection is no line");
	peer_free(other);
	input_host_free(h);
}

static void a_dead_senders_answer_goes_to_nobody(void)
{
	struct input_host *h = peer_start();
	struct peer *p = peer_tcp(input_host_port(h, 0)), *next;
	uint64_t token, current;

	peer_say(p, "a\n");
	ok(peer_is_ok(p, 1, 1), "a sender is answered");
	token = input_host_line(h, 1, NULL).token;
	peer_half_close(p);
	same(peer_answer(p), "(end)", "and leaves");
	next = peer_tcp(input_host_port(h, 0));
	peer_say(next, "b\n");
	ok(peer_is_ok(next, 2, 2), "another comes in its place");
	input_host_stop(h);
	peer_say(next, "c\n");
	input_host_poll(h);
	current = input_host_line(h, 3, NULL).token;
	ok((uint32_t)token == (uint32_t)current && token != current,
	   "of the same slot, and yet with another token");
	input_host_answer(h, token, FRAME_ANSWER_STORED, 77);
	input_host_answer(h, current, FRAME_ANSWER_STORED, 3);
	input_host_answer(h, current, FRAME_ANSWER_STORED, 78);
	input_host_answer(h, UINT64_MAX - 1, FRAME_ANSWER_STORED, 79);
	input_host_go(h);
	peer_say(next, "d\n");
	ok(peer_is_ok(next, 3, 4), "an answer too late or too many reaches nobody");
	peer_free(p);
	peer_free(next);
	input_host_free(h);
}

static void a_greedy_sender_does_not_starve_another(void)
{
	struct input_host *h = peer_load();
	unsigned sent = 0, place = 0;
	struct peer *greedy, *small;
	const char *text;

	input_host_set(h, "listen", "tcp:127.0.0.1:0");
	input_host_room(h, 10000);
	input_host_open(h);
	greedy = peer_tcp(input_host_port(h, 0));
	small = peer_tcp(input_host_port(h, 0));
	peer_say(small, "hello\n");
	ok(strncmp(peer_answer(small), "ok ", 3) == 0, "both are connected");
	input_host_stop(h);
	sent = send_until_full(greedy, "greedy\n");
	peer_say(small, "small\n");
	input_host_go(h);
	ok(strncmp(peer_answer(small), "ok ", 3) == 0,
	   "both send while a commit takes long");
	input_host_wait(h, sent + 2, SOON_MS);
	for (unsigned n = 1; n <= input_host_count(h); n++) {
		input_host_line(h, n, &text);
		if (strcmp(text, "small") == 0)
			place = n;
	}
	ok(sent > 2000 && place <= 300, "its one line is number %u of %u", place,
	   sent + 2);
	peer_free(greedy);
	peer_free(small);
	input_host_free(h);
}

/* The process of a crowd: reads the port from `fd`, and fails unless all are answered. */
static void be_a_crowd(int fd, unsigned peers)
{
	struct peer *p[300];
	unsigned served = 0;
	int port;

	if (read(fd, &port, sizeof port) != sizeof port)
		_exit(2);
	for (unsigned i = 0; i < peers; i++)
		p[i] = peer_tcp(port);
	for (unsigned i = 0; i < peers; i++)
		peer_say(p[i], "a line\n");
	for (unsigned i = 0; i < peers; i++) {
		served += strncmp(peer_answer(p[i]), "ok ", 3) == 0;
		peer_free(p[i]);
	}
	_exit(served == peers ? 0 : 1);
}

/* Whether a crowd is answered, each of it, while this process has so few descriptors. */
static bool crowd_is_served(struct input_host *h, unsigned peers, rlim_t descriptors)
{
	struct rlimit before, low;
	int ends[2], status = -1, port;
	pid_t child;

	assert(pipe(ends) == 0);
	child = fork(); /* before the plugin's thread runs, which might hold a lock */
	if (child == 0)
		be_a_crowd(ends[0], peers);
	input_host_open(h);
	port = input_host_port(h, 0);
	getrlimit(RLIMIT_NOFILE, &before);
	low = before;
	low.rlim_cur = descriptors;
	setrlimit(RLIMIT_NOFILE, &low);
	assert(write(ends[1], &port, sizeof port) == sizeof port);
	waitpid(child, &status, 0);
	setrlimit(RLIMIT_NOFILE, &before);
	close(ends[0]);
	close(ends[1]);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void more_senders_than_descriptors_wait_and_are_served(void)
{
	struct input_host *h = peer_load();

	input_host_set(h, "listen", "tcp:127.0.0.1:0");
	input_host_set(h, "max_connections", "10000");
	ok(crowd_is_served(h, 200, 32),
	   "200 senders and 32 descriptors: each is answered");
	ok(input_host_logged(h, "Too many open files", 0), "the log says what is short");
	input_host_free(h);

	h = peer_load();
	input_host_set(h, "listen", "tcp:127.0.0.1:0");
	input_host_set(h, "max_connections", "7");
	ok(crowd_is_served(h, 200, 1024),
	   "200 senders and max_connections = 7: the same");
	ok(input_host_logged(h, "7 are open: max_connections", 0),
	   "the log names the limit");
	input_host_free(h);
}

static void silent_connections_give_way(void)
{
	struct input_host *h = peer_load();
	struct peer *silent, *active, *waiting;

	input_host_set(h, "listen", "tcp:127.0.0.1:0");
	input_host_set(h, "max_connections", "2");
	input_host_open(h);
	silent = peer_tcp(input_host_port(h, 0));
	peer_say(silent, "a\nunfinished");
	ok(peer_is_ok(silent, 1, 1), "one sends and falls silent");
	active = peer_tcp(input_host_port(h, 0));
	peer_say(active, "b\n");
	ok(peer_is_ok(active, 2, 2), "another takes the last place");
	input_host_jump(h, 59000);
	peer_say(active, "c\n");
	ok(peer_is_ok(active, 3, 3), "it goes on");
	waiting = peer_tcp(input_host_port(h, 0));
	peer_say(waiting, "d\n");
	ok(input_host_logged(h, "have to wait", SOON_MS), "a third has to wait");
	input_host_jump(h, 2000);
	peer_say(active, "e\n");
	same(peer_answer(silent), "(end)", "after a minute the silent one gives way");
	ok(strncmp(peer_answer(waiting), "ok ", 3) == 0, "to the one that waits");
	ok(strncmp(peer_answer(active), "ok ", 3) == 0, "the active one stays");
	peer_free(silent);
	peer_free(waiting);
	input_host_jump(h, 3600000);
	peer_say(active, "f\n");
	ok(strncmp(peer_answer(active), "ok ", 3) == 0,
	   "when nobody waits, one may be silent for an hour");
	peer_free(active);
	input_host_free(h);
}

static void idle_timeout_is_obeyed(void)
{
	struct input_host *h = peer_load();
	struct peer *p;

	input_host_set(h, "listen", "tcp:127.0.0.1:0");
	input_host_set(h, "idle_timeout", "1s");
	input_host_open(h);
	p = peer_tcp(input_host_port(h, 0));
	peer_say(p, "a\n");
	ok(peer_is_ok(p, 1, 1), "a line is answered");
	same(peer_answer(p), "(end)", "after idle_timeout the connection ends");
	peer_free(p);
	input_host_free(h);
}

/* How often this process slept, and how many ms it ran. */
static void look_at_usage(long *sleeps, long *ran_ms)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	*sleeps = usage.ru_nvcsw;
	*ran_ms = usage.ru_utime.tv_sec * 1000 + usage.ru_utime.tv_usec / 1000 +
	          usage.ru_stime.tv_sec * 1000 + usage.ru_stime.tv_usec / 1000;
}

static void nothing_wakes_an_idle_input(void)
{
	struct input_host *h = peer_start();
	struct peer *p = peer_tcp(input_host_port(h, 0));
	long sleeps[2], ran_ms[2];

	peer_say(p, "a\n");
	ok(peer_is_ok(p, 1, 1), "a sender is connected");
	look_at_usage(&sleeps[0], &ran_ms[0]);
	poll(NULL, 0, 500);
	look_at_usage(&sleeps[1], &ran_ms[1]);
	ok(sleeps[1] - sleeps[0] <= 3 && ran_ms[1] - ran_ms[0] < 100,
	   "in half a second nothing but this test sleeps (%ld) or runs (%ld ms)",
	   sleeps[1] - sleeps[0], ran_ms[1] - ran_ms[0]);
	peer_free(p);
	input_host_free(h);
}

int main(void)
{
	alarm(240); /* rather dead than hanging */
	who_reads_no_answers_is_read_no_more();
	who_stops_sending_may_read_late();
	who_reads_no_answers_and_dies_is_forgotten();
	a_broken_connection_costs_only_itself();
	a_dead_senders_answer_goes_to_nobody();
	a_greedy_sender_does_not_starve_another();
	more_senders_than_descriptors_wait_and_are_served();
	silent_connections_give_way();
	idle_timeout_is_obeyed();
	nothing_wakes_an_idle_input();
	peer_end();
	return done();
}
