/* SPDX-License-Identifier: MIT */
/* plugin: what is loaded, what is refused, and that the reason is the true one. */
#include "plugin.h"

#include <elf.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"
#include "test_plugins.h"

static char libs[PATH_MAX]; /* where the build put the plugins of the tests */
static char dir[] = "/tmp/test-plugin-XXXXXX";
static struct plugin plugin;
static struct reason why;

static const char *built(const char *name)
{
	static char path[PATH_MAX + 80];

	snprintf(path, sizeof path, "%s/%s.so", libs, name);
	return path;
}

static const char *in_dir(const char *name)
{
	static char path[100];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

/* Whether the file is refused with these words, its own path before them. */
static bool refuses(const char *path, const char *words)
{
	bool is_right;

	why.text[0] = '\0';
	is_right = !plugin_load_guarded(&plugin, path, &why) &&
	           strstr(why.text, path) != NULL && strstr(why.text, words) != NULL;
	if (!is_right)
		printf("#  got: %s\n# want: %s\n", why.text, words);
	return is_right;
}

static void a_good_output_is_loaded(void)
{
	if (!ok(plugin_load_guarded(&plugin, built("good"), &why), "good.so is loaded"))
		printf("# %s\n", why.text);
	ok(plugin.kind == PLUGIN_OUTPUT && plugin.output.submit != NULL &&
	           plugin.output.flush == NULL,
	   "with the callbacks that it has");
	same(plugin.name, "good", "its name");
	same(plugin.version, "1.0", "its version");
	same(plugin.path, built("good"), "its path");
	same(plugin_option(&plugin, "port")->default_value, "1883", "its options");
	ok(plugin_option(&plugin, "ca_file") != NULL, "those of its group");
	ok(plugin_option(&plugin, "window") != NULL, "those of every output");
	ok(plugin_option(&plugin, "nothing") == NULL, "no others");
	same(plugin_option(&plugin, "topic")->default_value, "frames/#ID_WASP#",
	     "a common option has the plugin's default");
}

static void a_secret_brings_its_file(void)
{
	const struct frame_option *file = plugin_option(&plugin, "password_file");

	ok(file != NULL && file->type == FRAME_OPTION_PATH,
	   "password brings password_file");
	ok(plugin_secret_of(&plugin, "password_file") ==
	           plugin_option(&plugin, "password"),
	   "which is known as the file of the secret");
	ok(plugin_secret_of(&plugin, "ca_file") == NULL &&
	           plugin_secret_of(&plugin, "password") == NULL &&
	           plugin_secret_of(&plugin, "_file") == NULL,
	   "nothing else is");
}

static void an_input_is_loaded_as_one(void)
{
	ok(plugin_load_guarded(&plugin, built("good-input"), &why) &&
	           plugin.kind == PLUGIN_INPUT && plugin.input.answer != NULL,
	   "good-input.so is an input");
	same(plugin.description, "an input of the tests", "with its description");
	ok(plugin_option(&plugin, "enabled") != NULL &&
	           plugin_option(&plugin, "window") == NULL,
	   "and the options of inputs");
}

static void older_and_newer_plugins_are_loaded(void)
{
	const struct frame_option *o;

	ok(plugin_load_guarded(&plugin, built("older"), &why),
	   "one that was built with a smaller struct of options");
	o = plugin_option(&plugin, "number");
	ok(o->struct_size == sizeof *o && o->choices == NULL && o->help == NULL &&
	           o->maximum == 0 && strcmp(o->default_value, "7") == 0,
	   "what lies behind the smaller struct is not taken for a part of it");
	ok(plugin_load_guarded(&plugin, built("newer"), &why),
	   "one that was built with larger structs");
	o = plugin_option(&plugin, "number");
	ok(o->struct_size == sizeof *o && o->maximum == 9 &&
	           plugin.output.struct_size == sizeof plugin.output,
	   "of which we take what we know");
}

static void a_wrong_table_is_refused(void)
{
	ok(refuses(built("wrong-abi"), "made for ABI 2, this router knows ABI 1"),
	   "another ABI");
	ok(refuses(built("tiny"), "its table has 40 bytes, ABI 1 has "),
	   "a table that is too small");
	ok(refuses(built("no-table"), "its function returned NULL"), "no table");
	ok(refuses(built("no-submit"), "its table has no submit()"), "no submit()");
	ok(refuses(built("wrong-name"), "calls itself mqtt, but its file wrong-name.so"),
	   "another name than the file's");
	ok(refuses(built("other-group"), "options of a group that this router does not"),
	   "an unknown group of options");
}

static void wrong_options_are_refused(void)
{
	ok(refuses(built("bad-default"),
	           "the default of the option port: is out of its limits: 1 to 65535"),
	   "a default that its option refuses");
	ok(refuses(built("bad-template"), "is #ID_WASP# meant?"),
	   "a default with an unknown wildcard");
	ok(refuses(built("bad-key"), "whose name is not lower-case letters"),
	   "a name that conf.d cannot have");
	ok(refuses(built("twice"), "has the option port twice"), "an option twice");
	ok(refuses(built("common-key"),
	           "the option window is common to all, as a number"),
	   "a common option as another thing");
}

static void what_cannot_be_bound_is_refused(void)
{
	ok(refuses(built("undefined-symbol"),
	           "undefined symbol: a_function_that_nobody_has"),
	   "a symbol that would kill the process at its first use is named at once");
	ok(refuses(built("no-symbol"), "exports neither frame_output_plugin() nor"),
	   "a shared object that is no plugin");
	ok(refuses(built("both-kinds"), "exports both"), "one that is two things");
}

static void a_plugin_that_kills_costs_only_itself(void)
{
	ok(refuses(built("crash"), "while it was loaded it died of signal 6 (Aborted)"),
	   "an abort while it is loaded");
	ok(refuses(built("leave"),
	           "while it was loaded it ended the process (exit code 3)"),
	   "an exit while it is loaded");
	ok(plugin_load_guarded(&plugin, built("good"), &why),
	   "others are loaded after it");
}

/* Copies the first `len` bytes of good.so, with byte `at` (0: none) set to `value`. */
static void copy_good(const char *name, size_t len, size_t at, int value)
{
	FILE *from = fopen(built("good"), "r");
	FILE *to = fopen(in_dir(name), "w");
	int c;

	for (size_t i = 0; i < len && (c = getc(from)) != EOF; i++)
		putc(at != 0 && i == at ? value : c, to);
	fclose(from);
	fclose(to);
}

static void write_text(const char *name, const char *text)
{
	FILE *f = fopen(in_dir(name), "w");

	fputs(text, f);
	fclose(f);
}

static void what_is_no_shared_object_is_refused(void)
{
	struct stat st;

	write_text("text.so", "hello\n");
	ok(refuses(in_dir("text.so"), "is no shared object"), "a text file");
	write_text("empty.so", "");
	ok(refuses(in_dir("empty.so"), "is no shared object"), "an empty file");
	stat(built("good"), &st);
	copy_good("good.so", (size_t)st.st_size / 4, 0, 0);
	ok(refuses(in_dir("good.so"), "is cut short: it ends after"), "a part of a file");
	copy_good("good.so", 70, 0, 0);
	ok(refuses(in_dir("good.so"), "is cut short: its headers are missing"),
	   "the beginning of one");
	for (size_t len = 1; len < 64; len += 9) {
		copy_good("good.so", len, 0, 0);
		ok(!plugin_load_guarded(&plugin, in_dir("good.so"), &why), "%zu bytes",
		   len);
	}
	copy_good("good.so", (size_t)st.st_size, offsetof(Elf64_Ehdr, e_machine),
	          EM_S390);
	ok(refuses(in_dir("good.so"), "is made for S/390, this router for "),
	   "one for another machine is told from a broken one");
	copy_good("good.so", (size_t)st.st_size, EI_DATA, 9);
	ok(refuses(in_dir("good.so"), "byte order"), "one for another byte order");
	copy_good("good.so", (size_t)st.st_size, offsetof(Elf64_Ehdr, e_type), ET_REL);
	ok(refuses(in_dir("good.so"), "but another ELF file"), "an object file");
	ok(refuses(in_dir("none.so"), "No such file"), "no file");
	mkdir(in_dir("folder.so"), 0700);
	ok(refuses(in_dir("folder.so"), "is a folder, no file"), "a folder");
	mkfifo(in_dir("fifo.so"), 0600);
	ok(refuses(in_dir("fifo.so"), "is no regular file"), "a FIFO, without waiting");
}

static void a_la_file_redirects_nothing(void)
{
	const char *dirs[] = {dir, NULL};
	char text[PATH_MAX + 100];
	char path[PLUGIN_PATH_MAX];

	snprintf(text, sizeof text,
	         "# libtool library\ndlname='good.so'\nlibdir='%s'\ninstalled=yes\n",
	         libs);
	write_text("redirect.la", text);
	ok(!plugin_find(path, "redirect", dirs), "NAME.la is not found as NAME");
	ok(refuses(in_dir("redirect.la"), "is no shared object"),
	   "nor loaded by its path");
	write_text("redirect.so", text);
	ok(refuses(in_dir("redirect.so"), "is no shared object"), "nor as a .so");
}

static void what_others_can_change_is_refused(void)
{
	static char linked[] = "/tmp/test-plugin-XXXXXX";
	char path[100];

	copy_good("good.so", SIZE_MAX, 0, 0);
	chmod(in_dir("good.so"), 0644);
	ok(plugin_load_guarded(&plugin, in_dir("good.so"), &why), "a copy is loaded");
	chmod(in_dir("good.so"), 0666);
	ok(refuses(in_dir("good.so"), "can be written by others (chmod go-w"),
	   "not when others can write it");
	chmod(in_dir("good.so"), 0644);
	chmod(dir, 0777);
	ok(!plugin_load_guarded(&plugin, in_dir("good.so"), &why) &&
	           strstr(why.text, "can be written by others") != NULL,
	   "nor when others can put another in its place");
	if (mkdtemp(linked) == NULL)
		linked[0] = '\0';
	snprintf(path, sizeof path, "%s/good.so", linked);
	ok(symlink(in_dir("good.so"), path) == 0 &&
	           !plugin_load_guarded(&plugin, path, &why),
	   "nor by a link from a safe folder");
	chmod(dir, 0700);
	ok(plugin_load_guarded(&plugin, path, &why), "a link to a safe folder is fine");
	unlink(path);
	rmdir(linked);
	if (geteuid() == 0 && chown(in_dir("good.so"), 65534, 65534) == 0)
		ok(refuses(in_dir("good.so"), "belongs to user 65534"),
		   "nor somebody else's");
	else
		ok(true, "nor somebody else's # SKIP needs root");
	ok(!plugin_load(&plugin, "good.so", &why), "nor by a relative path");
}

static char listed[2000];

static void list_one(void *context, const char *name, const char *path)
{
	(void)context;
	(void)path;
	strcat(strcat(listed, name), " ");
}

static void plugins_are_found_where_they_are_installed_or_built(void)
{
	const char *dirs[] = {dir, libs, NULL};
	const char *mine[] = {dir, NULL};
	char path[PLUGIN_PATH_MAX];

	ok(plugin_find(path, "good-input", dirs) &&
	           strcmp(path, built("good-input")) == 0,
	   "NAME.so in the second folder");
	ok(plugin_find(path, "good", dirs) && strcmp(path, in_dir("good.so")) == 0,
	   "the first folder has its way");
	ok(!plugin_find(path, "../good", dirs) && !plugin_find(path, "", dirs),
	   "a name is no path");
	ok(!plugin_find(path, "none", dirs), "what is nowhere is not found");
	mkdir(in_dir("built"), 0700);
	ok(!plugin_find(path, "built", dirs), "a folder is no plugin");
	mkdir(in_dir("built/.libs"), 0700);
	write_text("built/.libs/built.so", "x");
	ok(plugin_find(path, "built", dirs) &&
	           strcmp(path, in_dir("built/.libs/built.so")) == 0,
	   "NAME/.libs/NAME.so of a build tree is");
	plugin_list(mine, list_one, NULL);
	same(listed, "built empty fifo folder good redirect text ",
	     "all are listed by name, each once");
}

static void clean_up(void)
{
	static const char *const files[] = {"text.so",
	                                    "empty.so",
	                                    "good.so",
	                                    "redirect.la",
	                                    "redirect.so",
	                                    "fifo.so",
	                                    "built/.libs/built.so"};
	static const char *const folders[] = {"folder.so", "built/.libs", "built", ""};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		unlink(in_dir(files[i]));
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		ok(rmdir(in_dir(folders[i])) == 0, "nothing is left behind: %s",
		   folders[i]);
}

int main(int argc, char **argv)
{
	(void)argc;
	plugin_bind_now(argv);
	find_test_plugins(libs);
	if (mkdtemp(dir) == NULL)
		return 99;
	ok(getenv("LD_BIND_NOW") != NULL && getenv("FRAME_ROUTER_BOUND") == NULL,
	   "every symbol is bound when a plugin is loaded");
	a_good_output_is_loaded();
	a_secret_brings_its_file();
	an_input_is_loaded_as_one();
	older_and_newer_plugins_are_loaded();
	a_wrong_table_is_refused();
	wrong_options_are_refused();
	what_cannot_be_bound_is_refused();
	a_plugin_that_kills_costs_only_itself();
	what_is_no_shared_object_is_refused();
	a_la_file_redirects_nothing();
	what_others_can_change_is_refused();
	plugins_are_found_where_they_are_installed_or_built();
	clean_up();
	return done();
}
