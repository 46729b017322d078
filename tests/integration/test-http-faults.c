/* SPDX-License-Identifier: MIT */
/* The http output and servers that are slow, torn, silent, endless or not there. */
#include "fakes/fake_http.h"
#include "http_plugin.h"
#include "tap.h"

#define WAIT_MS 10000

static struct fake_http *server;
static struct plugin_host *host;
static struct fake_answer next;
static unsigned only_at; /* the request that is answered by `next`; 0: all */

static void answer(const struct fake_request *r, unsigned number, struct fake_answer *a)
{
	(void)r;
	if (only_at == 0 || number == only_at)
		*a = next;
}

static void begin(const char *timeout, struct fake_answer what)
{
	next = what;
	only_at = 0;
	server = fake_http_start(answer);
	host = http_plugin(fake_http_port(server), timeout);
}

static void end(void)
{
	plugin_host_free(host);
	fake_http_stop(server);
}

static struct plugin_host_outcome send_one(unsigned id)
{
	plugin_host_send(host, id, "", "{\"n\":1}");
	plugin_host_flush(host);
	plugin_host_wait_settled(host, id, WAIT_MS);
	return plugin_host_outcome(host, id);
}

static void what_is_no_whole_answer_is_tried_again(void)
{
	static const struct {
		struct fake_answer a;
		const char *words, *text;
	} cases[] = {
		{{.says_nothing = true, .closes = true},
	         "closed the connection without an answer",
	         "a connection that is closed"},
		{{.raw = "HTTP/1.1 20", .closes = true}, "127.0.0.1:", "half a status"},
		{{.raw = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n", .closes = true},
	         "127.0.0.1:",
	         "half of the headers"},
		{{.raw = "HTTP/1.1 200 OK\r\n", .closes = true},
	         "ended in the middle",
	         "a status without headers"},
		{{.raw = "HTTP/1.1 200 OK\r\nContent-", .closes = true},
	         "ended in the middle",
	         "half a header"},
		{{.raw = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
	          .closes = true},
	         "ended in the middle",
	         "a 100 and a status"},
		{{.raw = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
	          .closes = true},
	         "ended in the middle",
	         "half a body"},
		{{.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
	          .closes = true},
	         "127.0.0.1:",
	         "half a chunk"},
		{{.raw = "hello\r\n\r\n", .closes = true},
	         "does not speak HTTP",
	         "no HTTP at all"},
		{{.raw = "\x16\x03\x01\x02", .closes = true},
	         "does not speak HTTP",
	         "bytes of something else"},
		{{.raw = "HTTP/1.1 100 Continue\r\n\r\n", .closes = true},
	         "127.0.0.1:",
	         "a 100 and no more"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct plugin_host_outcome o;

		begin("5s", cases[i].a);
		ok(plugin_host_open(host) &&
		           (o = send_one(1), o.is_settled && o.verdict == FRAME_RETRY) &&
		           says(o.reason, cases[i].words),
		   "%s: tried again", cases[i].text);
		ok(plugin_host_link_why(host, FRAME_LINK_DOWN)[0] == '\0',
		   "on the same link");
		end();
	}
}

static void odd_but_whole_answers_count(void)
{
	static const struct {
		struct fake_answer a;
		const char *text;
	} cases[] = {
		{{.raw = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: "
	                 "x\r\n\r\n"
	                 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
	         "1xx before the answer"},
		{{.raw = "HTTP/1.0 200 OK\r\n\r\nuntil the end", .closes = true},
	         "HTTP/1.0 without a length"},
		{{.raw = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
	                 "3\r\nabc\r\n0\r\n\r\n"},
	         "chunks"},
		{{.raw = "HTTP/1.1 204 No Content\r\n\r\n"}, "no body at all"},
		{{.status = 200, .dribbles = true}, "a byte at a time"},
		{{.status = 200, .padding = 10 << 20}, "10 MB that nobody wanted"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		begin("10s", cases[i].a);
		ok(plugin_host_open(host) && send_one(1).verdict == FRAME_DELIVERED &&
		           send_one(2).verdict == FRAME_DELIVERED &&
		           fake_http_count(server) == 2,
		   "%s: delivered, and the next one too", cases[i].text);
		end();
	}
}

static void endless_headers_end(void)
{
	static char headers[200 * 1024];
	struct plugin_host_outcome o;
	size_t len = 0;

	while (len + 64 < sizeof headers)
		len += (size_t)snprintf(headers + len, sizeof headers - len,
		                        "X-%zu: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n", len);
	begin("5s", (struct fake_answer){.headers = headers});
	plugin_host_open(host);
	o = send_one(1);
	ok(o.verdict == FRAME_RETRY && says(o.reason, "more than 64 KiB"),
	   "200 KB of headers are not read");
	end();
	memset(headers, 'y', sizeof headers - 3);
	memcpy(headers, "X: ", 3);
	memcpy(headers + sizeof headers - 3, "\r\n", 3);
	begin("5s", (struct fake_answer){.headers = headers});
	plugin_host_open(host);
	o = send_one(1);
	ok(o.verdict == FRAME_RETRY && says(o.reason, "a header that is too long"),
	   "nor one header of 200 KB");
	end();
}

static void no_request_outlives_timeout(void)
{
	static const struct {
		struct fake_answer a;
		const char *text;
	} cases[] = {
		{{.withholds = true}, "a server that says nothing"},
		{{.status = 200, .padding = 1000, .dribbles = true},
	         "one that says a byte at a time, for a minute"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct plugin_host_outcome o;
		int64_t took_ms;

		begin("400ms", cases[i].a);
		plugin_host_open(host);
		took_ms = plugin_host_now_ms();
		o = send_one(1);
		took_ms = plugin_host_now_ms() - took_ms;
		ok(o.is_settled && o.verdict == FRAME_RETRY && took_ms >= 300 &&
		           took_ms < 4000 &&
		           says(o.reason, "did not answer within 0.4 s"),
		   "%s has the message back after %lld ms", cases[i].text,
		   (long long)took_ms);
		ok(plugin_host_link_why(host, FRAME_LINK_DOWN)[0] == '\0',
		   "and the link is not blamed");
		end();
	}
}

static void a_server_that_is_away_is_told_at_open(void)
{
	char refused[64];
	unsigned port;

	begin("5s", (struct fake_answer){.status = 200});
	port = fake_http_port(server);
	snprintf(refused, sizeof refused, "connection refused by 127.0.0.1:%u", port);
	ok(plugin_host_test(host) && plugin_host_open(host) &&
	           fake_http_count(server) == 0,
	   "a server that is there gets no request by opening or testing");
	ok(send_one(1).verdict == FRAME_DELIVERED, "and a message when there is one");
	fake_http_stop(server);
	ok(send_one(2).verdict == FRAME_RETRY &&
	           plugin_host_wait_link(host, FRAME_LINK_DOWN, WAIT_MS) &&
	           says(plugin_host_outcome(host, 2).reason, refused) &&
	           plugin_host_in_flight(host) == 0,
	   "when it goes the link is down, and nothing in flight");
	plugin_host_close(host);
	ok(!plugin_host_open(host) && says(plugin_host_why(host), refused),
	   "and opening tells why");
	ok(!plugin_host_test(host) && says(plugin_host_why(host), refused),
	   "testing too");
	plugin_host_set(host, "url", "http://no-such-host.invalid/");
	ok(!plugin_host_open(host) &&
	           says(plugin_host_why(host), "the name in no-such-host.invalid:80"),
	   "a name that nobody knows is named");
	plugin_host_free(host);
}

static void connections_are_kept_and_shared_out(void)
{
	bool is_driven;

	begin("5s", (struct fake_answer){.status = 200});
	plugin_host_set(host, "connections", "1");
	plugin_host_open(host);
	is_driven = plugin_host_drive(host, 1, 1000, "", WAIT_MS);
	ok(is_driven && plugin_host_count(host, FRAME_DELIVERED) == 1000 &&
	           fake_http_connections(server) == 2,
	   "1000 requests over one connection, after the one of opening (%u)",
	   fake_http_connections(server) - 1);
	end();
	begin("10s", (struct fake_answer){.together = 8});
	plugin_host_open(host);
	is_driven = plugin_host_drive(host, 1, 64, "", WAIT_MS);
	ok(is_driven && plugin_host_count(host, FRAME_DELIVERED) == 64 &&
	           fake_http_connections(server) == 9,
	   "8 requests are under way at once, over 8 connections (%u)",
	   fake_http_connections(server) - 1);
	ok(plugin_host_limit(host) == 16, "and as many again may wait for them");
	end();
}

static void silence_on_a_kept_connection_is_not_the_links_fault(void)
{
	struct plugin_host_outcome o;

	begin("400ms", (struct fake_answer){.withholds = true});
	only_at = 2;
	plugin_host_set(host, "connections", "1");
	plugin_host_open(host);
	ok(send_one(1).verdict == FRAME_DELIVERED, "the first is answered");
	o = send_one(2);
	ok(o.verdict == FRAME_RETRY && says(o.reason, "did not answer within 0.4 s") &&
	           plugin_host_link_why(host, FRAME_LINK_DOWN)[0] == '\0',
	   "the second is not: it is tried again");
	ok(send_one(3).verdict == FRAME_DELIVERED && fake_http_connections(server) == 3,
	   "the third goes over a new connection");
	end();
}

static void a_connection_that_was_closed_meanwhile_costs_nothing(void)
{
	begin("5s", (struct fake_answer){.status = 200, .closes = true});
	plugin_host_open(host);
	ok(plugin_host_drive(host, 1, 50, "", WAIT_MS) &&
	           plugin_host_count(host, FRAME_DELIVERED) == 50,
	   "a server that closes after each answer gets all");
	end();
}

static void one_failure_holds_back_what_waits(void)
{
	begin("5s", (struct fake_answer){.status = 503});
	plugin_host_set(host, "connections", "1");
	only_at = 1;
	plugin_host_open(host);
	for (unsigned id = 1; id <= 10; id++)
		plugin_host_send(host, id, "", "{}");
	plugin_host_flush(host);
	ok(plugin_host_wait_settled(host, 10, WAIT_MS) && fake_http_count(server) == 1 &&
	           plugin_host_count(host, FRAME_RETRY) == 10,
	   "a server that is busy is not asked nine times more");
	end();
	begin("5s", (struct fake_answer){.status = 404});
	plugin_host_set(host, "connections", "1");
	only_at = 1;
	plugin_host_open(host);
	for (unsigned id = 1; id <= 10; id++)
		plugin_host_send(host, id, "", "{}");
	plugin_host_flush(host);
	ok(plugin_host_wait_settled(host, 10, WAIT_MS) &&
	           plugin_host_count(host, FRAME_DELIVERED) == 9,
	   "a URL that is not there holds no other back");
	end();
}

/* The first is refused at once, the second answered slowly. */
static void refuse_first(const struct fake_request *r, unsigned number,
                         struct fake_answer *a)
{
	(void)number;
	a->status = strstr(r->body, "first") != NULL ? 401 : 200;
	a->dribbles = a->status == 200;
}

static void a_lost_link_blames_no_message(void)
{
	server = fake_http_start(refuse_first);
	host = http_plugin(fake_http_port(server), "10s");
	plugin_host_set(host, "connections", "2");
	plugin_host_open(host);
	plugin_host_send(host, 1, "", "\"first\"");
	plugin_host_send(host, 2, "", "\"second\"");
	plugin_host_send(host, 3, "", "\"third\"");
	plugin_host_flush(host);
	ok(plugin_host_wait_link(host, FRAME_LINK_DOWN, WAIT_MS) &&
	           plugin_host_in_flight(host) == 0,
	   "after a 401 the link goes down when nothing is in flight any more");
	ok(plugin_host_outcome(host, 1).verdict == FRAME_RETRY &&
	           plugin_host_outcome(host, 2).verdict == FRAME_DELIVERED &&
	           plugin_host_outcome(host, 3).verdict == FRAME_RETRY,
	   "what was under way is delivered, what waited is given back");
	end();
}

static void closing_gives_up_what_is_under_way(void)
{
	int64_t took_ms;

	begin("5s", (struct fake_answer){.withholds = true});
	plugin_host_open(host);
	for (unsigned id = 1; id <= 20; id++)
		plugin_host_send(host, id, "", "{}");
	plugin_host_flush(host);
	took_ms = plugin_host_now_ms();
	plugin_host_close(host);
	took_ms = plugin_host_now_ms() - took_ms;
	ok(took_ms < 2000 && plugin_host_unknown(host) == 0,
	   "at once (%lld ms), and says nothing of it", (long long)took_ms);
	end();
}

static void the_environment_changes_nothing(void)
{
	begin("5s", (struct fake_answer){.status = 200});
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("ALL_PROXY", "socks5://127.0.0.1:1/", 1);
	ok(plugin_host_open(host) && send_one(1).verdict == FRAME_DELIVERED,
	   "a proxy of the environment is not used");
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	end();
}

int main(void)
{
	what_is_no_whole_answer_is_tried_again();
	odd_but_whole_answers_count();
	endless_headers_end();
	no_request_outlives_timeout();
	a_server_that_is_away_is_told_at_open();
	connections_are_kept_and_shared_out();
	silence_on_a_kept_connection_is_not_the_links_fault();
	a_connection_that_was_closed_meanwhile_costs_nothing();
	one_failure_holds_back_what_waits();
	a_lost_link_blames_no_message();
	closing_gives_up_what_is_under_way();
	the_environment_changes_nothing();
	return done();
}
