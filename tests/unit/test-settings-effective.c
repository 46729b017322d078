/* SPDX-License-Identifier: MIT */
/* settings: what [router] says, and the effective configuration, written and read. */
#include "settings.h"

#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "says.h"
#include "settings_world.h"
#include "tap.h"

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

static void files_that_are_read_have_stamps(void)
{
	check_good("spool = /etc/passwd\nca_file = /etc/group\ntarget = /etc/x\n");
	ok(says(buf_string(&effective), "\n.stamp = ca_file ") &&
	           says(buf_string(&effective), "\n.stamp = spool "),
	   "another certificate behind the same name is a change, whoever has the key");
	ok(strstr(buf_string(&effective), "\n.stamp = target ") == NULL,
	   "what is written changes nothing");
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
	ok(*check("[good \"a\"]\nmust = be\nport = x\n[good \"b\"]\nnonsense\nmust = "
	          "be\n"
	          "[good \"a\"]\nport = 1\n[tiny \"c\"]\nenabled = no\n[wrong-abi "
	          "\"d\"]\n") != '\0',
	   "it runs");
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

int main(int argc, char **argv)
{
	(void)argc;
	settings_world_begin(argv);
	paths_lie_in_the_state_directory();
	files_that_are_read_have_stamps();
	the_state_directory_comes_from_the_router();
	plugins_are_found_in_plugin_dir();
	the_effective_configuration_is_read_back();
	a_damaged_one_is_refused();
	errors_in_a_section_do_not_hide_others();
	settings_world_end();
	return done();
}
