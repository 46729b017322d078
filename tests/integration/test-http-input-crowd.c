/* SPDX-License-Identifier: MIT */
/* The input "http-input" among senders that are slow, silent, greedy, many or gone. */
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_peer.h"
#include "tap.h"

#define SOON_MS 20000

static void slow_ones_are_broken_off(void)
{
	struct input_host *h = http_start();
	struct http_peer *head = http_dial(h), *body = http_dial(h), *idle = http_dial(h);
	struct http_peer *good = http_dial(h);
	const char *text;

	same(http_got(idle, "/?frame=a"), "200 OK 1", "one is served");
	same(http_got(good, "/?frame=a"), "200 OK 2", "another, too");
	http_say(body, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n");
	http_say(head, "GET /?frame=a HTTP/1.1\r\n");
	same(http_got(good, "/?frame=a"), "200 OK 3", "slow ones hold nobody up");
	input_host_jump(h, 9000);
	http_say(head, "A: b\r\n");
	http_say(body, "a");
	same(http_got(good, "/?frame=a"), "200 OK 4", "after 9 s they may go on");
	input_host_jump(h, 2000);
	http_say(head, "A: b\r\n");
	text = http_answer(head);
	ok(text[0] == '(', "after 11 s a head is not waited for, dribble or not: %s",
	   text);
	http_say(body, "a");
	input_host_jump(h, 20000);
	same(http_got(good, "/?frame=a"), "200 OK 5", "the others stay");
	text = http_answer(body);
	ok(text[0] == '(', "after 31 s a body is not waited for: %s", text);
	input_host_jump(h, 40000);
	http_get(good, "/?frame=a");
	text = http_answer(idle);
	ok(text[0] == '(', "after 71 s an idle connection ends: %s", text);
	same(http_answer(good), "200 OK 6", "one that is used does not");
	ok(input_host_logged(h, "too slow", SOON_MS), "the log says so");
	http_free(head);
	http_free(body);
	http_free(idle);
	http_free(good);
	input_host_free(h);
}

/* Answers that nobody reads fill the sockets, and then a deadline runs. */
static void who_does_not_read_is_broken_off(void)
{
	static const char request[] = "GET /?frame=a HTTP/1.1\r\nHost: x\r\n\r\n";
	struct input_host *h = http_start();
	struct http_peer *p = http_dial(h), *good = http_dial(h);
	struct timeval moment = {.tv_usec = 300000};
	unsigned sent = 0, answered = 0;

	setsockopt(p->fd, SOL_SOCKET, SO_SNDTIMEO, &moment, sizeof moment);
	while (sent < 1000000 && http_send(p, request, sizeof request - 1))
		sent++;
	ok(sent > 1000 && sent < 1000000, "it is not read without end: %u requests",
	   sent);
	ok(http_got(good, "/?frame=b")[0] == '2', "others are served meanwhile");
	input_host_jump(h, 31000);
	ok(http_once(h, "GET /?frame=b", NULL, NULL)[0] == '2', "also later");
	while (http_answer(p)[0] == '2')
		answered++;
	ok(answered > 0 && answered < sent,
	   "it is broken off at the deadline: %u answers", answered);
	http_free(p);
	http_free(good);
	input_host_free(h);
}

static void requests_need_not_wait_for_answers(void)
{
	struct input_host *h = http_start();
	struct http_peer *p = http_dial(h);
	unsigned answered = 0;

	for (unsigned i = 0; i < 2000; i++)
		http_say(p, "GET /?frame=a HTTP/1.1\r\nHost: x\r\n\r\n");
	while (answered < 2000 && atoi(http_answer(p) + 7) == (int)answered + 1)
		answered++;
	ok(answered == 2000, "2,000 requests get 2,000 answers in order: %u", answered);
	http_free(p);
	input_host_free(h);
}

static void those_who_break_off_harm_nobody(void)
{
	struct input_host *h = http_start();
	struct linger at_once = {.l_onoff = 1};
	struct http_peer *p;

	for (unsigned i = 0; i < 300; i++) {
		p = http_dial(h);
		http_say(p, i % 3 == 0   ? "GET /?frame=a HTTP/1.1\r\nHost: x\r\n\r\n"
		            : i % 3 == 1 ? "POST / HTTP/1.1\r\nHost: x\r\n"
		                           "Content-Length: 10\r\n\r\nabc"
		                         : "GET /?fra");
		if (i % 2 == 0)
			setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &at_once,
			           sizeof at_once);
		http_free(p);
	}
	ok(strncmp(http_once(h, "GET /?frame=z", NULL, NULL), "200 OK ", 7) == 0,
	   "after 300 who broke off the next is served");
	ok(input_host_count(h) <= 101, "and no half request was handed over: %u",
	   input_host_count(h));
	input_host_free(h);
}

static void more_connections_than_slots_wait(void)
{
	struct input_host *h = http_load();
	struct http_peer *p[5];

	input_host_set(h, "listen", "127.0.0.1:0");
	input_host_set(h, "max_connections", "4");
	http_open(h);
	for (unsigned i = 0; i < 5; i++) {
		p[i] = http_dial(h);
		http_get(p[i], "/?frame=a");
	}
	for (unsigned i = 0; i < 4; i++)
		ok(strncmp(http_answer(p[i]), "200 ", 4) == 0, "%u of 4 is served",
		   i + 1);
	ok(input_host_logged(h, "new connections have to wait, 4 are open: max_conn",
	                     SOON_MS),
	   "the log says why the fifth is not");
	input_host_jump(h, 1500);
	ok(strncmp(http_answer(p[4]), "200 ", 4) == 0,
	   "an idle one gives way to it after a second");
	for (unsigned i = 0; i < 5; i++)
		http_free(p[i]);
	input_host_free(h);
}

