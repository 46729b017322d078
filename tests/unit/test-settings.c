/* SPDX-License-Identifier: MIT */
/* settings: what is wrong in a section is told, and what is right becomes effective. */
#include "settings.h"

#include <sys/stat.h>
#include <unistd.h>

#include "says.h"
#include "settings_world.h"
#include "tap.h"

static void a_good_section_becomes_effective(void)
{
	same(check_good("port = 1884\n"), "", "nothing is wrong with it");
	ok(says(buf_string(&effective), "[router]\n.conf = "), "it begins with [router]");
	ok(says(buf_string(&effective), "\nname = gw\n"), "its name stands there");
	ok(says(buf_string(&effective), "\nkeep = 1d\n"), "and the defaults of others");
	ok(says(buf_string(&effective), "\n\n[good \"x\"]\n.kind = output\n.plugin = /"),
	   "then the section, with its kind and plugin");
	ok(says(buf_string(&effective), "\n.file = f.conf\n.line = 3\n"),
	   "where it stands");
	ok(says(buf_string(&effective), "\nport = 1884\n"), "what is set in it");
	ok(says(buf_string(&effective), "\nenabled = yes\n") &&
	           says(buf_string(&effective), "\nwindow = 100\n") &&
	           says(buf_string(&effective), "\nprotocol = auto\n") &&
	           says(buf_string(&effective), "\ninsecure = no\n"),
	   "and the defaults of what is not: common, own, and of the group");
	ok(says(buf_string(&effective), "\nbatch = 7\n"),
	   "the plugin's own default of a common option goes before");
	ok(strstr(buf_string(&effective), "\nuser =") == NULL,
	   "what has no value and no default does not stand there");
}

static void wrong_keys_and_values_are_told_with_their_line(void)
{
	same(check_good("hots = a\nport = 0\ntimeout = 10\nprotocol = 4\nroom = 1\n"
	                "zzzzzz = 1\nenabled = true\n"),
	     "f.conf:5: error: unknown key hots: is host meant?\n"
	     "f.conf:6: error: port: is out of its limits: 1 to 65535\n"
	     "f.conf:7: error: timeout: a duration needs a unit: 500ms, 30s, 5m, 12h or "
	     "7d\n"
	     "f.conf:8: error: protocol: \"4\" is none of auto, 5, 3.1.1\n"
	     "f.conf:9: error: room: a size needs a unit: 64K, 10M or 1G\n"
	     "f.conf:10: error: unknown key zzzzzz\n"
	     "f.conf:11: error: enabled: \"true\" is neither yes nor no\n",
	     "all of them at once");
	same(check("[good \"x\"]\n"),
	     "f.conf:3: error: must is missing: has to be given\n",
	     "what is required and missing is told with its help");
	same(check("[good \"x\"]\nmust =\n"),
	     "f.conf:3: error: must is missing: has to be given\n", "empty is missing");
	same(check_good("retry_min = 2m\n"),
	     "f.conf:3: error: retry_max is shorter than retry_min\n",
	     "waits that contradict each other");
	same(check("[router]\nkepe = 1d\nmax_size = 5\n"),
	     "f.conf:4: error: unknown key kepe: is keep meant?\n"
	     "f.conf:5: error: max_size: a size needs a unit: 64K, 10M or 1G\n",
	     "the same for [router]");
	same(check_good("hold =\n"), "",
	     "an empty value is none where there is no default");
}

static void templates_and_sql_are_looked_into(void)
{
	same(check_good("topic = a/#ID_WAPS#\n"),
	     "f.conf:5: error: topic: unknown wildcard #ID_WAPS#: is #ID_WASP# meant?\n",
	     "a slip in a topic");
	same(check_good("message = {\"v\":#VALUE#\n"),
	     "f.conf:5: error: message: is no valid JSON: it ends where a comma or } is "
	     "expected\n",
	     "a message that would be no JSON");
	ok(says(check_good("target = /x/%Q\n"), "f.conf:5: error: target: unknown time"),
	   "a wrong pattern in a path");
	same(check_good("topic = 100%Q\n"), "", "which a topic does not have");
	ok(says(check_good("where = no_column = 1\n"), "f.conf:5: error: where: ") &&
	           says(buf_string(&report), "no_column"),
	   "a column that is not there, in SQLite's words");
	ok(says(check_good("select = (\n"), "f.conf:5: error: select: "),
	   "no SQL at all");
	same(check_good("where = node = 'SCP4'\n"), "", "a right condition is fine");
}

