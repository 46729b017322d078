/* SPDX-License-Identifier: MIT */
/* What the http output says of options that do not fit together. */
#include "http_plugin.h"
#include "tap.h"

#define SETTINGS 5

struct setting {
	const char *key, *value;
};

static void with(struct plugin_host *h, const struct setting *set)
{
	for (unsigned i = 0; i < SETTINGS && set[i].key != NULL; i++)
		plugin_host_set(h, set[i].key, set[i].value);
}

static void what_cannot_work_is_refused(void)
{
	static const struct {
		struct setting set[SETTINGS];
		const char *words;
	} cases[] = {
		{{{"url", "ftp://h/"}}, "must begin with http:// or https://"},
		{{{"url", "h/frames"}}, "must begin with"},
		{{{"url", "file:///etc/passwd"}}, "must begin with"},
		{{{"url", "https://"}}, "url: "},
		{{{"url", "https://u:p@h/"}}, "options of their own"},
		{{{"url", "https://u@h/"}}, "options of their own"},
		{{{"url", "https://#ID_WASP#.h/"}}, "behind the host"},
		{{{"url", "https://h:#ID#/"}}, "behind the host"},
		{{{"url", "https://h#ID#/"}}, "behind the host"},
		{{{"url", "https://h/a b"}}, "blank"},
		{{{"url", "https://h/\r\nX: 1"}}, "blank"},
		{{{"url", "https://h:70000/"}}, "url: "},
		{{{"header", "no colon"}}, "Name: value"},
		{{{"header", ": x"}}, "Name: value"},
		{{{"header", "A b: x"}}, "Name: value"},
		{{{"header", "A:"}}, "no value"},
		{{{"header", "A: \t "}}, "no value"},
		{{{"header", "A: x\r\nB: y"}}, "control character"},
		{{{"header", "A: x\nB: y"}}, "control character"},
		{{{"header", "content-length: 3"}}, "Content-Length"},
		{{{"header", "Transfer-Encoding: chunked"}}, "Transfer-Encoding"},
		{{{"header", "Idempotency-Key: 1"}}, "Idempotency-Key"},
		{{{"header", "Host: other"}}, "Host"},
		{{{"header", "Fine: x"}, {"header", "bad"}}, "Name: value"},
		{{{"user", "u"}, {"password", "p"}, {"token", "t"}}, "leave one"},
		{{{"user", "a:b"}}, "colon"},
		{{{"password", "p"}}, "without user"},
		{{{"token", "a\r\nX: 1"}}, "token has a control character"},
		{{{"token_file", "/nowhere"}}, "token_file cannot be read"},
		{{{"token", "t"}, {"token_as", "X-Key"}}, "token_as"},
		{{{"token", "t"}, {"token_as", "Host:"}}, "token_as"},
		{{{"token", "t"}, {"header", "Authorization: x"}}, "leave one"},
		{{{"user", "u"}, {"header", "Authorization: x"}}, "leave one"},
		{{{"batch", "10"}, {"body", "array"}, {"message", "v=1"}}, "lines"},
		{{{"url", "http://127.0.0.1/"}, {"ca_file", "/dev/null"}}, "https://"},
		{{{"url", "http://127.0.0.1/"}, {"insecure", "yes"}}, "https://"},
		{{{"cert_file", "/dev/null"}}, "needs its key"},
		{{{"ca_file", "/nowhere"}}, "cannot read ca_file"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct plugin_host *h = http_plugin(1, "1s");

		plugin_host_set(h, "url", "https://h/");
		with(h, cases[i].set);
		ok(!plugin_host_check(h) && says(plugin_host_why(h), cases[i].words),
		   "%s = %s: %s", cases[i].set[0].key,
		   cases[i].set[0].value[0] == 'A' ? "a bad line" : cases[i].words,
		   cases[i].words);
		plugin_host_free(h);
	}
}

static void what_works_is_accepted(void)
{
	static const struct setting cases[][SETTINGS] = {
		{{"url", "https://h"}},
		{{"url", "HTTPS://h:8443/a/#ID_WASP#?k=#ID#"}},
		{{"url", "http://[::1]:80/#SENSOR#"}},
		{{"url", "http://h?node=#ID_WASP#"}},
		{{"header", "X-Site: a: b"}, {"header", "Content-Type: text/x"}},
		{{"user", "u"}, {"password", "p:w"}},
		{{"token", "t"}, {"token_as", "X-Api-Key:"}},
		{{"header", "Authorization: ApiKey x"}},
		{{"batch", "10"}, {"message", "v=1"}},
		{{"ca_file", "/dev/null"}, {"insecure", "yes"}},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct plugin_host *h = http_plugin(1, "1s");

		plugin_host_set(h, "url", "https://h/");
		with(h, cases[i]);
		ok(plugin_host_check(h), "%s = %s", cases[i][0].key, cases[i][0].value);
		if (plugin_host_why(h)[0] != '\0')
			printf("# %s\n", plugin_host_why(h));
		plugin_host_free(h);
	}
}

static void a_secret_stays_on_this_machine_unless_that_is_meant(void)
{
	static const struct setting secrets[][SETTINGS] = {
		{{"token", "t"}},
		{{"user", "u"}, {"password", "p"}},
		{{"header", "Authorization: x"}},
	};

	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
		struct plugin_host *h = http_plugin(1, "1s");

		with(h, secrets[i]);
		plugin_host_set(h, "url", "http://api.example:8080/");
		ok(!plugin_host_check(h) &&
		           says(plugin_host_why(h),
		                "would travel to api.example:8080 unencrypted"),
		   "%s to another host", secrets[i][0].key);
		plugin_host_set(h, "url", "http://127.0.0.1.example/");
		ok(!plugin_host_check(h), "also if its name looks like this one's");
		plugin_host_set(h, "plaintext", "yes");
		ok(plugin_host_check(h), "unless that is meant");
		plugin_host_set(h, "plaintext", NULL);
		plugin_host_set(h, "url", "http://localhost/");
		ok(plugin_host_check(h), "to this machine");
		plugin_host_set(h, "url", "http://[::1]/");
		ok(plugin_host_check(h), "also by IPv6");
		plugin_host_free(h);
	}
}

int main(void)
{
	what_cannot_work_is_refused();
	what_works_is_accepted();
	a_secret_stays_on_this_machine_unless_that_is_meant();
	return done();
}
