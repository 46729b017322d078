/* SPDX-License-Identifier: MIT */
/* settings_warn: what conf.d may say and can hardly mean is told, and stops nothing. */
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_world.h"
#include "tap.h"

static char state[256];
static struct surroundings where;
static struct buf report;

/* The report on conf.d with these sections, without the name of its folder. */
static const char *check(const char *text)
{
	struct buf effective = {0};
	struct config c = {0};
	char path[STATE_PATH_MAX];
	const char *at;
	FILE *f;

	statedir_path(path, state, "conf.d/a.conf");
	f = fopen(path, "w");
	fprintf(f, "[router]\nname = gw\n%s", text);
	fclose(f);
	chmod(path, 0600);
	settings_check(&c, &where, NULL, true, &effective);
	buf_clear(&report);
	config_report(&c, &report);
	config_free(&c);
	buf_free(&effective);
	at = strstr(buf_string(&report), "a.conf:");
	return at == NULL ? buf_string(&report) : at;
}

static void a_batch_that_never_fills(void)
{
	same(check("[good \"x\"]\nmust = be\nbatch = 50\nwindow = 20\n"),
	     "a.conf:5: warning: batch is larger than window (20): it never fills\n",
	     "batch beyond window");
	same(check("[good \"x\"]\nmust = be\nwindow = 20\n"), "",
	     "a batch that nobody has set is cut in silence");
}

static void a_file_without_a_certificate(void)
{
	char path[STATE_PATH_MAX], text[700], want[700];
	FILE *f;

	statedir_path(path, state, "ca.pem");
	f = fopen(path, "w");
	fputs("-----BEGIN PRIVATE KEY-----\n", f);
	fclose(f);
	snprintf(text, sizeof text, "[good \"x\"]\nmust = be\nca_file = %s\n", path);
	snprintf(want, sizeof want,
	         "a.conf:5: warning: ca_file: %s holds no certificate (PEM)\n", path);
	same(check(text), want, "a key in the place of a certificate");
	f = fopen(path, "w");
	fputs("# ours\n-----BEGIN CERTIFICATE-----\n", f);
	fclose(f);
	same(check(text), "", "with one in it all is well");
}

static void two_clients_of_one_name(void)
{
	same(check("[twin \"a\"]\nclient_id = me\n[twin \"b\"]\nclient_id = me\n"),
	     "a.conf:5: warning: \"b\" has the client_id and host of \"a\": they would "
	     "throw each other out\n",
	     "at one broker");
	same(check("[twin \"a\"]\nclient_id = me\n"
	           "[twin \"b\"]\nclient_id = me\nhost = b\n"),
	     "", "at two brokers");
	same(check("[twin \"a\"]\n[twin \"b\"]\n"), "", "who have not said one");
	same(check("[twin \"a\"]\nclient_id = me\n"
	           "[twin \"b\"]\nclient_id = me\nenabled = no\n"),
	     "", "one of which is disabled");
}

static void a_comment_behind_a_value(void)
{
	same(check("[good \"x\"]\nmust = be\nport = 1883 # the usual\n"),
	     "a.conf:5: error: port: \"1883 # the usual\" is no whole number (a comment "
	     "needs a line of its own)\n",
	     "is a part of it, which is explained");
	same(check("[good \"x\"]\nmust = be # or not\n"), "", "where it may be, it is");
}

static void quotation_marks_around_a_value(void)
{
	static const char said[] = "a.conf:5: warning: user: quotation marks belong to "
				   "the value here: leave them out\n";

	same(check("[good \"x\"]\nmust = be\nuser = \"Hall 3\"\n"), said, "plain");
	same(check("[good \"x\"]\nmust = be\nuser = 'Hall 3'\n"), said, "single");
	same(check("[good \"x\"]\nmust = be\nuser = “Hall 3”\n"), said, "typographic");
	same(check("[good \"x\"]\nmust = be\nuser = „Halle 3“\n"), said, "German");
	same(check("[good \"x\"]\nmust = be\nuser = \"a\",\"b\"\n"), "",
	     "two quoted words are no quoted value");
	same(check("[good \"x\"]\nmust = be\nuser = \"\n"), "", "nor is one mark");
	same(check("[good \"x\"]\nmust = be\nport = \"1883\"\n"),
	     "a.conf:5: error: port: \"1883\" is no whole number (leave the quotation "
	     "marks out)\n",
	     "where it is wrong anyway, once");
	same(check("[good \"x\"]\nmust = be\nmessage = \"{\"id\":#ID#}\"\n"),
	     "a.conf:5: warning: message: quotation marks belong to the value here: "
	     "leave them out\n",
	     "JSON between marks is not checked as such");
}

static void a_wildcard_that_is_not_ended(void)
{
	same(check("[good \"x\"]\nmust = be\nmessage = {\"s\":\"#SENSOR\"}\n"),
	     "a.conf:5: warning: message: a wildcard without its last # is plain text: "
	     "is #SENSOR# meant?\n",
	     "would be sent as it stands");
	same(check("[good \"x\"]\nmust = be\nmessage = #ID_WASP# #FF00AA #1 #IDENT\n"),
	     "", "a colour and a number are none");
}

int main(int argc, char **argv)
{
	(void)argc;
	check_world_begin(argv, state, &where);
	a_batch_that_never_fills();
	a_file_without_a_certificate();
	two_clients_of_one_name();
	a_comment_behind_a_value();
	quotation_marks_around_a_value();
	a_wildcard_that_is_not_ended();
	state_remove(state);
	buf_free(&report);
	return done();
}
