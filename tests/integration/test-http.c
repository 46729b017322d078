/* SPDX-License-Identifier: MIT */
/* The http output: what a request looks like, and what each answer becomes. */
#include <time.h>

#include "fakes/fake_http.h"
#include "http_plugin.h"
#include "tap.h"

#define WAIT_MS 10000

static struct fake_http *server;
static struct plugin_host *host;
static struct fake_answer next; /* what the server answers */

static void answer_next(const struct fake_request *r, unsigned number,
                        struct fake_answer *a)
{
	(void)r, (void)number;
	*a = next;
}

static void begin(void)
{
	next = (struct fake_answer){.status = 200};
	server = fake_http_start(answer_next);
	host = http_plugin(fake_http_port(server), "5s");
}

static void end(void)
{
	plugin_host_free(host);
	fake_http_stop(server);
}

/* Opens, sends one message with the answer `next`, and says what became of it. */
static struct plugin_host_outcome send_one(void)
{
	struct plugin_host_outcome o = {.is_settled = false};

	if (plugin_host_open(host)) {
		plugin_host_send(host, 1, "", "{\"n\":1}");
		plugin_host_flush(host);
		plugin_host_wait_settled(host, 1, WAIT_MS);
		o = plugin_host_outcome(host, 1);
	}
	return o;
}

static const char *header(unsigned number, const char *name)
{
	static char value[4][1024];
	static unsigned at;
	char *out = value[at++ % 4];
	const struct fake_request *r = fake_http_request(server, number);

	return r != NULL && fake_http_header(r, name, out, sizeof value[0]) ? out : "";
}

static void one_message_is_one_request(void)
{
	struct plugin_host_outcome o;
	const struct fake_request *r;

	begin();
	next.headers = "Location: /frames/42\r\nETag: \"e\"\r\n";
	next.status = 201;
	o = send_one();
	r = fake_http_request(server, 1);
	ok(o.verdict == FRAME_DELIVERED && fake_http_count(server) == 1,
	   "a message is delivered by one request, and opening makes none");
	same(o.reason, "201, Location: /frames/42",
	     "the receipt says what the server did");
	ok(r != NULL && strncmp(r->head, "POST /frames HTTP/1.1\r\n", 23) == 0,
	   "it is a POST to the path of url");
	same(r == NULL ? "" : r->body, "{\"n\":1}", "its body is the message");
	same(header(1, "Content-Type"), "application/json", "and said to be JSON");
	same(header(1, "Idempotency-Key"), "00000000000000aa-1",
	     "its key is the message's uid");
	same(header(1, "User-Agent"), "frame-router", "it says who sends");
	ok(r != NULL && !fake_http_header(r, "Expect", (char[8]){""}, 8) &&
	           !fake_http_header(r, "Authorization", (char[8]){""}, 8),
	   "it waits for no 100, and shows no password");
	end();
}

static void options_shape_the_request(void)
{
	const struct fake_request *r;

	begin();
	plugin_host_set(host, "method", "PUT");
	plugin_host_set(host, "header", "X-Site: here: there");
	plugin_host_set(host, "header", "content-type: application/vnd.own");
	plugin_host_set(host, "user", "gateway");
	plugin_host_set(host, "password", "s3cret");
	ok(send_one().verdict == FRAME_DELIVERED, "a PUT is delivered");
	r = fake_http_request(server, 1);
	ok(r != NULL && strncmp(r->head, "PUT ", 4) == 0, "and it is a PUT");
	same(header(1, "X-Site"), "here: there", "a header of one's own is there");
	same(header(1, "Content-Type"), "application/vnd.own",
	     "it replaces one of the output's");
	same(header(1, "Authorization"),
	     "Basic Z2F0ZXdheTpzM2NyZXQ=", "user and password");
	end();
	begin();
	plugin_host_set(host, "token", "abc.def");
	ok(send_one().verdict == FRAME_DELIVERED, "with a token it is delivered");
	same(header(1, "Authorization"), "Bearer abc.def", "a token is a bearer token");
	plugin_host_close(host);
	plugin_host_set(host, "token_as", "X-Api-Key:");
	ok(send_one().verdict == FRAME_DELIVERED, "or stands where the server wants it");
	same(header(2, "X-Api-Key"), "abc.def", "as a header of another name");
	same(header(2, "Authorization"), "", "and nowhere else");
	end();
}

