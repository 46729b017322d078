/* SPDX-License-Identifier: MIT */
/* settings: what is wrong in conf.d is told, and what is right becomes effective. */
#include "settings.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "says.h"
#include "tap.h"

static char dir[] = "/tmp/test-settings-XXXXXX";
static char libs[PATH_MAX];
static struct surroundings where;
static struct buf effective;
static struct buf report;
static struct reason why;
static const char *const one_file[] = {"f.conf", NULL};

static void write_file(const char *name, const char *text, mode_t mode)
{
	FILE *f = fopen(name, "w");

	fputs(text, f);
	fclose(f);
	chmod(name, mode);
}

/* Checks conf.d, or `files`; gives the report. */
static const char *check_files(const char *const *files, bool is_final)
{
	struct config c = {0};

	buf_clear(&effective);
	buf_clear(&report);
	settings_check(&c, &where, files, is_final, &effective);
	config_report(&c, &report);
	config_free(&c);
	return buf_string(&report);
}

/* Checks one file of this text, behind a [router] with a name. */
static const char *check(const char *text)
{
	struct buf whole = {0};

	buf_format(&whole, "[router]\nname = gw\n%s", text);
	write_file("f.conf", buf_string(&whole), 0600);
	buf_free(&whole);
	return check_files(one_file, true);
}

/* Checks a section [good "x"] that has all it must, and these lines from line 5 on. */
static const char *check_good(const char *lines)
{
	struct buf text = {0};
	const char *result;

	buf_format(&text, "[good \"x\"]\nmust = be\n%s", lines);
	result = check(buf_string(&text));
	buf_free(&text);
	return result;
}

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

static void a_plugins_own_check_is_asked(void)
{
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
	        "f.conf:5: error: password is set as well: leave one\n"),
	   "two passwords are one too many");
	unsetenv("CREDENTIALS_DIRECTORY");
	same(check_good("password_file = pw\n"),
	     "f.conf:5: error: password_file: \"pw\" is a systemd credential, and there "
	     "are "
	     "none here\n",
	     "a name is a credential, which must be there to run");
	ok(says(check_files(one_file, false), "f.conf:5: warning: password_file: "),
	   "but not to be looked at by hand");
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	same(check_good("password_file = pw\n"), "", "it is found where systemd puts it");
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

static void paths_lie_in_the_state_directory(void)
{
	struct buf want = {0};

	check_good("spool = my spool\ntarget = d%d/#ID_WASP#\nca_file = /etc/ca.pem\n");
	buf_format(&want, "\nspool = %s/st%%ate/my spool\n", dir);
	ok(says(buf_string(&effective), buf_string(&want)),
	   "a path that is not absolute");
	buf_clear(&want);
	buf_format(&want, "\ntarget = %s/st%%%%ate/d%%d/#ID_WASP#\n", dir);
	ok(says(buf_string(&effective), buf_string(&want)),
	   "a pattern too; a %% of the directory is no pattern");
	ok(says(buf_string(&effective), "\nca_file = /etc/ca.pem\n"),
	   "an absolute path stays");
	check_good("");
	buf_clear(&want);
	buf_format(&want, "\ntarget = %s/st%%%%ate/x/%%Y\n", dir);
	ok(says(buf_string(&effective), buf_string(&want)), "the same for a default");
	buf_free(&want);
}

static void the_state_directory_comes_from_the_router(void)
{
	struct surroundings look = where;

	look.is_state_given = false;
	mkdir("conf.d", 0700);
	write_file("conf.d/a.conf", "[router]\nstate = /from/conf\nnonsense\n", 0600);
	settings_look(&look);
	same(look.state, "/from/conf", "from conf.d, errors elsewhere or not");
	look = where;
	settings_look(&look);
	same(look.state, where.state, "but --state goes before it");
	write_file("conf.d/a.conf", "[router]\nstate = relative\n", 0600);
	ok(says(check_files(NULL, true),
	        "a.conf:2: error: state: must be an absolute path\n"),
	   "a relative one is an error");
}