static void a_plugin_that_is_not_there_is_told(void)
{
	ok(says(check("[goood \"x\"]\n"),
	        "f.conf:3: error: there is no plugin \"goood\": is good meant?\n"),
	   "a slip in its name");
	ok(says(check("[elsewhere \"x\"]\n"),
	        "f.conf:3: error: the plugin \"elsewhere\" is not installed, but ") &&
	           strstr(buf_string(&report), " are; looked in /") != NULL,
	   "one that is not installed, with what is there, and the folders");
	ok(says(check("[elsewhere \"x\"]\nenabled = no\nany = thing\nany = thing\n"),
	        "f.conf:3: warning: the plugin \"elsewhere\" is not installed") &&
	           strstr(buf_string(&report), "error") == NULL,
	   "which is a warning where it is disabled");
	ok(strstr(buf_string(&effective), "elsewhere") == NULL, "and left out");
	ok(says(check("[wrong-abi \"x\"]\n"),
	        "wrong-abi.so: is made for ABI 2, this router knows ABI 1\n"),
	   "one that cannot be loaded, with the reason");
	ok(says(check("[crash \"x\"]\n"), "while it was loaded it died of signal 6"),
	   "one that dies of it does not take us with it");
}

static void a_key_in_other_letters_is_told(void)
{
	same(check_good("Host = b\n"),
	     "f.conf:5: error: \"Host\" is no key: is host meant?\n", "a capital letter");
	same(check_good("retry-max = 5s\n"),
	     "f.conf:5: error: \"retry-max\" is no key: is retry_max meant?\n", "a dash");
	same(check_good("Retry max = 5s\n"),
	     "f.conf:5: error: \"Retry max\" is no key: is retry_max meant?\n",
	     "a blank");
	same(check_good("Qx3nR9 = \n"),
	     "f.conf:5: error: is no key: keys are lower-case letters, digits and _\n",
	     "the rest of a secret is not");
	write_file("f.conf", "[router]\nLog_Level = info\nname = gw\n", 0600);
	ok(says(check_files(one_file, true), "is log_level meant?"), "one of the router");
}

static void an_empty_file_is_named_itself(void)
{
	write_file("f.conf", "", 0600);
	ok(says(check_files(one_file, true),
	        "f.conf: warning: no input or output is enabled\n") &&
	           !says(buf_string(&report), "conf.d"),
	   "not the folder that was not asked for");
}

static void a_plugins_own_check_is_asked(void)
{
	same(check_good("header = refused\nheader = fine\n"),
	     "f.conf:5: error: header: 'refused' is none\n",
	     "what begins with the name of an option has that one's line");
	same(check("[good \"x\"]\nmust = bad\nheader = h\npassword = p\n"),
	     "f.conf:3: error: bad with port 1883, header h, password set\n",
	     "it sees its options, and its reason is told");
	same(check("[good \"x\"]\nmust = crash\n"),
	     "f.conf:3: error: the check of the plugin good died of signal 4 (Illegal "
	     "instruction)\n",
	     "if it dies, that is told");
	same(check("[good \"x\"]\nmust = bad\nport = x\n"),
	     "f.conf:5: error: port: \"x\" is no whole number\n",
	     "it is not asked about options that are wrong");
}

