/* SPDX-License-Identifier: MIT */
/* config_file: which files and folders are read, and trusted. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "config_world.h"
#include "says.h"
#include "tap.h"

static char dir[] = "/tmp/test-config-XXXXXX";

static const char *in_dir(const char *name)
{
	static char path[200];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static void write_file(const char *name, const char *text, mode_t mode)
{
	FILE *f = fopen(in_dir(name), "w");

	fputs(text, f);
	fclose(f);
	chmod(in_dir(name), mode);
}

static void a_folder_is_read_in_byte_order(void)
{
	write_file("b.conf", "[p \"n\"]\nkey = b\n", 0644);
	write_file("B.conf", "[p \"n\"]\nkey = B\nx = B\n", 0600);
	write_file("a.conf.dpkg-old", "nonsense", 0644);
	write_file(".hidden.conf", "nonsense", 0644);
	write_file(".conf", "nonsense", 0644);
	ok(config_read_dir(&c, dir, &people), "a folder of good files is read");
	same(config_text(config_find(&c, "n"), "key"), "b", "B.conf comes before b.conf");
	same(config_text(config_find(&c, "n"), "x"), "B", "and was read too");
	config_free(&c);
	ok(!config_read_dir(&c, in_dir("none"), &people), "a folder that is not there");
	ok(says(problems(), "/none: error: cannot open the folder: No such file"),
	   "is an error that names it");
	unlink(in_dir("B.conf"));
}

static void a_file_that_others_can_write_is_refused(void)
{
	write_file("b.conf", "[p \"n\"]\nkey = b\n", 0666);
	config_read_dir(&c, dir, &people);
	ok(config_find(&c, "n") == NULL, "nothing of it is used");
	ok(says(problems(), "b.conf can be written by others (chmod go-w "),
	   "the error says what helps");
	chmod(in_dir("b.conf"), 0644);
	chmod(dir, 0777);
	ok(!config_read_dir(&c, dir, &people), "nor is a folder that others can write");
	ok(says(problems(), "can be written by others"), "and it says so");
	chmod(dir, 0700);
	if (geteuid() == 0 && chown(in_dir("b.conf"), 65534, 65534) == 0) {
		config_read_dir(&c, dir, &people);
		ok(says(problems(), "belongs to user 65534; it must be root's"),
		   "somebody else's file is refused");
	} else {
		ok(true, "somebody else's file is refused # SKIP needs root");
	}
}

static void what_is_no_file_is_refused_at_once(void)
{
	mkfifo(in_dir("c.conf"), 0600);
	ok(!config_read_file(&c, in_dir("c.conf"), &people),
	   "a FIFO does not hold us up");
	ok(says(problems(), "c.conf is no regular file"), "and is named");
	unlink(in_dir("c.conf"));
	mkdir(in_dir("c.conf"), 0700);
	config_read_file(&c, in_dir("c.conf"), &people);
	ok(says(problems(), "c.conf is a folder, no file"), "so is a folder");
	rmdir(in_dir("c.conf"));
	ok(symlink("nowhere", in_dir("c.conf")) == 0, "a link to nowhere is made");
	config_read_file(&c, in_dir("c.conf"), &people);
	ok(says(problems(), "c.conf: error: cannot open"), "so is a dangling link");
	unlink(in_dir("c.conf"));
}

static void clean_up(void)
{
	static const char *const names[] = {"b.conf", "a.conf.dpkg-old", ".hidden.conf",
	                                    ".conf"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(in_dir(names[i]));
	ok(rmdir(dir) == 0, "nothing is left behind");
	buf_free(&out);
}

int main(void)
{
	if (mkdtemp(dir) == NULL)
		return 99;
	a_folder_is_read_in_byte_order();
	a_file_that_others_can_write_is_refused();
	what_is_no_file_is_refused_at_once();
	clean_up();
	return done();
}