static void plugins_are_found_in_plugin_dir(void)
{
	struct surroundings all = where;
	struct buf text = {0};
	const char *got;

	where.plugin_count = 1;
	snprintf(where.plugins[0], sizeof where.plugins[0], "%s", dir);
	write_file("conf.d/a.conf", "[good \"x\"]\nmust = be\nheader = 1\nheader = 2\n",
	           0600);
	buf_format(&text, "[router]\nname = gw\nplugin_dir = /nowhere\nplugin_dir = %s\n",
	           libs);
	write_file("conf.d/b.conf", buf_string(&text), 0600);
	got = check_files(NULL, true);
	same(got, "",
	     "also when a later file names the folder, and lists are known by then");
	unlink("conf.d/a.conf");
	unlink("conf.d/b.conf");
	where = all;
	buf_free(&text);
}

static void the_effective_configuration_is_read_back(void)
{
	struct settings s;
	struct plugin p;
	const struct unit *u;
	int64_t bytes;
	int64_t ms;

	struct buf text = {0};

	write_file("v15-a.csv", "id,tag,fields,types\n200,AAA,1,float\n", 0644);
	write_file("v12-b.csv", "id,tag,fields,types\n201,BBB,1,float\n", 0644);
	buf_format(&text,
	           "keep = 12h\nmax_size = 10M\ncommit = 1s\nlog_level = debug\n"
	           "sensors = %s/v15-a.csv\nsensors = %s/v12-b.csv\n"
	           "[good \"x\"]\nmust =  $$ $x \\\n  end\nheader = 1\nheader = 2\n"
	           "hold = 7d\n[good-input \"in\"]\nenabled = no\n",
	           dir, dir);
	check(buf_string(&text));
	same(buf_string(&report), "", "a whole configuration is fine");
	if (!ok(settings_read(&s, buf_string(&effective), effective.len, &why),
	        "what was written is read"))
		printf("# %s\n", why.text);
	same(s.name, "gw", "the name");
	same(s.state, where.state, "the state directory");
	same(s.sensors, where.sensors, "the sensor tables");
	ok(strstr(s.own_sensors[1], "/v12-b.csv") != NULL, "and the operator's own");
	ok(s.own_sensors[2] == NULL && settings_sensors(&s) == s.own_sensors, "no more");
	ok(s.keep_ms == 43200000 && s.max_size == 10485760 && s.commit_ms == 1000 &&
	           s.log_level == LOG_LEVEL_DEBUG,
	   "the numbers");
	u = s.units;
	ok(strcmp(u->name, "x") == 0 && u->kind == PLUGIN_OUTPUT && u->is_enabled &&
	           strcmp(u->next->name, "in") == 0 && u->next->kind == PLUGIN_INPUT &&
	           !u->next->is_enabled && u->next->next == NULL,
	   "the units, in order");
	ok(settings_unit(&s, "in") == u->next && settings_unit(&s, "no") == NULL,
	   "each by its name");
	ok(plugin_load(&p, u->plugin_path, &why), "a unit's plugin can be loaded");
	same(unit_text(u, &p, "must"), "$ $x end", "a value is what conf.d meant");
	ok(unit_number(u, &p, "timeout") == 10000 && unit_number(u, &p, "port") == 1883 &&
	           unit_number(u, &p, "tls") == 0 && unit_number(u, &p, "nothing") == 0,
	   "numbers are ms and the like");
	same(unit_list(u, &p, "header", 1), "2", "a list has its values");
	ok(unit_list(u, &p, "header", 2) == NULL, "and no more");
	ok(unit_text(u, &p, "user") == NULL, "what is unset is NULL");
	settings_hold(&s, u, &bytes, &ms);
	ok(bytes == 0 && ms == 604800000, "hold as it is set");
	settings_hold(&s, u->next, &bytes, &ms);
	ok(bytes == 8388608 && ms == 0, "or 80 %% of max_size");
	settings_free(&s);
	write_file("v12-b.csv", "id,tag,fields,types\n201,BBB,one,float\n", 0644);
	ok(says(check(buf_string(&text)), "f.conf:7: error: sensors: /") &&
	           says(buf_string(&report), "v12-b.csv:2"),
	   "a wrong table is told now, not when an input starts");
	unlink("v15-a.csv");
	unlink("v12-b.csv");
	buf_free(&text);
}

