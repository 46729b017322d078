/* SPDX-License-Identifier: MIT */
/* The input "socket-input": lines in, answers out. */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "socket_peer.h"
#include "tap.h"

static void each_line_is_answered_in_order(void)
{
	struct input_host *h = peer_start();
	struct peer *p = peer_tcp(input_host_port(h, 0));
	const char *text;

	peer_say(p, "3C3D3E01\n{\"readings\":{}}\r\n\n");
	ok(peer_is_ok(p, 1, 3), "three lines in one packet get three answers, in order");
	input_host_line(h, 1, &text);
	same(text, "3C3D3E01", "a line is handed over without its LF");
	ok(input_host_line(h, 2, &text).can_resend == 1,
	   "and the router knows that the sender can be told to come again");
	same(text, "{\"readings\":{}}", "nor with its CR");
	ok(input_host_line(h, 3, NULL).len == 0, "an empty line is a line");
	peer_send(p, "<=>\n\n#1#N#2#TC:1#\n", 18);
	ok(peer_is_ok(p, 4, 4), "a raw frame is one line");
	input_host_line(h, 4, &text);
	same(text, "<=>\n\n#1#N#2#TC:1#",
	     "though its type and count look like line ends");
	peer_free(p);
	input_host_free(h);
}

static struct input_verdict judge_by_word(unsigned number, const uint8_t *line,
                                          size_t len)
{
	struct input_verdict v = {.answer = FRAME_ANSWER_STORED};

	(void)number;
	(void)len;
	if (line[0] == 'k')
		v = (struct input_verdict){FRAME_ANSWER_KEPT, 0, "no layout fits"};
	else if (line[0] == 'r')
		v = (struct input_verdict){FRAME_ANSWER_REFUSED, 0, "empty\nok 9"};
	else if (line[0] == 'n')
		v = (struct input_verdict){FRAME_ANSWER_REFUSED, 0, NULL};
	else if (line[0] == 'l')
		v = (struct input_verdict){FRAME_ANSWER_LATER, 0, "the store is full"};
	else
		v.id = UINT64_MAX;
	return v;
}

static void each_fate_has_its_words(void)
{
	struct input_host *h = peer_start();
	struct peer *p = peer_tcp(input_host_port(h, 0));

	input_host_judge(h, judge_by_word);
	peer_say(p, "stored\nkept\nrefused\nnull\nlater\n");
	same(peer_answer(p), "ok 18446744073709551615", "stored");
	same(peer_answer(p), "error quarantined: no layout fits", "kept");
	same(peer_answer(p), "error empty ok 9",
	     "refused, and no text can forge an answer");
	same(peer_answer(p), "error refused", "refused without a reason");
	same(peer_answer(p), "error later: the store is full", "not now");
	peer_free(p);
	input_host_free(h);
}

static void bytes_may_come_one_by_one(void)
{
	struct input_host *h = peer_start();
	struct peer *p = peer_tcp(input_host_port(h, 0));
	static const char lines[] = "first\r\n<=>\n\n#x#\nlast\n";
	const char *text;

	setsockopt(p->fd, 6, 1, &(int){1}, sizeof(int)); /* TCP_NODELAY */
	for (size_t i = 0; i < sizeof lines - 1; i++)
		peer_send(p, lines + i, 1);
	ok(peer_is_ok(p, 1, 3), "three lines, sent byte by byte, are three lines");
	input_host_line(h, 2, &text);
	same(text, "<=>\n\n#x#", "each as it was sent");
	peer_free(p);
	input_host_free(h);
}

static void all_lines_arrive(void)
{
	enum { LINES = 100000, GROUP = 1000 };
	struct input_host *h = peer_start();
	struct peer *p = peer_tcp(input_host_port(h, 0));
	char group[GROUP * 32];
	unsigned wrong = 0;
	bool is_fine = true;

	for (unsigned n = 1; n <= LINES; n += GROUP) {
		size_t len = 0;

		for (unsigned i = n; i < n + GROUP; i++)
			len += (size_t)sprintf(group + len, "{\"n\":%u}\n", i);
		/* Answers are read one group behind: thousands of lines are under way. */
		is_fine = is_fine && peer_send(p, group, len);
		if (n > GROUP)
			is_fine = is_fine && peer_is_ok(p, n - GROUP, n - 1);
	}
	is_fine = is_fine && peer_is_ok(p, LINES - GROUP + 1, LINES);
	ok(is_fine, "100,000 lines get 100,000 answers in order");
	for (unsigned n = 1; n <= LINES; n++) {
		const char *text;

		snprintf(group, sizeof group, "{\"n\":%u}", n);
		input_host_line(h, n, &text);
		wrong += strcmp(text, group) != 0;
	}
	ok(input_host_count(h) == LINES && wrong == 0,
	   "each was handed over once, unchanged");
	peer_free(p);
	input_host_free(h);
}

