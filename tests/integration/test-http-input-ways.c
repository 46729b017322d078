/* SPDX-License-Identifier: MIT */
/* The input "http-input": every way in, and what is answered. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http_peer.h"
#include "tap.h"

#define SOON_MS 20000
#define HEX                                                                              \
	"3C3D3E06223B2F6F057C1054E66E6F64655F3031232934574A1F859F414C0000E4414DC0FCC447"
#define PHP  "/getpost_frame_parser.php"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define JSON "Content-Type: application/json\r\n"
#define TEXT "Content-Type: text/plain\r\n"

static void a_node_is_answered_as_it_expects(void)
{
	struct input_host *h = http_start();
	struct http_peer *p = http_dial(h);

	same(http_got(p, PHP "?frame=" HEX), "200 OK 1", "GET with frame= is stored");
	same(http_whole(p),
	     "HTTP/1.1 200 OK\r\n"
	     "Content-Type: text/plain; charset=utf-8\r\n"
	     "Cache-Control: no-store\r\n"
	     "Content-Length: 5\r\n"
	     "\r\n"
	     "OK 1\n",
	     "the answer has a length, a type, and a short body, and nothing more");
	same(http_line(h, 1), HEX, "the frame is handed over as it came");
	ok(input_host_line(h, 1, NULL).can_resend == 1,
	   "the router knows that it can be told to come again");
	same(http_asked(p, "POST " PHP, FORM, "frame=" HEX), "200 OK 2",
	     "POST of a form, on the same connection");
	same(http_line(h, 2), HEX, "gives the same");
	same(http_asked(p, "POST " PHP "?", FORM, "frame=" HEX), "200 OK 3",
	     "with a lone ?");
	same(http_asked(p, "GET " PHP "?frame=" HEX, "Content-Length: 0\r\n", NULL),
	     "200 OK 4", "GET with Content-Length: 0");
	same(http_asked(p, "POST " PHP "?frame=" HEX, NULL, ""), "200 OK 5",
	     "POST with the frame in the query, and no body");
	same(http_asked(p, "PUT /anything/else?frame=" HEX, NULL, NULL), "200 OK 6",
	     "PUT, and any path");
	same(http_got(p, "?frame=" HEX), "200 OK 7", "no path at all");
	same(http_got(p, "http://gw/x?frame=" HEX), "200 OK 8", "an absolute URL");
	http_free(p);
	input_host_free(h);
}

static void a_query_is_understood(void)
{
	struct input_host *h = http_start();
	struct http_peer *p = http_dial(h);

	same(http_got(p, "/?counter=1&frame=aa&varA=2&frame=bb&&frame=cc&x"),
	     "200 OK 1\nOK 2\nOK 3", "several frames, one answer each, in order");
	same(http_line(h, 2), "bb", "other parameters are no frames");
	same(http_asked(p, "POST /?frame=q", FORM, "a=b&frame=form"), "200 OK 4\nOK 5",
	     "a query and a form together");
	same(http_line(h, 4), "q", "the query's first");
	same(http_got(p, "/?frame=%3c%3D%3E%86%01%23s%23n%231%23STR:a+b%2Bc%23"),
	     "200 OK 6", "a raw frame in percents");
	same(http_line(h, 6), "<=>\x86\x01#s#n#1#STR:a b+c#",
	     "is decoded; + is a space, as forms have it");
	same(http_got(p, "/?frame=<=>\x86\x01#s#n#1#TIME:1-2-3+5#"), "200 OK 7",
	     "a raw frame as it is");
	same(http_line(h, 7), "<=>\x86\x01#s#n#1#TIME:1-2-3+5#", "+ is a plus there");
	same(http_got(p, "/?frame=%3C=%3E%86%01#s#n#1#TIME:1-2-3+5#"), "200 OK 8",
	     "as a browser's encodeURI leaves it");
	same(http_line(h, 8), "<=>\x86\x01#s#n#1#TIME:1-2-3+5#", "too");
	same(http_got(p, "/?frame=%3C%3D%3E%00%00%0A%FF"), "200 OK 9", "any bytes");
	ok(http_line(h, 9) != NULL && input_host_line(h, 9, NULL).len == 7,
	   "NUL is one of them");
	same(http_got(p, "/?frame=%zz%4"), "200 OK 10", "% without digits");
	same(http_line(h, 10), "%zz%4", "stays what it is");
	same(http_got(p, "/?frame=<=>\x86\x01#s n#x# y#"), "200 OK 11",
	     "blanks in the first line");
	same(http_line(h, 11), "<=>\x86\x01#s n#x# y#", "are the frame's");
	http_free(p);
	input_host_free(h);
}

static struct input_verdict judge_by_word(unsigned number, const uint8_t *line,
                                          size_t len)
{
	struct input_verdict v = {.answer = FRAME_ANSWER_STORED, .id = number + 40};

	if (len == 0)
		v = (struct input_verdict){FRAME_ANSWER_REFUSED, 0, "an empty line"};
	else if (memcmp(line, "keep", 4) == 0)
		v = (struct input_verdict){FRAME_ANSWER_KEPT, 0, "no \"frame\"\r\nX: y"};
	else if (memcmp(line, "late", 4) == 0)
		v = (struct input_verdict){FRAME_ANSWER_LATER, 0, "the disk is full"};
	else if (memcmp(line, "{bad", 4) == 0)
		v = (struct input_verdict){FRAME_ANSWER_REFUSED, 0, "bad \\ JSON"};
	return v;
}

static void each_fate_has_its_answer(void)
{
	struct input_host *h = http_start();
	struct http_peer *p = http_dial(h);

	input_host_stop(h);
	input_host_judge(h, judge_by_word);
	input_host_go(h);
	same(http_got(p, "/?frame=keep"), "200 KEPT no \"frame\"  X: y",
	     "what is kept is not to be sent again, and forges no line");
	same(http_got(p, "/?frame="), "400 ERROR an empty line", "an empty frame");
	same(http_got(p, "/?frame=&frame=keep&frame=good"),
	     "200 ERROR an empty line\nKEPT no \"frame\"  X: y\nOK 45",
	     "each of several has its line");
	same(http_got(p, "/?frame=good&frame=late&frame=good"),
	     "503 LATER the disk is full", "one that has to come again says all");
	ok(strstr(http_whole(p), "\r\nRetry-After: 5\r\n") != NULL, "and when");
	same(http_got(p, "/?frame=good"), "200 OK 49", "the connection goes on");
	same(http_got(p, "/"),
	     "400 ERROR no frame here: frame=HEX, or a body with "
	     "frames, is needed",
	     "a request without a frame");
	same(http_asked(p, "POST /", JSON, "{\"x\":1}"), "200 {\"id\":50}", "JSON");
	same(http_asked(p, "POST /", JSON, "[{\"x\":1},{bad},{}]"),
	     "200 [{\"id\":51},{\"error\":\"bad \\\\ JSON\"},{\"id\":53}]",
	     "an array of documents is answered by an array");
	same(http_asked(p, "POST /", JSON, "{bad}"), "400 {\"error\":\"bad \\\\ JSON\"}",
	     "bad JSON");
	same(http_asked(p, "POST /?frame=late", JSON, "{}"),
	     "503 {\"error\":\"the disk is full\"}", "and later");
	input_host_stop(h);
	input_host_frames(h, 3);
	input_host_go(h);
	same(http_got(p, "/?frame=glued&frame=keep"),
	     "200 OK 55\nOK 56\nOK 57\nKEPT no \"frame\"  X: y",
	     "three frames glued in one line have a line each");
	http_free(p);
	input_host_free(h);
}

static void bodies_hold_lines_or_json(void)
{
	struct input_host *h = http_start();
	struct http_peer *p = http_dial(h);

	same(http_asked(p, "POST /", TEXT, HEX "\r\n\n \n{\"a\":1}\n<=>\x86\n#x#"),
	     "200 OK 1\nOK 2\nOK 3", "lines; blank ones are none");
	same(http_line(h, 3), "<=>\x86\n#x#", "a raw frame's count byte ends no line");
	same(http_asked(p, "POST /", FORM, HEX "\n" HEX "\n"), "200 OK 4\nOK 5",
	     "lines that call themselves a form, as curl has it");
	same(http_asked(p, "POST /", TEXT, "frame=aa"), "200 OK 6",
	     "a form that calls itself a text");
	same(http_line(h, 6), "aa", "is a form");
	same(http_asked(p, "POST /", NULL, " {\"s\":\"a]}\\\"\",\n \"b\":[1]} "),
	     "200 {\"id\":7}", "JSON that does not say so");
	same(http_line(h, 7), "{\"s\":\"a]}\\\"\",\n \"b\":[1]}", "as it is");
	same(http_asked(p, "PUT /", JSON, "{\"a\":1}\n{\"a\":2} {\"a\":3}"),
	     "200 [{\"id\":8},{\"id\":9},{\"id\":10}]", "one document after the other");
	same(http_asked(p, "POST /", JSON, "[ {\"a\":1} ]"), "200 [{\"id\":11}]",
	     "an array of one");
	same(http_asked(p, "POST /",
	                "Content-Type: application/x-ndjson; charset=utf-8\r\n",
	                "{\"a\":1}\n{\"a\n{\"a\":3}\n"),
	     "200 [{\"id\":12},{\"id\":13},{\"id\":14}]",
	     "lines of JSON: a broken one breaks no other");
	same(http_line(h, 13), "{\"a", "and is judged by the router");
	same(http_asked(p, "POST /", JSON, "[{\"a\":1},"),
	     "400 {\"error\":\"a JSON object is needed\"}", "an array that was cut");
	same(http_asked(p, "POST /", JSON, "[{\"a\":1}"),
	     "400 {\"error\":\"a JSON array has no end\"}", "or has no end");
	same(http_asked(p, "POST /", JSON, "{\"a\":\"}"),
	     "400 {\"error\":\"a JSON object has no end\"}", "a string that was cut");
	same(http_asked(p, "POST /", JSON, HEX),
	     "400 {\"error\":\"a JSON object is needed\"}", "hex is no JSON");
	ok(input_host_count(h) == 14, "nothing of those is handed over");
	http_free(p);
	input_host_free(h);
}

static void http_is_spoken(void)
{
	struct input_host *h = http_start();
	struct http_peer *p = http_dial(h);

	http_say(p, "GET /?frame=a HTTP/1.1\r\nHost: gw\r\n\r\n"
	            "POST /?frame=b HTTP/1.1\r\nHost: gw\r\nContent-Length: 7\r\n\r\n"
	            "frame=c"
	            "\r\nGET /?frame=d HTTP/1.1\r\nHost: gw\r\n\r\n");
	same(http_answer(p), "200 OK 1", "requests that do not wait for answers");
	same(http_answer(p), "200 OK 2\nOK 3", "are answered in order");
	same(http_answer(p), "200 OK 4", "whatever line end is behind a body");

	http_say(p, "POST / HTTP/1.1\r\nHost: gw\r\nContent-Length: 2\r\n"
	            "Expect: 100-continue\r\n\r\n");
	same(http_answer(p), "100", "a body that was asked for");
	http_say(p, "ff");
	same(http_answer(p), "200 OK 5", "may come");

	http_say(p, "POST / HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\n\r\n"
	            "3\r\nfra\r\n4;x=y\r\nme=e\r\n0\r\n\r\n");
	same(http_answer(p), "200 OK 6", "a body in chunks");
	same(http_line(h, 6), "e", "is put together");

	http_ask(p, "HEAD /?frame=f", NULL, NULL);
	same(http_answer_head(p), "200", "HEAD is GET without a body");
	same(http_line(h, 7), "f", "stored, too");
	for (const char *c = "GET /?frame=slow HTTP/1.1\r\nHost: gw\r\n\r\n"; *c; c++)
		http_send(p, c, 1);
	same(http_answer(p), "200 OK 8", "bytes may come one by one");
	same(http_asked(p, "DELETE /?frame=x", NULL, NULL),
	     "405 ERROR GET, POST, PUT or HEAD is needed", "no other method");
	ok(strstr(http_whole(p), "\r\nAllow: GET, HEAD, POST, PUT\r\n") != NULL,
	   "with those that there are");
	http_free(p);

	p = http_dial(h);
	http_say(p, "GET /?frame=old HTTP/1.0\r\n\r\n");
	same(http_answer(p), "200 OK 9", "HTTP/1.0");
	same(http_answer(p), "(end)", "closes its connection");
	http_free(p);
	p = http_dial(h);
	http_say(p, "GET /?frame=half HTTP/1.1\r\nHost: gw\r\n\r\n");
	http_half_close(p);
	same(http_answer(p), "200 OK 10", "who stops sending is answered");
	http_free(p);
	input_host_free(h);
}

static void many_connections_share_a_commit(void)
{
	struct input_host *h = http_start();
	struct http_peer *p[100];
	unsigned before, right = 0;
	bool seen[101] = {false};

	for (unsigned i = 0; i < 100; i++)
		p[i] = http_dial(h);
	for (unsigned i = 0; i < 100; i++)
		http_got(p[i], "/?frame=warm");
	before = input_host_polls(h);
	input_host_stop(h);
	for (unsigned i = 0; i < 100; i++)
		http_get(p[i], "/?frame=x");
	input_host_go(h);
	for (unsigned i = 0; i < 100; i++) {
		unsigned id = (unsigned)atoi(http_answer(p[i]) + 7);

		if (id > 100 && id <= 200 && !seen[id - 100]) {
			seen[id - 100] = true;
			right++;
		}
	}
	ok(right == 100, "100 connections get 100 answers of their own: %u", right);
	ok(input_host_polls(h) - before <= 10, "with few commits: %u",
	   input_host_polls(h) - before);

	input_host_stop(h);
	input_host_room(h, 3);
	http_get(p[0], "/?frame=1&frame=2&frame=3&frame=4&frame=5&frame=6&frame=7");
	http_get(p[1], "/?frame=8");
	input_host_go(h);
	same(http_answer(p[0]),
	     "200 OK 201\nOK 202\nOK 203\nOK 204\nOK 205\nOK 206\n"
	     "OK 207",
	     "a request may need several commits");
	same(http_answer(p[1]), "200 OK 208", "and holds nobody up");
	for (unsigned i = 0; i < 100; i++)
		http_free(p[i]);
	input_host_free(h);
}

static void who_waits_at_the_end_is_told(void)
{
	struct input_host *h = http_start();
	struct http_peer *p = http_dial(h), *gone = http_dial(h);

	input_host_stop(h);
	http_get(p, "/?frame=x");
	input_host_poll(h);
	http_get(gone, "/?frame=y");
	input_host_poll(h);
	http_free(gone);
	input_host_close(h);
	same(http_answer(p), "503 LATER it stops",
	     "a frame that was not answered is to be sent again");
	http_free(p);
	input_host_free(h);
}

static void wrong_addresses_are_told_before_anything_runs(void)
{
	static const char *const bad[] = {
		"8080",      "127.0.0.1",        ":8080",        "127.0.0.1:",
		"::1:8080",  "127.0.0.1:65536",  "127.0.0.1:1x", "localhost:8080",
		"[::1]8080", "[127.0.0.1]:8080", "1.2.3:80",     "[::1]:-1",
	};
	static const char *const good[] = {"0.0.0.0:0", "[::]:65535", "[::1]:8080"};
	struct input_host *h, *second;
	char listen[60], want[120];

	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		h = http_load();
		input_host_set(h, "listen", bad[i]);
		ok(!input_host_check(h), "'%s' is wrong: %s", bad[i], input_host_why(h));
		input_host_free(h);
	}
	for (unsigned i = 0; i < sizeof good / sizeof good[0]; i++) {
		h = http_load();
		input_host_set(h, "listen", good[i]);
		ok(input_host_check(h), "'%s' is right", good[i]);
		ok((strstr(input_host_why(h), "whoever reaches it") != NULL) == (i < 2),
		   "and a warning says when everybody reaches it");
		input_host_free(h);
	}
	h = http_start();
	second = http_load();
	snprintf(listen, sizeof listen, "127.0.0.1:%d", input_host_port(h, 0));
	input_host_set(second, "listen", listen);
	snprintf(want, sizeof want, "listen: %s: Address already in use", listen);
	ok(!input_host_open(second), "a port that is taken is an error");
	same(input_host_why(second), want, "which names it");
	input_host_free(second);
	input_host_free(h);
}

static void ipv6_is_spoken(void)
{
	struct input_host *h = http_load();

	input_host_set(h, "listen", "[::1]:0");
	if (!input_host_open(h))
		ok(true, "IPv6 # SKIP %s", input_host_why(h));
	else
		ok(input_host_logged(h, "listening on [::1]:", SOON_MS),
		   "the log names the address and port");
	input_host_free(h);
}

static void a_target_may_be_long_and_hold_many(void)
{
	static const char filled[] = "frame=3C3D3E063C3D3E063C3D3E06&";
	struct input_host *h = http_start();
	struct http_peer *p = http_dial(h);
	char target[8000] = "/?";
	size_t len = 2;

	while (len < 7900) {
		memcpy(target + len, filled, sizeof filled - 1);
		len += sizeof filled - 1;
	}
	target[len] = '\0';
	ok(http_got(p, target)[0] == '2', "a long target is answered");
	ok(input_host_wait(h, 255, 20000) && input_host_count(h) == 255,
	   "all 255 frames in it are handed over: %u", input_host_count(h));
	http_free(p);
	input_host_free(h);
}

int main(void)
{
	alarm(240); /* rather dead than hanging */
	a_node_is_answered_as_it_expects();
	a_query_is_understood();
	a_target_may_be_long_and_hold_many();
	each_fate_has_its_answer();
	bodies_hold_lines_or_json();
	http_is_spoken();
	many_connections_share_a_commit();
	who_waits_at_the_end_is_told();
	wrong_addresses_are_told_before_anything_runs();
	ipv6_is_spoken();
	return done();
}
