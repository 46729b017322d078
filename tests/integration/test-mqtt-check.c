/* SPDX-License-Identifier: MIT */
/* The options of the mqtt output, looked at together before anything is connected. */
#include "mqtt_plugin.h"
#include "tap.h"

struct setting {
	const char *key, *value;
};

/* What check() says with the default options and these; "" when it is fine. */
static const char *verdict(const struct setting *set, size_t count)
{
	static char why[480];
	struct plugin_host *h = mqtt_plugin(1883, "10s");

	for (size_t i = 0; i < count && set[i].key != NULL; i++)
		plugin_host_set(h, set[i].key, set[i].value);
	snprintf(why, sizeof why, "%s", plugin_host_check(h) ? "" : plugin_host_why(h));
	plugin_host_free(h);
	return why;
}

#define FILE_THERE "/dev/null"

static void what_is_wrong_together_is_said_before_it_runs(void)
{
	static const struct {
		const char *words, *text;
		struct setting set[4];
	} cases[] = {
		{"host is empty", "an empty host", {{"host", ""}}},
		{"not a URL", "a URL", {{"host", "mqtt://broker"}}},
		{"ca_file is set, but tls is not",
	         "TLS options without tls",
	         {{"ca_file", FILE_THERE}}},
		{"insecure is set, but tls is not",
	         "insecure without tls",
	         {{"tls", "no"}, {"insecure", "yes"}}},
		{"cert_file is set without key_file",
	         "a certificate without key",
	         {{"tls", "yes"}, {"cert_file", FILE_THERE}}},
		{"key_file is set without cert_file",
	         "a key without certificate",
	         {{"tls", "yes"}, {"key_file", FILE_THERE}}},
		{"cannot read ca_file /nowhere/ca.pem: No such file",
	         "a file that is not there",
	         {{"tls", "yes"}, {"ca_file", "/nowhere/ca.pem"}}},
		{"password is set without user",
	         "a password without user",
	         {{"password", "secret"}}},
		{"the password would go to broker.example unencrypted",
	         "a password in plain over the network",
	         {{"host", "broker.example"}, {"user", "u"}, {"password", "secret"}}},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *why = verdict(cases[i].set, 4);

		ok(says(why, cases[i].words) && strstr(why, "secret") == NULL,
		   "%s is an error", cases[i].text);
	}
}

static void what_is_fine_together_passes(void)
{
	static const struct {
		const char *text;
		struct setting set[4];
	} cases[] = {
		{"the defaults", {{NULL, NULL}}},
		{"a password to this machine", {{"user", "u"}, {"password", "secret"}}},
		{"a password over TLS",
	         {{"host", "broker.example"},
	          {"user", "u"},
	          {"password", "secret"},
	          {"tls", "yes"}}},
		{"a password in plain where tls = no says that it is meant",
	         {{"host", "broker.example"},
	          {"user", "u"},
	          {"password", "secret"},
	          {"tls", "no"}}},
		{"TLS with all its files",
	         {{"tls", "yes"},
	          {"ca_file", FILE_THERE},
	          {"cert_file", FILE_THERE},
	          {"key_file", FILE_THERE}}},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		same(verdict(cases[i].set, 4), "", cases[i].text);
}

int main(void)
{
	what_is_wrong_together_is_said_before_it_runs();
	what_is_fine_together_passes();
	return done();
}