static void who_stops_sending_gets_every_answer(void)
{
	struct input_host *h = peer_start();
	struct peer *p = peer_tcp(input_host_port(h, 0));

	for (unsigned i = 0; i < 1000; i++)
		peer_say(p, "a line\n");
	peer_say(p, "one without an end");
	peer_half_close(p);
	ok(peer_is_ok(p, 1, 1001),
	   "after a half close all is answered, the open line too");
	same(peer_answer(p), "(end)", "then the connection ends");
	peer_free(p);

	p = peer_tcp(input_host_port(h, 0));
	peer_half_close(p);
	same(peer_answer(p), "(end)", "who says nothing is answered nothing");
	ok(input_host_count(h) == 1001, "and no line is made up");
	peer_free(p);
	input_host_free(h);
}

static void a_long_line_costs_only_itself(void)
{
	const char *path = peer_path("long.sock");
	struct input_host *h = peer_load_unix(path);
	const size_t size = 3000000;
	char *many = malloc(size);
	struct peer *p;

	input_host_open(h);
	p = peer_unix(
		path); /* its buffer holds a long line whole, as that of TCP may not */
	memset(many, 'x', size);
	peer_say(p, "before\n");
	peer_send(p, many, 65536);
	peer_say(p, "\r\n");
	ok(peer_is_ok(p, 1, 2), "a line of 65536 bytes is taken");
	input_host_stop(h);
	peer_say(p, "before\n");
	peer_send(p, many, 65537);
	peer_say(p, "\nafter\n");
	input_host_go(h);
	ok(peer_is_ok(p, 3, 3), "the line before a long one is answered before it");
	same(peer_answer(p), "error line too long", "one byte more is too long");
	ok(peer_is_ok(p, 4, 4), "the line behind it is answered behind it");
	for (size_t i = 0; i + 3 <= size; i += 3)
		memcpy(many + i, "<=>", 3);
	peer_send(p, many, size);
	peer_say(p, "\nafter\n");
	same(peer_answer(p), "error line too long",
	     "a million beginnings are one long line");
	ok(peer_is_ok(p, 5, 5), "and the next line is a line");
	peer_send(p, many, size);
	peer_half_close(p);
	same(peer_answer(p), "error line too long",
	     "a long line may end with the connection");
	same(peer_answer(p), "(end)", "which is answered once");
	ok(input_host_count(h) == 5, "nothing of the long ones was handed over");
	free(many);
	peer_free(p);
	input_host_free(h);
}

static void garbage_costs_only_itself(void)
{
	struct input_host *h = peer_start();
	struct peer *p = peer_tcp(input_host_port(h, 0));
	char garbage[20000];
	unsigned lines = 0;

	srand(7);
	for (size_t i = 0; i < sizeof garbage; i++) {
		garbage[i] = (char)(rand() >> 8);
		if (garbage[i] == '<')
			garbage[i] = '>';
		lines += garbage[i] == '\n';
	}
	peer_send(p, garbage, sizeof garbage);
	peer_say(p, "\ngood\n");
	ok(peer_is_ok(p, 1, lines + 2),
	   "random bytes are so many lines, one answer each");
	peer_free(p);
	input_host_free(h);
}

static void datagrams_hold_lines(void)
{
	struct input_host *h = peer_load();
	struct peer *p;
	const char *text;
	char big[60000];

	input_host_set(h, "listen", "udp:127.0.0.1:0");
	ok(input_host_open(h), "it listens on UDP");
	p = peer_udp(input_host_port(h, 0));
	peer_say(p, "one\ntwo\r\nthree");
	peer_say(p, "");
	peer_say(p, "four\n");
	ok(input_host_wait(h, 4, SOON_MS), "two datagrams hold four lines");
	input_host_line(h, 3, &text);
	same(text, "three", "the end of a datagram ends a line");
	ok(input_host_line(h, 4, &text).can_resend == 0,
	   "the router knows that the sender cannot be asked to come again");
	memset(big, 'x', sizeof big);
	peer_send(p, big, sizeof big);
	ok(input_host_wait(h, 5, SOON_MS) &&
	           input_host_line(h, 5, NULL).len == sizeof big,
	   "a large datagram is taken whole");
	ok(recv(p->fd, big, 1, MSG_DONTWAIT) < 0, "nothing is answered");

	input_host_stop(h);
	for (unsigned i = 0; i < 400; i++)
		send(p->fd, big, sizeof big, 0);
	input_host_go(h);
	ok(input_host_wait(h, 6, SOON_MS), "after a flood it goes on");
	for (unsigned i = 0; i < 100 && !input_host_logged(h, "datagrams lost", 50); i++)
		peer_say(p, "after\n");
	ok(input_host_logged(h, "datagrams lost", 0),
	   "and says that datagrams were lost");
	peer_free(p);
	input_host_free(h);
}

int main(void)
{
	alarm(240); /* rather dead than hanging */
	each_line_is_answered_in_order();
	each_fate_has_its_words();
	bytes_may_come_one_by_one();
	all_lines_arrive();
	who_stops_sending_gets_every_answer();
	a_long_line_costs_only_itself();
	garbage_costs_only_itself();
	datagrams_hold_lines();
	peer_end();
	return done();
}
