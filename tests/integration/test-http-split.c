/* SPDX-License-Identifier: MIT */
/* Batches that a server refuses: the guilty messages are found, all others delivered. */
#include "fakes/fake_http.h"
#include "http_plugin.h"
#include "tap.h"

#define MANY    500
#define WAIT_MS 20000

static struct fake_http *server;
static struct plugin_host *host;

/* What the server does. */
static bool is_guilty[MANY + 1];
static unsigned got[MANY + 1]; /* how often it took a message */
static int refusal;            /* its status for a guilty one */
static size_t body_most;       /* longer bodies are 413; 0: any */
static unsigned fails_at;      /* the request that gets a 503 */
static unsigned slow_ms;       /* for each refusal */

static unsigned read_numbers(const char *body, unsigned numbers[MANY])
{
	unsigned count = 0;

	for (const char *at = strstr(body, "\"n\":"); at != NULL && count < MANY;
	     at = strstr(at + 1, "\"n\":"))
		numbers[count++] = (unsigned)strtoul(at + 4, NULL, 10);
	return count;
}

static void take_or_refuse(const struct fake_request *r, unsigned number,
                           struct fake_answer *a)
{
	unsigned numbers[MANY], count = read_numbers(r->body, numbers);

	if (number == fails_at) {
		a->status = 503;
		return;
	}
	if (body_most != 0 && r->body_len > body_most) {
		a->status = 413;
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		if (!is_guilty[numbers[i]])
			continue;
		a->status = refusal;
		a->body = "bad frame";
		plugin_host_jump(host, slow_ms);
		return;
	}
	for (unsigned i = 0; i < count; i++)
		got[numbers[i]]++;
}

static void begin(void)
{
	memset(is_guilty, 0, sizeof is_guilty);
	memset(got, 0, sizeof got);
	refusal = 422;
	body_most = 0;
	fails_at = 0;
	slow_ms = 0;
	server = fake_http_start(take_or_refuse);
	host = http_plugin(fake_http_port(server), "10s");
	plugin_host_set(host, "batch", "500");
	plugin_host_set(host, "window", "500");
}

static void end(void)
{
	plugin_host_free(host);
	fake_http_stop(server);
}

/* Whether just the guilty are rejected, and all others delivered and taken once. */
static bool is_just(void)
{
	for (unsigned id = 1; id <= MANY; id++) {
		struct plugin_host_outcome o = plugin_host_outcome(host, id);

		if (o.repeats != 0 || got[id] != !is_guilty[id] ||
		    o.verdict != (is_guilty[id] ? FRAME_REJECTED : FRAME_DELIVERED)) {
			printf("# message %u: verdict %d, %u more, taken %u times\n", id,
			       (int)o.verdict, o.repeats, got[id]);
			return false;
		}
	}
	return true;
}

static void one_guilty_message_is_found(void)
{
	static const int refusals[] = {400, 413, 415, 422};

	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		bool is_driven;

		begin();
		refusal = refusals[i];
		is_guilty[337] = true;
		is_driven = plugin_host_open(host) &&
		            plugin_host_drive(host, 1, MANY, "", WAIT_MS);
		ok(is_driven && is_just(), "%d: one of %d is rejected, by %u requests",
		   refusals[i], MANY, fake_http_count(server));
		ok(says(plugin_host_outcome(host, 337).reason, "bad frame"),
		   "with what the server said");
		end();
	}
}

static void several_guilty_messages_are_found(void)
{
	bool is_driven;

	begin();
	is_guilty[1] = is_guilty[250] = is_guilty[251] = is_guilty[252] = true;
	is_guilty[499] = is_guilty[MANY] = true;
	is_driven =
		plugin_host_open(host) && plugin_host_drive(host, 1, MANY, "", WAIT_MS);
	ok(is_driven && is_just(), "six of %d, by %u requests", MANY,
	   fake_http_count(server));
	end();
	begin();
	plugin_host_set(host, "connections", "1");
	plugin_host_set(host, "body", "lines");
	is_guilty[77] = is_guilty[78] = true;
	ok(plugin_host_open(host) && plugin_host_drive(host, 1, MANY, "", WAIT_MS) &&
	           is_just(),
	   "also one request after the other, and in lines");
	end();
}

static void an_error_in_the_middle_leaves_the_rest_open(void)
{
	unsigned retried = 0;
	bool is_fine = true;

	begin();
	plugin_host_set(host, "connections", "1");
	is_guilty[490] = true;
	fails_at = 5;
	ok(plugin_host_open(host) && plugin_host_drive(host, 1, MANY, "", WAIT_MS),
	   "every message has a verdict although the server fails once");
	for (unsigned id = 1; id <= MANY; id++) {
		enum frame_verdict verdict = plugin_host_outcome(host, id).verdict;

		retried += verdict == FRAME_RETRY;
		is_fine = is_fine && got[id] == (verdict == FRAME_DELIVERED);
	}
	ok(is_fine && retried > 0 && retried < MANY,
	   "what was taken is delivered, the other %u are tried again", retried);
	end();
}

static void too_large_a_batch_is_made_smaller(void)
{
	unsigned first, second;

	begin();
	body_most = 2000;
	ok(plugin_host_open(host) && plugin_host_drive(host, 1, MANY, "", WAIT_MS) &&
	           is_just(),
	   "a batch that is too large is parted, and nothing rejected");
	end();
	begin();
	body_most = 2000;
	plugin_host_open(host);
	plugin_host_drive(host, 1, MANY / 2, "", WAIT_MS);
	first = fake_http_count(server);
	plugin_host_drive(host, MANY / 2 + 1, MANY, "", WAIT_MS);
	second = fake_http_count(server) - first;
	ok(is_just() && second < first,
	   "the next one is smaller at once: %u requests after %u", second, first);
	end();
}

static void a_slow_server_finds_the_guilty_one_in_the_end(void)
{
	enum { ROUND = 64 };
	unsigned round = 0;

	begin();
	plugin_host_set(host, "connections", "1");
	slow_ms = 6000; /* two refusals, and there is no time for a third request */
	plugin_host_open(host);
	do { /* what is tried again comes with a new id */
		unsigned first = 1 + round++ * ROUND;

		is_guilty[first + 2] = true;
		plugin_host_drive(host, first, first + ROUND - 1, "", WAIT_MS);
	} while (plugin_host_count(host, FRAME_REJECTED) == 0 && round < MANY / ROUND);
	ok(round > 1 && plugin_host_count(host, FRAME_REJECTED) == 1 &&
	           plugin_host_count(host, FRAME_DELIVERED) >= ROUND - 1,
	   "batches become small enough for it: found in round %u", round);
	end();
}

int main(void)
{
	one_guilty_message_is_found();
	several_guilty_messages_are_found();
	an_error_in_the_middle_leaves_the_rest_open();
	too_large_a_batch_is_made_smaller();
	a_slow_server_finds_the_guilty_one_in_the_end();
	return done();
}