/* Their end comes together with their bytes. */
static void who_went_away_in_the_middle_gives_way(void)
{
	struct input_host *h = http_load();
	struct http_peer *gone[4], *p;

	input_host_set(h, "listen", "127.0.0.1:0");
	input_host_set(h, "max_connections", "4");
	input_host_set(h, "header_timeout", "1h");
	http_open(h);
	input_host_stop(h);
	for (unsigned i = 0; i < 4; i++) {
		gone[i] = http_dial(h);
		http_say(gone[i], i % 2 == 0 ? "GET /?fra"
		                             : "POST / HTTP/1.1\r\nHost: x\r\n"
		                               "Content-Length: 10\r\n\r\nabc");
		http_half_close(gone[i]);
	}
	p = http_dial(h);
	http_get(p, "/?frame=a");
	input_host_go(h);
	same(http_answer(p), "200 OK 1",
	     "four that broke off in the middle do not keep a fifth out");
	for (unsigned i = 0; i < 4; i++)
		http_free(gone[i]);
	http_free(p);
	input_host_free(h);
}

static void without_descriptors_it_goes_on(void)
{
	struct input_host *h = http_start();
	struct http_peer *good = http_dial(h), *p[3];
	struct rlimit old, none;
	int lowest;

	same(http_got(good, "/?frame=a"), "200 OK 1", "one is served");
	input_host_stop(h);
	for (unsigned i = 0; i < 3; i++) {
		p[i] = http_dial(h);
		http_get(p[i], "/?frame=b");
	}
	lowest = dup(STDIN_FILENO);
	close(lowest);
	getrlimit(RLIMIT_NOFILE, &old);
	none = (struct rlimit){(rlim_t)lowest, old.rlim_max};
	setrlimit(RLIMIT_NOFILE, &none);
	input_host_go(h);
	ok(input_host_logged(h, "have to wait, 1 are open: Too many open files", SOON_MS),
	   "without descriptors new ones wait, and the log says so");
	same(http_got(good, "/?frame=a"), "200 OK 2", "who is there is served");
	setrlimit(RLIMIT_NOFILE, &old);
	input_host_jump(h, 1500);
	http_get(good, "/?frame=a");
	for (unsigned i = 0; i < 3; i++)
		ok(http_answer(p[i])[0] == '2', "then they are let in, too");
	for (unsigned i = 0; i < 3; i++)
		http_free(p[i]);
	http_free(good);
	input_host_free(h);
}

/* The first address of this machine that is not its own loop; NULL: there is none. */
static const char *own_address(void)
{
	static char text[64];
	FILE *f = popen("hostname -I 2>/dev/null", "r");
	bool is_v4 =
		f != NULL && fscanf(f, "%63s", text) == 1 && strchr(text, ':') == NULL;

	if (f != NULL)
		pclose(f);
	return is_v4 ? text : NULL;
}

static void one_address_cannot_take_all(void)
{
	const char *address = own_address();
	struct input_host *h = http_load();
	struct http_peer *p[20] = {NULL};
	unsigned served = 0;

	input_host_set(h, "listen", "0.0.0.0:0");
	http_open(h);
	for (unsigned i = 0; i < 20; i++) {
		p[i] = http_dial(h);
		served += http_got(p[i], "/?frame=a")[0] == '2';
	}
	ok(served == 20, "this machine itself is not counted, it may be a proxy");
	for (unsigned i = 0; i < 20; i++)
		http_free(p[i]);
	if (address == NULL) {
		ok(true, "one address has 16 # SKIP no address but the loop's");
		input_host_free(h);
		return;
	}
	served = 0;
	for (unsigned i = 0; i < 20; i++) {
		p[i] = http_dial_from(address, input_host_port(h, 0));
		served += http_got(p[i], "/?frame=a")[0] == '2';
	}
	ok(served == 16, "one address has 16 connections: %u", served);
	ok(input_host_logged(h, "which has 16 (max_per_address)", SOON_MS),
	   "the log says who");
	ok(http_once(h, "GET /?frame=a", NULL, NULL)[0] == '2', "others come in");
	http_free(p[0]);
	http_once(h, "GET /?frame=a", NULL, NULL); /* its end has been seen by then */
	p[0] = http_dial_from(address, input_host_port(h, 0));
	ok(http_got(p[0], "/?frame=a")[0] == '2', "when one leaves, another may come");
	for (unsigned i = 0; i < 20; i++)
		http_free(p[i]);
	input_host_free(h);
}

int main(void)
{
	alarm(240); /* rather dead than hanging */
	slow_ones_are_broken_off();
	who_does_not_read_is_broken_off();
	requests_need_not_wait_for_answers();
	those_who_break_off_harm_nobody();
	more_connections_than_slots_wait();
	who_went_away_in_the_middle_gives_way();
	without_descriptors_it_goes_on();
	one_address_cannot_take_all();
	return done();
}
