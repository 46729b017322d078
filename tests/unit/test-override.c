/* SPDX-License-Identifier: MIT */
/* override: kept whole and private; overlays conf.d, and never does harm. */
#include "override.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_world.h"
#include "tap.h"

static char state[256];
static struct surroundings where;
static struct buf effective;
static struct buf report;

static void write_file(const char *name, const char *text, mode_t mode)
{
	char path[STATE_PATH_MAX];
	FILE *f;

	statedir_path(path, state, name);
	f = fopen(path, "w");
	fputs(text, f);
	fclose(f);
	chmod(path, mode);
}

/* What is kept, as "key=value;..."; "broken" when it cannot be read. */
static const char *kept(const char *name)
{
	static char text[500];
	struct config c = {0};
	size_t len = 0;

	text[0] = '\0';
	if (!override_read(&c, state, name, NULL))
		snprintf(text, sizeof text, "broken");
	else if (c.sections != NULL)
		for (struct config_value *v = c.sections->values; v != NULL; v = v->next)
			len += (size_t)snprintf(text + len, sizeof text - len, "%s=%s;",
			                        v->key, v->text);
	config_free(&c);
	return text;
}

static void add_name(void *names, const char *name)
{
	buf_format(names, "%s ", name);
}

static const char *names(void)
{
	static struct buf all;

	buf_clear(&all);
	override_each(state, add_name, &all, NULL);
	return buf_string(&all);
}

static void keys_are_kept_one_by_one(void)
{
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	struct stat st = {0};
	bool was_any;

	same(kept("x"), "", "nothing is kept at first");
	same(names(), "", "by nobody");
	ok(override_set(state, "x", "enabled", "no", &why) &&
	           override_set(state, "x", "greeting", "a $ ${HOME} $$ # \\ ", &why),
	   "two keys are set %s", why.text);
	same(kept("x"), "enabled=no;greeting=a $ ${HOME} $$ # \\ ;",
	     "and read back, word for word");
	ok(override_set(state, "x", "enabled", "yes", &why), "one changes");
	same(kept("x"), "greeting=a $ ${HOME} $$ # \\ ;enabled=yes;", "the other stays");
	statedir_path(path, state, "override/x.conf");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600, "nobody else reads it");
	statedir_path(path, state, "override");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0700, "nor its folder");
	override_set(state, "a-1", "enabled", "no", &why);
	same(names(), "a-1 x ", "they are listed in order");
	ok(override_set(state, "a-1", "enabled", NULL, &why), "the last key is dropped");
	same(names(), "x ", "and the file with it");
	ok(override_reset(state, "x", &was_any, &why) && was_any, "all are dropped");
	ok(override_reset(state, "x", &was_any, &why) && !was_any,
	   "which may be repeated");
	same(kept("x"), "", "nothing is left");
}

static void what_cannot_be_is_refused(void)
{
	struct reason why = {""};

	ok(!override_set(state, "../x", "enabled", "no", &why), "a path: %s", why.text);
	ok(!override_set(state, "x", ".plugin", "/tmp/x.so", &why),
	   "a key of the router's own: %s", why.text);
	ok(!override_set(state, "x", "enabled", "no\npath = /etc/x", &why),
	   "a line too many: %s", why.text);
	ok(!override_set(state, "x", "enabled", "\xff", &why), "no text: %s", why.text);
	same(names(), "", "nothing of it is kept");
}

static void a_damaged_file_is_not_taken(void)
{
	struct reason why = {""};
	struct config c = {0};
	char path[STATE_PATH_MAX];
	bool was_any;

	write_file("override/x.conf", "[override \"y\"]\nenabled = no\n", 0600);
	same(kept("x"), "broken", "that of another");
	write_file("override/x.conf", "[override \"x\"]\nenabled\n", 0600);
	same(kept("x"), "broken", "half a line");
	write_file("override/x.conf", "", 0600);
	same(kept("x"), "broken", "an empty one");
	write_file("override/x.conf", "[override \"x\"]\nenabled = no\n", 0600);
	same(kept("x"), "enabled=no;", "and one that is whole");
	statedir_path(path, state, "override/x.conf");
	ok(truncate(path, 65537) == 0 && !override_read(&c, state, "x", &why) &&
	           strstr(why.text, "larger than 65536 bytes") != NULL,
	   "one that would take the check of a reload all its time");
	config_free(&c);
	write_file("override/x.conf", "[override \"x\"]\nenabled = no\n", 0666);
	same(kept("x"), "broken", "one that anybody could have written");
	ok(!override_set(state, "x", "enabled", "no", &why) &&
	           strstr(why.text, "frame-router reset x") != NULL,
	   "it is not written over: %s", why.text);
	ok(override_reset(state, "x", &was_any, &why) && was_any, "but dropped");
}