static void a_secret_is_kept_from_others(void)
{
	static const char open_secret[] =
		"[router]\nname = gw\n[good \"x\"]\nmust = be\npassword = hunter2\n";

	write_file("f.conf", open_secret, 0644);
	same(check_files(one_file, true),
	     "f.conf:5: error: password: f.conf holds a secret and can be read by others "
	     "(chmod 600 f.conf)\n",
	     "a password in a file that others can read");
	ok(strstr(buf_string(&report), "hunter2") == NULL, "is not shown");
	chmod("f.conf", 0600);
	same(check_files(one_file, true), "", "after chmod 600 it is fine");
	ok(says(buf_string(&effective), "\n.secret = password\n"),
	   "and known as what is not to be shown");
	setenv("SETTINGS_TEST", "hunter2", 1);
	write_file("f.conf",
	           "[router]\nname = gw\n[good \"x\"]\nmust = be\n"
	           "password = ${SETTINGS_TEST}\n",
	           0644);
	same(check_files(one_file, true), "",
	     "one from a variable does not lie in the file");
	write_file("f.conf",
	           "[router]\nname = gw\n[good \"x\"]\nmust = be\n"
	           "password = ${SETTINGS_UNSET:-hunter2}\n",
	           0644);
	ok(says(check_files(one_file, true), "can be read by others"),
	   "but the default of one does");
}

static void the_file_of_a_secret_is_looked_at(void)
{
	struct buf line = {0};

	write_file("pw", "hunter2\n", 0600);
	buf_format(&line, "password_file = %s/pw\n", dir);
	same(check_good(buf_string(&line)), "", "a safe file is fine");
	chmod("pw", 0644);
	ok(says(check_good(buf_string(&line)), "f.conf:5: error: password_file: ") &&
	           says(buf_string(&report), "can be read by others (chmod 600 "),
	   "one that others can read is refused");
	chmod("pw", 0640);
	ok(geteuid() != 0 || says(check_good(buf_string(&line)), "can be read by others"),
	   "so is one that a group can read");
	unlink("pw");
	ok(says(check_good(buf_string(&line)), "No such file"),
	   "so is one that is not there");
	buf_text(&line, "password = x\n");
	write_file("pw", "hunter2\n", 0600);
	ok(says(check_good(buf_string(&line)),
	        "f.conf:5: error: password is set as well: leave one out\n"),
	   "two passwords are one too many");
	unsetenv("CREDENTIALS_DIRECTORY");
	same(check_good("password_file = pw\n"),
	     "f.conf:5: error: password_file: \"pw\" is no path, which begins with /, so "
	     "it is a systemd credential, which is not there: the unit needs [Service] "
	     "LoadCredential=pw:/PATH\n",
	     "a name is a credential, which must be there to run");
	ok(says(check_files(one_file, false), "f.conf:5: warning: password_file: "),
	   "but not to be looked at by hand");
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	same(check_good("password_file = pw\n"), "", "it is found where systemd puts it");
	ok(says(check_good("password_file = other\n"), "LoadCredential=other:/PATH"),
	   "one that the unit forgot is told in the same words");
	same(check_good("password_file = pw\n"), "", "the first is there still");
	buf_clear(&line);
	buf_format(&line, "\npassword_file = %s/pw\n", dir);
	ok(says(buf_string(&effective), buf_string(&line)), "and its path is in force");
	unsetenv("CREDENTIALS_DIRECTORY");
	unlink("pw");
	buf_free(&line);
}

static void a_password_does_not_travel_unencrypted_by_oversight(void)
{
	static const char told[] = "f.conf:6: error: password would travel to "
				   "broker.example unencrypted: set "
				   "tls = yes, or tls = no if that is meant\n";

	same(check_good("host = broker.example\npassword = p\n"), told,
	     "to another host");
	same(check_good("host = broker.example\npassword = p\ntls = no\n"), "",
	     "it may when that is written");
	same(check_good("host = broker.example\npassword = p\ntls = yes\n"), "",
	     "with TLS it is not");
	same(check_good("host = 127.3.2.1\npassword = p\n"), "",
	     "nor within this machine");
	same(check_good("host = ::1\npassword = p\n"), "", "by whatever address");
	same(check_good("host = localhost\npassword = p\n"), "", "or name");
	same(check_good("password = p\n"), "", "or default");
	ok(says(check_good("host = 127.example\npassword = p\n"), "unencrypted"),
	   "a name that begins like an address is none");
	same(check_good("host = broker.example\npassword =\n"), "",
	     "nothing is no password");
}