static void a_pack_of_senml_says_so(void)
{
	begin();
	plugin_host_set(host, "format", "senml");
	ok(send_one().verdict == FRAME_DELIVERED, "a pack of SenML is delivered");
	same(header(1, "Content-Type"), "application/senml+json", "as what it is");
	plugin_host_close(host);
	plugin_host_set(host, "batch", "10");
	ok(send_one().verdict == FRAME_DELIVERED, "and so are several at once");
	same(header(2, "Content-Type"), "application/json",
	     "an array of packs, which is no pack");
	end();
}

static void bodies_of_batches(void)
{
	static const struct {
		const char *body, *message, *payload, *want, *type;
	} cases[] = {
		{"auto", NULL, "{\"a\":1}", "[{\"a\":1},{\"a\":1},{\"a\":1}]",
	         "application/json"},
		{"lines", NULL, "{\"a\":1}", "{\"a\":1}\n{\"a\":1}\n{\"a\":1}\n",
	         "application/x-ndjson"},
		{"auto", "v=#VALUE#", "v=1", "v=1\nv=1\nv=1\n",
	         "text/plain; charset=utf-8"},
		{"array", "[#VALUE#]", "[1]", "[[1],[1],[1]]", "application/json"},
		{"one", "v=#VALUE#", "v=1", "v=1", "text/plain; charset=utf-8"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		begin();
		plugin_host_set(host, "batch", "10");
		plugin_host_set(host, "body", cases[i].body);
		plugin_host_set(host, "message", cases[i].message);
		plugin_host_open(host);
		for (unsigned id = 1; id <= 3; id++)
			plugin_host_send(host, id, "", cases[i].payload);
		plugin_host_flush(host);
		ok(plugin_host_wait_settled(host, 3, WAIT_MS) &&
		           plugin_host_count(host, FRAME_DELIVERED) == 3,
		   "body = %s: three are delivered", cases[i].body);
		same(fake_http_request(server, 1)->body, cases[i].want,
		     "by the body that the server expects");
		same(header(1, "Content-Type"), cases[i].type, "and its type");
		end();
	}
}

static void a_batch_is_parted_by_url(void)
{
	unsigned to_a = 0, to_b = 0;
	char a[80], b[80];

	begin();
	snprintf(a, sizeof a, "http://127.0.0.1:%u/a", fake_http_port(server));
	snprintf(b, sizeof b, "http://127.0.0.1:%u/b", fake_http_port(server));
	plugin_host_set(host, "batch", "100");
	plugin_host_open(host);
	for (unsigned id = 1; id <= 20; id++) {
		plugin_host_render(host, id % 2 == 0 ? a : b);
		plugin_host_send(host, id, "", id % 2 == 0 ? "\"a\"" : "\"b\"");
	}
	plugin_host_flush(host);
	ok(plugin_host_wait_settled(host, 20, WAIT_MS) && fake_http_count(server) == 2,
	   "messages for two URLs are two requests");
	for (unsigned i = 1; i <= 2; i++) {
		const struct fake_request *r = fake_http_request(server, i);

		to_a += strstr(r->head, "POST /a ") != NULL &&
		        strchr(r->body, 'b') == NULL;
		to_b += strstr(r->head, "POST /b ") != NULL &&
		        strchr(r->body, 'a') == NULL;
	}
	ok(to_a == 1 && to_b == 1, "and each has its own messages only");
	end();
}

static void every_status_has_its_verdict(void)
{
	static const struct {
		int status;
		enum frame_verdict verdict;
		bool reopens;
		const char *words;
	} cases[] = {
		{200, FRAME_DELIVERED, false, "200"},
		{202, FRAME_DELIVERED, false, "202"},
		{204, FRAME_DELIVERED, false, "204"},
		{299, FRAME_DELIVERED, false, "299"},
		{400, FRAME_REJECTED, false, "the server answered 400 bad request: no!"},
		{413, FRAME_REJECTED, false, "413 content too large: no!"},
		{415, FRAME_REJECTED, false, "415 unsupported media type"},
		{422, FRAME_REJECTED, false, "422 unprocessable content"},
		{301, FRAME_RETRY, false, "301 moved permanently"},
		{304, FRAME_RETRY, false, "304"},
		{401, FRAME_RETRY, true, "the server answered 401 unauthorised: no!"},
		{403, FRAME_RETRY, true, "403 forbidden"},
		{404, FRAME_RETRY, false, "404 not found"},
		{405, FRAME_RETRY, false, "405"},
		{408, FRAME_RETRY, false, "408"},
		{409, FRAME_RETRY, false, "409"},
		{418, FRAME_RETRY, false, "the server answered 418: no!"},
		{429, FRAME_RETRY, false, "429 too many requests"},
		{500, FRAME_RETRY, false, "500 internal server error"},
		{503, FRAME_RETRY, false, "503 service unavailable: no!"},
		{999, FRAME_RETRY, false, "999"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct plugin_host_outcome o;
		bool is_down;

		begin();
		next.status = cases[i].status;
		next.body = cases[i].status == 204 || cases[i].status == 304
		                    ? NULL
		                    : "\r\n no!\nmore";
		o = send_one();
		is_down = plugin_host_link_why(host, FRAME_LINK_DOWN)[0] != '\0';
		ok(o.is_settled && o.verdict == cases[i].verdict &&
		           says(o.reason, cases[i].words) && is_down == cases[i].reopens,
		   "%d: %s%s", cases[i].status,
		   cases[i].verdict == FRAME_DELIVERED  ? "delivered"
		   : cases[i].verdict == FRAME_REJECTED ? "rejected"
		                                        : "tried again",
		   cases[i].reopens ? ", on a new connection with the secret read anew"
		                    : "");
		end();
	}
}

static void a_new_token_is_read_after_a_401(void)
{
	begin();
	plugin_host_set(host, "token", "old");
	next.status = 401;
	ok(send_one().verdict == FRAME_RETRY &&
	           plugin_host_wait_link(host, FRAME_LINK_DOWN, WAIT_MS) &&
	           plugin_host_in_flight(host) == 0,
	   "a wrong token loses the link, with nothing in flight to be blamed");
	ok(plugin_host_send(host, 2, "", "{}") == FRAME_RETRY,
	   "until then nothing more is sent");
	plugin_host_close(host);
	plugin_host_set(host, "token", "new");
	next.status = 200;
	ok(send_one().verdict == FRAME_DELIVERED, "the next open() brings the new one");
	same(header(2, "Authorization"), "Bearer new", "which is sent");
	end();
}

static void a_server_that_echoes_the_secret_is_not_repeated(void)
{
	begin();
	plugin_host_set(host, "token", "a/b+cdef");
	next.status = 404;
	next.body = "no key a/b+cdef here";
	same(send_one().reason, "the server answered 404 not found: no key *** here",
	     "status and log do not learn a token from an answer");
	plugin_host_close(host);
	next = (struct fake_answer){.status = 401, .body = "Bearer a/b+cdef"};
	send_one();
	plugin_host_wait_link(host, FRAME_LINK_DOWN, WAIT_MS);
	same(plugin_host_link_why(host, FRAME_LINK_DOWN),
	     "the server answered 401 unauthorised: Bearer ***", "nor from a 401");
	end();
}

static void retry_after_is_honoured(void)
{
	char headers[80], date[64];
	time_t moment = time(NULL) + 100;
	struct tm tm;

	begin();
	next = (struct fake_answer){.status = 429, .headers = "Retry-After: 7\r\n"};
	ok(send_one().verdict == FRAME_RETRY && plugin_host_retry_after(host) == 7000,
	   "seconds");
	plugin_host_close(host);
	gmtime_r(&moment, &tm);
	strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	snprintf(headers, sizeof headers, "Retry-After: %s\r\n", date);
	next = (struct fake_answer){.status = 503, .headers = headers};
	send_one();
	ok(plugin_host_retry_after(host) >= 95000 &&
	           plugin_host_retry_after(host) <= 100000,
	   "and a date (%u ms)", plugin_host_retry_after(host));
	plugin_host_close(host);
	next.headers = "Retry-After: 99999999\r\n";
	send_one();
	ok(plugin_host_retry_after(host) == 300000, "but not for more than 5 minutes");
	plugin_host_close(host);
	next.headers = "Retry-After: soon\r\n";
	send_one();
	ok(plugin_host_retry_after(host) == 0, "nonsense asks for nothing");
	end();
}

static void the_servers_words_are_fit_to_be_read(void)
{
	struct plugin_host_outcome o;

	begin();
	next = (struct fake_answer){.status = 503,
	                            .body = "<html>\r\n<head><title>Down for "
	                                    "now</title></head>"};
	same(send_one().reason,
	     "the server answered 503 service unavailable: Down for now",
	     "of a page its title");
	plugin_host_close(host);
	next = (struct fake_answer){.status = 400,
	                            .body = "\033[2Jk\303\244se \377 \302\205\r\nX: 1"};
	same(send_one().reason,
	     "the server answered 400 bad request: ?[2Jk\303\244se ? ??",
	     "no control characters, no broken UTF-8");
	plugin_host_close(host);
	next = (struct fake_answer){.status = 400, .padding = 60000};
	o = send_one();
	ok(strlen(o.reason) > 100 && o.verdict == FRAME_REJECTED, "and not without end");
	plugin_host_close(host);
	next = (struct fake_answer){.status = 308,
	                            .headers = "Location: https://there.example/\r\n"};
	ok(says(send_one().reason, "Location: https://there.example/") &&
	           fake_http_count(server) == 4,
	   "a redirect is named, and not followed");
	end();
}

static void a_hostile_uid_adds_no_header(void)
{
	struct frame_message m = {
		.struct_size = sizeof m,
		.attempt = 1,
		.id = 1,
		.uid = "a\r\nX-Evil: 1\r\n\r\n\303\274*~",
		.topic = "t\r\nX-Evil: 2",
		.payload = "{}",
		.payload_len = 2,
		.document = "{}",
		.document_len = 2,
		.node = "n\r\nX-Evil: 3",
	};

	begin();
	plugin_host_open(host);
	plugin_host_submit(host, &m);
	plugin_host_flush(host);
	ok(plugin_host_wait_settled(host, 1, WAIT_MS) && fake_http_count(server) == 1 &&
	           strstr(fake_http_request(server, 1)->head, "\nX-Evil") == NULL,
	   "the server sees no header that a node made");
	same(header(1, "Idempotency-Key"), "a%0D%0AX-Evil%3A%201%0D%0A%0D%0A%C3%BC%2A~",
	     "what may not stand there is encoded");
	end();
}

int main(void)
{
	one_message_is_one_request();
	options_shape_the_request();
	a_pack_of_senml_says_so();
	bodies_of_batches();
	a_batch_is_parted_by_url();
	every_status_has_its_verdict();
	a_new_token_is_read_after_a_401();
	a_server_that_echoes_the_secret_is_not_repeated();
	retry_after_is_honoured();
	the_servers_words_are_fit_to_be_read();
	a_hostile_uid_adds_no_header();
	return done();
}
