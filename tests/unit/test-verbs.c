/* SPDX-License-Identifier: MIT */
/* The verbs check and plugins, as a person or the supervisor uses them. */
#include "verb.h"

#include <limits.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exits.h"
#include "says.h"
#include "tap.h"
#include "test_plugins.h"

#define WORDS_MAX 12

static char dir[] = "/tmp/test-verbs-XXXXXX";
static char libs[PATH_MAX];
static struct buf out; /* what the last verb said on standard output */
static struct buf err; /* and on standard error */

static void drain(int fd, struct buf *to)
{
	char part[4096];
	ssize_t got;

	while ((got = read(fd, part, sizeof part)) > 0)
		buf_add(to, part, (size_t)got);
	close(fd);
}

/* In a child: the words of the line, parted by blanks, are a verb and its arguments. */
__attribute__((noreturn)) static void become(const char *line)
{
	char text[500];
	char *words[WORDS_MAX + 1] = {NULL};
	char *rest = text;
	int count = 0;

	snprintf(text, sizeof text, "%s", line);
	while (count < WORDS_MAX && (words[count] = strsep(&rest, " ")) != NULL)
		count++;
	if (strcmp(words[0], "check") == 0)
		exit(verb_check(count, words));
	exit(verb_plugins(count, words));
}