static void what_is_dangerous_is_warned_of(void)
{
	ok(says(check_good("insecure = yes\n"), "f.conf:5: warning: insecure: anybody"),
	   "an unverified far side");
	write_file("f.conf", "[router]\nname = raspberrypi\n[good \"x\"]\nmust = be\n",
	           0600);
	ok(says(check_files(one_file, true),
	        "f.conf:2: warning: this router is called raspberrypi, as many are"),
	   "a name that many have");
	write_file("f.conf",
	           "[good \"x\"]\nmust = be\nenabled = no\n[router]\nname = gw\n", 0600);
	ok(says(check_files(one_file, true), "warning: no input or output is enabled"),
	   "a router that does nothing");
}

/* What is in force for a key of the one output. */
static const char *in_force(const char *key)
{
	static char value[200];
	struct settings settings = {0};
	const char *text = NULL;

	if (settings_read(&settings, buf_string(&effective), effective.len, &why))
		text = config_text(settings.units->section, key);
	snprintf(value, sizeof value, "%s", text == NULL ? "" : text);
	settings_free(&settings);
	return value;
}

static void formats_and_messages_belong_together(void)
{
	same(check_good("message = {\"id\":#ID#,\"at\":\"#TS(\"c\")#\"}\n"), "",
	     "a message needs no format");
	same(in_force("format"), "template",
	     "and means template, for the plugin as well");
	same(in_force("message"), "{\"id\":#ID#,\"at\":\"#TS(\"c\")#\"}", "as it stands");
	same(check_good("format = template\nmessage = #ID#\n"), "", "both may be said");
	same(check_good("message = #ID#\nformat = senml\n"),
	     "f.conf:6: error: format = senml does not go with a message: leave one "
	     "out\n",
	     "another format beside a message");
	same(check_good("format = json\nmessage = #ID#\n"),
	     "f.conf:5: error: format = json does not go with a message: leave one out\n",
	     "the default, too, when it is written down");
	same(check_good("format = template\n"),
	     "f.conf:5: error: format = template needs a message = ...\n",
	     "a template without a message");
	same(check_good("message =\n"), "", "an empty message is none");
	same(in_force("format"), "json", "and means nothing");
}

static void a_whole_frame_has_no_sensor(void)
{
	same(check_good("topic = a/#SENSOR#\n"), "", "a topic for readings");
	same(check_good("target = /x/#SENSOR#\nper = reading\n"), "", "a path");
	same(check_good("topic = a/#SENSOR#\nper = frame\n"),
	     "f.conf:6: error: per = frame, but topic names #SENSOR# or #VALUE#, which "
	     "stand for one reading\n",
	     "not in a whole frame's topic");
	same(check_good("per = frame\nmessage = #VALUE#\n"),
	     "f.conf:5: error: per = frame, but message names #SENSOR# or #VALUE#, which "
	     "stand for one reading\n",
	     "nor in its message");
	same(check_good("per = frame\ntarget = /x/#SENSOR#\n"),
	     "f.conf:5: error: per = frame, but target names #SENSOR# or #VALUE#, which "
	     "stand for one reading\n",
	     "nor in a path");
}

int main(int argc, char **argv)
{
	(void)argc;
	settings_world_begin(argv);
	a_good_section_becomes_effective();
	wrong_keys_and_values_are_told_with_their_line();
	templates_and_sql_are_looked_into();
	formats_and_messages_belong_together();
	a_whole_frame_has_no_sensor();
	a_plugin_that_is_not_there_is_told();
	a_key_in_other_letters_is_told();
	an_empty_file_is_named_itself();
	a_plugins_own_check_is_asked();
	a_secret_is_kept_from_others();
	the_file_of_a_secret_is_looked_at();
	a_password_does_not_travel_unencrypted_by_oversight();
	what_is_dangerous_is_warned_of();
	settings_world_end();
	return done();
}
