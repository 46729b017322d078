/* SPDX-License-Identifier: MIT */
/* option_source: options as a plugin asks for them, and secrets in files. */
#include "option_source.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frame_input.h"
#include "secret.h"
#include "tap.h"
#include "test_plugins.h"

static char dir[] = "/tmp/test-source-XXXXXX";
static char file[100];
static struct plugin plugin;
static struct config config;
static struct unit unit;
static struct option_source source;
static struct reason why;

static void write_secret(const char *text, size_t len, mode_t mode)
{
	FILE *f;

	unlink(file); /* it may be one that even its owner must not write */
	f = fopen(file, "w");
	fwrite(text, 1, len, f);
	fclose(f);
	chmod(file, mode);
}

static void set(const char *key, const char *text)
{
	struct config_section *s = config.sections;

	if (s == NULL)
		s = config_add_section(&config, "good", "x", "", 0);
	config_add_value(&config, s,
	                 &(struct config_value){
				 .key = (char *)key, .text = (char *)text, .file = ""});
	unit.section = s;
}

static void a_plugin_gets_values_and_defaults(void)
{
	set("host", "far.example");
	set("header", "a");
	set("header", "b");
	set("pause", "5s");
	set("port", "nonsense");
	same(option_source_text(&source, "host"), "far.example", "what is set");
	same(option_source_text(&source, "spool"), "spool", "or the default");
	ok(option_source_text(&source, "user") == NULL, "or NULL");
	ok(option_source_text(&source, "nothing") == NULL, "also for what is no option");
	ok(option_source_number(&source, "pause") == 5000, "a number is in ms");
	ok(option_source_number(&source, "room") == 65536, "or bytes");
	ok(option_source_number(&source, "tls") == 0, "no is 0");
	ok(option_source_number(&source, "port") == 0 &&
	           option_source_number(&source, "host") == 0 &&
	           option_source_number(&source, "must") == 0,
	   "what is no number is 0");
	same(option_source_list(&source, "header", 0), "a", "a list has its first");
	same(option_source_list(&source, "header", 1), "b", "and its last value");
	ok(option_source_list(&source, "header", 2) == NULL, "and no more");
	ok(option_source_text(&source, "password") == NULL,
	   "a secret that is unset is NULL");
}

static void a_secret_is_read_anew_at_each_call(void)
{
	const char *first;
	const char *second;

	set("password_file", file);
	write_secret("one\n", 4, 0600);
	first = option_source_text(&source, "password");
	same(first, "one", "without its line end");
	ok(option_source_text(&source, "password") == first, "the same text is the same");
	write_secret("two\r\n", 5, 0400);
	second = option_source_text(&source, "password");
	same(second, "two", "a new password is seen at the next connect");
	same(first, "one", "while the old text stays where it was");
	same(option_source_text(&source, "password_file"), file,
	     "its file is an option too");
	write_secret("three", 5, 0644);
	ok(option_source_text(&source, "password") == NULL,
	   "a file that others can read is not used");
	unlink(file);
	ok(option_source_text(&source, "password") == NULL, "nor one that is not there");
	write_secret("one", 3, 0600);
	ok(option_source_text(&source, "password") == first,
	   "it is used again when it is");
	option_source_forget(&source);
	same(option_source_text(&source, "password"), "one", "also after a reconnect");
}

static void *read_often(void *context)
{
	size_t wrong = 0;

	for (int i = 0; i < 2000; i++) {
		const char *text = option_source_text(&source, "password");

		wrong += text == NULL || strcmp(text, "one") != 0;
	}
	*(size_t *)context = wrong;
	return NULL;
}

static void any_thread_may_ask(void)
{
	pthread_t threads[4];
	size_t wrong[4];
	size_t all = 0;

	for (size_t i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, read_often, &wrong[i]);
	for (size_t i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		all += wrong[i];
	}
	ok(all == 0, "8,000 times from four threads, it is right");
}

static bool refuses(const char *text, size_t len, mode_t mode, const char *words)
{
	struct buf secret = {0};
	bool is_refused;

	write_secret(text, len, mode);
	is_refused = !secret_read(file, &secret, &why) && secret.data == NULL &&
	             strstr(why.text, words) != NULL &&
	             strstr(why.text, "hunter2") == NULL;
	if (!is_refused)
		printf("#  got: %s\n# want: %s\n", why.text, words);
	return is_refused;
}

static void a_file_that_holds_no_secret_is_refused(void)
{
	static char large[70000];

	ok(refuses("\n", 1, 0600, "is empty"), "an empty one");
	ok(refuses("hunter2\0x", 9, 0600, "NUL"), "one with a NUL");
	memset(large, 'x', sizeof large);
	ok(refuses(large, sizeof large, 0600, "too large"), "one that is too large");
	ok(refuses("hunter2", 7, 0606, "written by others"), "one that others can write");
	ok(refuses("hunter2", 7, 0604, "(chmod 600 "), "one that others can read");
	ok(geteuid() != 0 || refuses("hunter2", 7, 0640, "(chmod 600 "),
	   "one that a group can read");
	unlink(file);
	ok(mkfifo(file, 0600) == 0 && !secret_read(file, &(struct buf){0}, &why),
	   "a FIFO, without waiting");
	unlink(file);
}

static void the_services_of_a_check_do_what_they_can(void)
{
	const struct frame_services *s = &option_source_services;
	const struct frame_input_services *i = &option_source_input_services;

	same(s->option_text(&source, "host"), "far.example", "they know options");
	ok(s->option_number(&source, "pause") == i->option_number(&source, "pause"),
	   "those of inputs the same");
	s->settle(&source, 1, FRAME_DELIVERED, NULL);
	s->link(&source, FRAME_LINK_UP, "x");
	s->retry_after(&source, 1);
	s->limit_window(&source, 1);
	s->count(&source, "x", 1);
	ok(s->option_rendered(&source, "x") == NULL && s->wake_fd(&source) == -1 &&
	           s->now_ms(&source) > 0 && i->frame(&source, NULL, 0, 0, 0) == 0 &&
	           i->line_length(NULL, 0) == 0,
	   "what has no sense in a check does no harm");
}

int main(int argc, char **argv)
{
	char libs[PATH_MAX];
	char good[PATH_MAX + 10];

	(void)argc;
	plugin_bind_now(argv);
	log_init("test", LOG_LEVEL_INFO);
	find_test_plugins(libs);
	snprintf(good, sizeof good, "%s/good.so", libs);
	if (!plugin_load(&plugin, good, &why) || mkdtemp(dir) == NULL)
		return 99;
	snprintf(file, sizeof file, "%s/secret", dir);
	option_source_init(&source, &unit, &plugin);
	a_plugin_gets_values_and_defaults();
	a_secret_is_read_anew_at_each_call();
	any_thread_may_ask();
	a_file_that_holds_no_secret_is_refused();
	the_services_of_a_check_do_what_they_can();
	option_source_forget(&source);
	config_free(&config);
	rmdir(dir);
	return done();
}