/* Runs a verb with `to` as its standard output, read from `from`; its exit code. */
static int run_on(int from, int to, const char *line)
{
	int fds[2];
	int status = 0;
	pid_t child;

	if (pipe(fds) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		dup2(to, STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		closefrom(3);
		become(line);
	}
	close(to);
	close(fds[1]);
	buf_clear(&out);
	buf_clear(&err);
	drain(from, &out);
	drain(fds[0], &err);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int run(const char *line)
{
	int fds[2];

	return pipe(fds) == 0 ? run_on(fds[0], fds[1], line) : -1;
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	fputs(text, f);
	fclose(f);
	chmod(name, 0600);
}

static const char good[] = "[router]\nname = gw\n"
			   "[good \"broker\"]\nmust = be\npassword = hunter2\n"
			   "[good-input \"nodes\"]\nenabled = no\n";

static void a_good_configuration_is_summed_up(void)
{
	write_file("conf.d/a.conf", good);
	ok(run("check --conf conf.d --state state") == EXIT_FINE, "the answer is yes");
	same(buf_string(&out),
	     "output broker               good             enabled\n"
	     "input  nodes                good-input       disabled\n"
	     "0 errors, 0 warnings\n",
	     "one line for each, and the count");
	same(buf_string(&err), "a plugin that prints\n",
	     "what a plugin prints does not stand between");
	ok(run("check --conf=conf.d --state=state") == EXIT_FINE,
	   "--conf=DIR is the same");
}

static void errors_come_first_then_warnings(void)
{
	write_file("conf.d/b.conf",
	           "[router]\nname = debian\n[good \"broker\"]\nprot = 1\n");
	ok(run("check --conf conf.d --state state") == EXIT_FAILED, "the answer is no");
	ok(says(buf_string(&err),
	        "/conf.d/b.conf:4: error: unknown key prot: is port meant?\n") &&
	           says(buf_string(&err),
	                "/conf.d/b.conf:2: warning: this router is called debian"),
	   "each with file and line");
	ok(strstr(buf_string(&err), "warning") > strstr(buf_string(&err), "error"),
	   "what must be done stands before what could be");
	ok(says(buf_string(&out), "\n1 error, 1 warning\n"), "and the count");
	ok(run("check conf.d/a.conf --conf nowhere --state state") == EXIT_FINE,
	   "a file alone can be checked");
	ok(run("check conf.d/a.conf conf.d/b.conf --state state") == EXIT_FAILED,
	   "or several, as if they were all");
	ok(run("check --conf nowhere --state state") == EXIT_FAILED &&
	           says(buf_string(&err),
	                "/nowhere: error: cannot open the folder: No such file"),
	   "a folder that is not there is told");
}

static void the_effective_configuration_is_all_that_is_printed(void)
{
	ok(run("check --effective --conf conf.d --state state") == EXIT_CONFIG,
	   "with an error the supervisor gets another answer");
	ok(out.len == 0 && says(buf_string(&err), "conf.d/b.conf:4: error: "),
	   "nothing that it could run with, but the errors");
	unlink("conf.d/b.conf");
	ok(run("check --effective --conf conf.d --state state") == EXIT_FINE,
	   "without one");
	ok(strncmp(buf_string(&out), "[router]\n.conf = /", 18) == 0 &&
	           says(buf_string(&out), "\npassword = hunter2\n") &&
	           strstr(buf_string(&out), "prints") == NULL &&
	           strstr(buf_string(&out), "0 errors") == NULL,
	   "it gets every value, and nothing else");
}

static void secrets_are_hidden_from_a_terminal(void)
{
	int master;
	int slave;

	if (openpty(&master, &slave, NULL, NULL, NULL) != 0) {
		ok(true,
		   "secrets are hidden from a terminal # SKIP there are no terminals");
		return;
	}
	ok(run_on(master, slave, "check --effective --conf conf.d --state state") ==
	           EXIT_FINE,
	   "a person may look at it");
	ok(says(buf_string(&out), "\r\npassword = (hidden)\r\n") &&
	           strstr(buf_string(&out), "hunter2") == NULL &&
	           says(buf_string(&out), "\r\nmust = be\r\n"),
	   "and sees all values but the secret ones");
}

static void wrong_usage_is_told_apart(void)
{
	ok(run("check --effectiv") == EXIT_USAGE &&
	           says(buf_string(&err), "usage: frame-router check"),
	   "an unknown option");
	ok(run("check --conf") == EXIT_USAGE &&
	           says(buf_string(&err), "--conf needs a folder"),
	   "an option without its value");
	ok(run("plugins --all") == EXIT_USAGE &&
	           says(buf_string(&err), "usage: frame-router plugins"),
	   "the same for plugins");
	ok(run("plugins good example") == EXIT_USAGE, "a word too many");
}

static void plugins_are_listed_with_what_is_wrong(void)
{
	ok(run("plugins --conf conf.d") == EXIT_FINE, "there are some");
	ok(says(buf_string(&out), "good             output  1.0     ") &&
	           says(buf_string(&out), "/good.so\n") &&
	           says(buf_string(&out),
	                "good-input       input   2.0     an input of the tests\n"),
	   "with kind, version, description and path");
	ok(says(buf_string(&out), "wrong-abi        cannot be loaded: /") &&
	           says(buf_string(&out), "is made for ABI 2") &&
	           says(buf_string(&out), "died of signal 6 (Aborted)"),
	   "and those that cannot be loaded, with the reason");
}

static void a_plugins_options_are_a_table(void)
{
	ok(run("plugins good --conf conf.d") == EXIT_FINE, "one of them");
	ok(says(buf_string(&out), "good 1.0, an output: ") &&
	           says(buf_string(&out), "\nKEY "),
	   "has a head");
	ok(says(buf_string(&out),
	        "\nport           number       1883              1 to 65535  "),
	   "a row has key, type, default and limits");
	ok(says(buf_string(&out), "auto, 5 or 3.1.1") &&
	           says(buf_string(&out), "(required)"),
	   "choices, required");
	ok(says(buf_string(&out), "\npassword_file ") &&
	           says(buf_string(&out), "\nca_file ") &&
	           says(buf_string(&out), "\nwindow "),
	   "the file of its secret, those of its group, and those of all");
	ok(strstr(strstr(buf_string(&out), "\ntopic ") + 1, "\ntopic ") == NULL,
	   "a common option that it has a default for stands there once");
	ok(run("plugins tiny --conf conf.d") == EXIT_FAILED &&
	           says(buf_string(&err), "40 bytes"),
	   "one that cannot be loaded says why");
	ok(run("plugins none --conf conf.d") == EXIT_FAILED &&
	           says(buf_string(&err), "frame-router: there is no plugin none"),
	   "one that is not there too");
}

static void an_example_is_a_file_for_conf_d(void)
{
	ok(run("plugins good --example mine must=be port=99 header=a header=b") ==
	           EXIT_FINE,
	   "an example is written");
	ok(says(buf_string(&out),
	        "\n[good \"mine\"]\n# whether it runs\n#enabled = yes\n") &&
	           says(buf_string(&out), "\nport = 99\n") &&
	           says(buf_string(&out), "\n#protocol = auto\n") &&
	           says(buf_string(&out), "\nheader = a\nheader = b\n"),
	   "with what was given set, and everything else as a comment");
	write_file("conf.d/a.conf", buf_string(&out));
	ok(run("check --conf conf.d --state state") == EXIT_FINE, "it is a valid file");
	ok(run("plugins good --example") == EXIT_FINE &&
	           says(buf_string(&out), "\n[good \"good\"]\n"),
	   "without a name it has the plugin's");
	ok(run("plugins good --example mine prot=1") == EXIT_FAILED &&
	           says(buf_string(&err), "good has no option prot"),
	   "an unknown key is refused");
	ok(run("plugins good --example mine port=x") == EXIT_FAILED &&
	           says(buf_string(&err), "port: "),
	   "so is a wrong value");
	ok(run("plugins good --example ../x") == EXIT_FAILED && out.len == 0,
	   "and a name that is none");
}

static void settings_come_from_the_last_run_or_from_conf_d(void)
{
	struct surroundings where;
	struct settings s;
	struct reason why;

	write_file("conf.d/a.conf", good);
	surroundings_find(&where, "conf.d", "state", &why);
	ok(verb_settings(&s, &where, &why) && strcmp(s.name, "gw") == 0,
	   "before the first run conf.d says what there is");
	settings_free(&s);
	write_file("conf.d/a.conf", "nonsense\n");
	ok(!verb_settings(&s, &where, &why) && strstr(why.text, "has errors") != NULL,
	   "with an error nothing is taken");
	settings_free(&s);
	mkdir("state", 0700);
	write_file("state/effective", "[router]\n.conf = /c\n.sensors = /s\nname = last\n"
	                              "state = /x\n");
	ok(verb_settings(&s, &where, &why) && strcmp(s.name, "last") == 0,
	   "after it, what it ran with, whatever conf.d says now");
	settings_free(&s);
	unlink("state/effective");
	rmdir("state");
}

int main(int argc, char **argv)
{
	(void)argc;
	plugin_bind_now(argv);
	find_test_plugins(libs);
	if (mkdtemp(dir) == NULL || chdir(dir) != 0 || mkdir("conf.d", 0700) != 0)
		return 99;
	setenv("FRAME_ROUTER_PLUGINS", libs, 1);
	a_good_configuration_is_summed_up();
	errors_come_first_then_warnings();
	the_effective_configuration_is_all_that_is_printed();
	secrets_are_hidden_from_a_terminal();
	wrong_usage_is_told_apart();
	plugins_are_listed_with_what_is_wrong();
	a_plugins_options_are_a_table();
	an_example_is_a_file_for_conf_d();
	settings_come_from_the_last_run_or_from_conf_d();
	unlink("conf.d/a.conf");
	rmdir("conf.d");
	ok(rmdir(dir) == 0, "nothing is left behind");
	buf_free(&out);
	buf_free(&err);
	return done();
}
