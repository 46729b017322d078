/* SPDX-License-Identifier: MIT */
/*
 * What the tests of settings share: a folder that is the current one, conf.d and the
 * state directory "st%ate" in it, the plugins of the tests, and what a check said last.
 */
#ifndef TESTS_UNIT_SETTINGS_WORLD_H
#define TESTS_UNIT_SETTINGS_WORLD_H

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "settings.h"
#include "tap.h"
#include "test_plugins.h"

static char dir[] = "/tmp/test-settings-XXXXXX";
static char libs[PATH_MAX];
static struct surroundings where;
static struct buf effective;
static struct buf report;
static struct reason why;
static const char *const one_file[] = {"f.conf", NULL};

__attribute__((unused)) static void write_file(const char *name, const char *text,
                                               mode_t mode)
{
	FILE *f = fopen(name, "w");

	fputs(text, f);
	fclose(f);
	chmod(name, mode);
}

/* Checks conf.d, or `files`; gives the report. */
__attribute__((unused)) static const char *check_files(const char *const *files,
                                                       bool is_final)
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
__attribute__((unused)) static const char *check(const char *text)
{
	struct buf whole = {0};

	buf_format(&whole, "[router]\nname = gw\n%s", text);
	write_file("f.conf", buf_string(&whole), 0600);
	buf_free(&whole);
	return check_files(one_file, true);
}

/* Checks a section [good "x"] that has all it must, and these lines from line 5 on. */
__attribute__((unused)) static const char *check_good(const char *lines)
{
	struct buf text = {0};
	const char *result;

	buf_format(&text, "[good \"x\"]\nmust = be\n%s", lines);
	result = check(buf_string(&text));
	buf_free(&text);
	return result;
}

static void settings_world_begin(char **argv)
{
	const char *source = getenv("top_srcdir");
	char relative[PATH_MAX];
	char *sensors;

	plugin_bind_now(argv);
	find_test_plugins(libs);
	snprintf(relative, sizeof relative, "%s/core/sensors",
	         source == NULL ? "." : source);
	sensors = realpath(relative, NULL);
	if (sensors == NULL || strlen(sensors) >= sizeof where.sensors ||
	    mkdtemp(dir) == NULL || chdir(dir) != 0)
		exit(99);
	setenv("FRAME_ROUTER_PLUGINS", libs, 1);
	snprintf(relative, sizeof relative, "%s/st%%ate", dir);
	if (!surroundings_find(&where, "conf.d", relative, &why))
		exit(99);
	memcpy(where.sensors, sensors, strlen(sensors) + 1);
	free(sensors);
}

static void settings_world_end(void)
{
	unlink("f.conf");
	rmdir("conf.d");
	ok(rmdir(dir) == 0, "nothing is left behind");
	buf_free(&effective);
	buf_free(&report);
}

#endif
