/* SPDX-License-Identifier: MIT */
/* surroundings: where the program finds its things. */
#include "surroundings.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char dir[] = "/tmp/test-surroundings-XXXXXX";
static struct surroundings s;
static struct reason why;

static const char *in_dir(const char *name)
{
	static char path[100];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static void forget_environment(void)
{
	unsetenv("FRAME_ROUTER_CONF");
	unsetenv("FRAME_ROUTER_STATE");
	unsetenv("FRAME_ROUTER_PLUGINS");
}

static void an_installed_program_uses_what_was_configured(void)
{
	ok(surroundings_find_for(&s, in_dir("frame-router"), NULL, NULL, &why),
	   "a program without config.status beside it is installed");
	ok(!s.is_build_tree && s.home[0] == '\0' && !s.is_state_given,
	   "and is known as such");
	same(s.conf, FRAME_ROUTER_CONFDIR, "its conf.d");
	same(s.state, FRAME_ROUTER_STATEDIR, "its state directory");
	same(s.sensors, FRAME_ROUTER_SENSORDIR, "its sensor tables");
	ok(s.plugin_count == 1 && strcmp(s.plugins[0], FRAME_ROUTER_PLUGINDIR) == 0,
	   "its plugins");
}

static void a_build_tree_uses_its_own(void)
{
	close(open(in_dir("config.status"), O_CREAT | O_WRONLY, 0700));
	ok(surroundings_find_for(&s, in_dir("frame-router"), NULL, NULL, &why),
	   "a program with config.status beside it is in a build tree");
	ok(s.is_build_tree && strcmp(s.home, dir) == 0, "whose folder is known");
	same(s.conf, in_dir("conf.d"), "its conf.d");
	same(s.state, in_dir(".state"), "its state directory");
	same(s.sensors, in_dir("core/sensors"), "its sensor tables");
	same(s.plugins[0], in_dir("plugins"), "its plugins");
	unlink(in_dir("config.status"));
}

static void what_is_given_goes_first(void)
{
	setenv("FRAME_ROUTER_CONF", "/env/conf", 1);
	setenv("FRAME_ROUTER_STATE", "/env/state/", 1);
	ok(surroundings_find_for(&s, in_dir("frame-router"), NULL, NULL, &why),
	   "the environment is looked at");
	same(s.conf, "/env/conf", "for conf.d");
	same(s.state, "/env/state", "and the state directory, without its last slash");
	ok(s.is_state_given, "which [router] then does not change");
	surroundings_find_for(&s, in_dir("frame-router"), "/cli/conf", "/cli/state",
	                      &why);
	same(s.conf, "/cli/conf", "--conf goes before it");
	same(s.state, "/cli/state", "and --state");
	setenv("FRAME_ROUTER_CONF", "", 1);
	surroundings_find_for(&s, in_dir("frame-router"), NULL, NULL, &why);
	same(s.conf, FRAME_ROUTER_CONFDIR, "an empty variable is none");
	forget_environment();
}

static void relative_paths_begin_where_we_are(void)
{
	char here[200];

	ok(chdir(dir) == 0 && getcwd(here, sizeof here) != NULL, "in some folder");
	surroundings_find_for(&s, in_dir("frame-router"), "conf", "st", &why);
	strcat(here, "/conf");
	same(s.conf, here,
	     "a relative path is made absolute: processes may change folders");
}

static void folders_of_plugins_have_an_order(void)
{
	const char *dirs[SURROUNDINGS_PLUGINS_MAX + 1];

	setenv("FRAME_ROUTER_PLUGINS", "/one::/two", 1);
	surroundings_find_for(&s, in_dir("frame-router"), NULL, NULL, &why);
	ok(surroundings_add_plugins(&s, "/three", &why), "plugin_dir adds one");
	surroundings_dirs(&s, dirs);
	same(dirs[0], "/one", "first the environment");
	same(dirs[1], "/two", "all of it, without the empty one");
	same(dirs[2], "/three", "then [router]");
	same(dirs[3], FRAME_ROUTER_PLUGINDIR, "last what came with the program");
	ok(dirs[4] == NULL, "no more");
	ok(surroundings_add_plugins(&s, "/three/", &why) && s.plugin_count == 4,
	   "one that is there already is there once");
	for (int i = 0; s.plugin_count < SURROUNDINGS_PLUGINS_MAX; i++) {
		char more[20];

		snprintf(more, sizeof more, "/more/%d", i);
		surroundings_add_plugins(&s, more, &why);
	}
	ok(!surroundings_add_plugins(&s, "/more", &why), "too many are refused");
	same(s.plugins[SURROUNDINGS_PLUGINS_MAX - 1], FRAME_ROUTER_PLUGINDIR,
	     "and push none out");
	forget_environment();
}

static void what_is_too_long_is_refused(void)
{
	static char path[1000] = "/";

	memset(path + 1, 'x', sizeof path - 2);
	ok(!surroundings_find_for(&s, in_dir("frame-router"), path, NULL, &why),
	   "--conf");
	ok(!surroundings_find_for(&s, in_dir("frame-router"), NULL, path, &why),
	   "--state");
	setenv("FRAME_ROUTER_PLUGINS", path, 1);
	ok(!surroundings_find_for(&s, in_dir("frame-router"), NULL, NULL, &why),
	   "a folder of plugins");
	forget_environment();
}

int main(void)
{
	forget_environment();
	if (mkdtemp(dir) == NULL)
		return 99;
	an_installed_program_uses_what_was_configured();
	a_build_tree_uses_its_own();
	what_is_given_goes_first();
	relative_paths_begin_where_we_are();
	folders_of_plugins_have_an_order();
	what_is_too_long_is_refused();
	ok(surroundings_find(&s, NULL, NULL, &why) &&
	           strstr(s.program, "/test-surroundings"),
	   "and it finds itself");
	rmdir(dir);
	return done();
}