static void a_damaged_one_is_refused(void)
{
	struct settings s;
	size_t len;

	check_good("");
	len = effective.len;
	for (size_t at = 0; at < len; at += 7) {
		settings_read(&s, buf_string(&effective), at, &why);
		settings_free(&s);
	}
	ok(!settings_read(&s, "", 0, &why) && says(why.text, "damaged"),
	   "an empty file is no configuration");
	settings_free(&s);
	ok(!settings_load(&s, dir, &why) && says(why.text, "/effective: No such file"),
	   "nor is one that is not there");
	settings_free(&s);
	mkdir(where.state, 0700);
	buf_clear(&report);
	buf_format(&report, "%s/effective", where.state);
	write_file(buf_string(&report), buf_string(&effective), 0644);
	ok(!settings_load(&s, where.state, &why) && says(why.text, "read by others"),
	   "one that others can read is not taken");
	settings_free(&s);
	chmod(buf_string(&report), 0600);
	ok(settings_load(&s, where.state, &why), "one of ours is");
	settings_free(&s);
	unlink(buf_string(&report));
	rmdir(where.state);
}

static void errors_in_a_section_do_not_hide_others(void)
{
	same(check("[good \"a\"]\nmust = be\nport = x\n[good \"b\"]\nnonsense\nmust = "
	           "be\n"
	           "[good \"a\"]\nport = 1\n[tiny \"c\"]\nenabled = no\n[wrong-abi "
	           "\"d\"]\n"),
	     buf_string(&report), "it runs");
	ok(says(buf_string(&report),
	        "f.conf:5: error: port: \"x\" is no whole number\n") &&
	           says(buf_string(&report), "f.conf:7: error: is neither a section") &&
	           says(buf_string(&report), "f.conf:10: error: port is set twice") &&
	           says(buf_string(&report), "f.conf:11: warning: ") &&
	           says(buf_string(&report), "f.conf:13: error: "),
	   "grammar, values and plugins, in one go");
	ok(strstr(buf_string(&report), "f.conf:11: warning") >
	           strstr(buf_string(&report), "f.conf:13: error"),
	   "errors come before warnings");
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
	     "f.conf:6: error: format = senml does not go with a message: leave one\n",
	     "another format beside a message");
	same(check_good("format = json\nmessage = #ID#\n"),
	     "f.conf:5: error: format = json does not go with a message: leave one\n",
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
	const char *build = getenv("top_builddir");
	const char *source = getenv("top_srcdir");
	char relative[PATH_MAX];
	char *sensors;

	(void)argc;
	plugin_bind_now(argv);
	snprintf(relative, sizeof relative, "%s/tests/plugins/.libs",
	         build == NULL ? "." : build);
	if (realpath(relative, libs) == NULL)
		return 99;
	snprintf(relative, sizeof relative, "%s/core/sensors",
	         source == NULL ? "." : source);
	sensors = realpath(relative, NULL);
	if (sensors == NULL || strlen(sensors) >= sizeof where.sensors ||
	    mkdtemp(dir) == NULL || chdir(dir) != 0)
		return 99;
	setenv("FRAME_ROUTER_PLUGINS", libs, 1);
	snprintf(relative, sizeof relative, "%s/st%%ate", dir);
	if (!surroundings_find(&where, "conf.d", relative, &why))
		return 99;
	memcpy(where.sensors, sensors, strlen(sensors) + 1);
	free(sensors);
	a_good_section_becomes_effective();
	wrong_keys_and_values_are_told_with_their_line();
	templates_and_sql_are_looked_into();
	formats_and_messages_belong_together();
	a_whole_frame_has_no_sensor();
	a_plugin_that_is_not_there_is_told();
	a_plugins_own_check_is_asked();
	a_secret_is_kept_from_others();
	the_file_of_a_secret_is_looked_at();
	a_password_does_not_travel_unencrypted_by_oversight();
	what_is_dangerous_is_warned_of();
	paths_lie_in_the_state_directory();
	the_state_directory_comes_from_the_router();
	plugins_are_found_in_plugin_dir();
	the_effective_configuration_is_read_back();
	a_damaged_one_is_refused();
	errors_in_a_section_do_not_hide_others();
	unlink("f.conf");
	rmdir("conf.d");
	ok(rmdir(dir) == 0, "nothing is left behind");
	buf_free(&effective);
	buf_free(&report);
	return done();
}