/* Checks conf.d with [router] and [good "x"] of these lines; the report. */
static const char *check(const char *router, const char *lines)
{
	struct buf text = {0};
	struct config c = {0};

	buf_format(
		&text,
		"[router]\nname = gw\n%s[good-input \"y\"]\n[good \"x\"]\nmust = be\n%s",
		router, lines);
	write_file("conf.d/a.conf", buf_string(&text), 0600);
	buf_free(&text);
	buf_clear(&effective);
	buf_clear(&report);
	ok(settings_check(&c, &where, NULL, true, &effective) == (c.errors == 0) &&
	           c.errors == 0,
	   "no error stops the router");
	config_report(&c, &report);
	config_free(&c);
	return buf_string(&report);
}

static bool has(const char *line)
{
	bool is_there = strstr(buf_string(&effective), line) != NULL;

	if (!is_there)
		printf("# %s", buf_string(&effective));
	return is_there;
}

static void put(const char *lines)
{
	char text[500];

	snprintf(text, sizeof text, "[override \"x\"]\n%s", lines);
	write_file("override/x.conf", text, 0600);
}

static void it_overlays_conf_d(void)
{
	put("enabled = no\nport = 99\nheader = a\nheader = b\n");
	same(check("", "port = 1\nheader = z\n"), "", "nothing is wrong with it");
	ok(has("\nenabled = no\n") && has("\nport = 99\n") &&
	           has("\nheader = a\nheader = b\n") && !strstr(effective.data, "= z\n"),
	   "its keys count, lists as a whole");
	ok(has("\n.override = enabled\n.override = port\n.override = header\n"),
	   "and are named");
	same(check("overrides = no\n", "port = 1\n"),
	     "override of x: warning: is left out: overrides = no in [router] "
	     "(frame-router reset x drops it)\n",
	     "it can be forbidden");
	ok(has("\nenabled = yes\n") && has("\nport = 1\n"), "then conf.d counts");
}

static void what_only_conf_d_may_say_is_ignored(void)
{
	put("spool = /etc\ntarget = /etc/x\nca_file = /x\npassword_file = /etc/shadow\n"
	    "plugin = x\nport = 99\n");
	same(check("", ""),
	     "override of x: warning: spool is ignored: only conf.d may set it\n"
	     "override of x: warning: target is ignored: only conf.d may set it\n"
	     "override of x: warning: ca_file is ignored: only conf.d may set it\n"
	     "override of x: warning: password_file is ignored: only conf.d may set it\n"
	     "override of x: warning: plugin is ignored: unknown key\n",
	     "paths, files of secrets, and what is no key");
	ok(has("\nport = 99\n") && strstr(effective.data, "/etc") == NULL,
	   "the rest counts");
	override_set(state, "t", "command", "reboot", NULL);
	ok(strstr(check("", "[twin \"t\"]\n"),
	          "override of t: warning: command is "
	          "ignored: only conf.d may set it\n") != NULL,
	   "nor a command");
	ok(has("\ncommand = true\n"), "which is that of conf.d");
	override_set(state, "t", "command", NULL, NULL);
}

static void a_folder_that_is_none_is_told(void)
{
	char folder[STATE_PATH_MAX], aside[STATE_PATH_MAX];

	statedir_path(folder, state, "override");
	statedir_path(aside, state, "aside");
	rename(folder, aside);
	same(check("", ""), "", "nothing was overridden yet");
	write_file("override", "", 0600);
	ok(strstr(check("", ""), "warning: no override counts: cannot read") != NULL,
	   "whoever was disabled starts: the operator learns of it");
	unlink(folder);
	rename(aside, folder);
}

static void what_is_wrong_is_left_out(void)
{
	bool was_any;

	put("port = many\nenabled = no\n");
	same(check("", ""),
	     "override of x: warning: port is ignored: \"many\" is no whole number\n",
	     "a wrong value");
	ok(has("\nenabled = no\n"), "and what was stopped stays stopped");
	put("retry_min = 5m\nenabled = no\n");
	same(check("", ""),
	     "override of x: warning: is left out but for enabled: retry_max is shorter "
	     "than retry_min\n",
	     "values that do not go with those of conf.d");
	ok(has("\nenabled = no\n") && has("\nretry_min = 500ms\n"), "as above");
	put("must = crash\n");
	ok(strstr(check("", ""), "override of x: warning: is left out: the check of") !=
	           NULL,
	   "what the plugin's own check does not survive");
	ok(has("\nmust = be\n"), "conf.d counts");
	write_file("override/x.conf", "nonsense", 0600);
	ok(strstr(check("", ""), "override of x: warning: is left out") != NULL,
	   "a file that is none");
	override_reset(state, "x", &was_any, NULL);
	override_set(state, "gone", "enabled", "no", NULL);
	ok(strstr(check("", ""), "override of gone: warning: is left out: there is no "
	                         "input or output of that name") != NULL,
	   "one of nobody");
}

int main(int argc, char **argv)
{
	(void)argc;
	check_world_begin(argv, state, &where);
	keys_are_kept_one_by_one();
	what_cannot_be_is_refused();
	a_damaged_file_is_not_taken();
	it_overlays_conf_d();
	what_only_conf_d_may_say_is_ignored();
	what_is_wrong_is_left_out();
	a_folder_that_is_none_is_told();
	state_remove(state);
	buf_free(&effective);
	buf_free(&report);
	return done();
}
