/* SPDX-License-Identifier: MIT */
/* conf.d: each file that comes with the router is what `plugins NAME --example` writes.
 */
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "settings.h"
#include "tap.h"
#include "verb_plugins.h"

#define WORDS_MAX 20

static char plugins[PATH_MAX];
static const struct config_reading how;
static struct reason why;

static bool load(struct plugin *p, const char *name)
{
	const char *dirs[] = {plugins, NULL};
	char path[PLUGIN_PATH_MAX];

	return plugin_find(path, name, dirs) && plugin_load(p, path, &why);
}

static void read_text(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "r");
	int c;

	while ((c = getc(f)) != EOF)
		buf_char(out, (char)c);
	fclose(f);
}

/* The file, written anew from its section's name and what it sets. */
static void write_anew(const struct plugin *p, const struct config_section *s,
                       struct buf *out)
{
	char *given[WORDS_MAX + 1] = {NULL};
	int count = 0;

	for (const struct config_value *v = s->values; v != NULL; v = v->next)
		if (count < WORDS_MAX &&
		    asprintf(&given[count], "%s=%s", v->key, v->text) > 0)
			count++;
	verb_plugin_example(p, s->name, given, out);
	while (count > 0)
		free(given[--count]);
}

/* Says why not, where there is a reason. */
static bool can_be_read(const char *path)
{
	struct buf report = {0};
	struct config c = {0};
	bool is_good = config_read_file(&c, path, &how) && c.sections != NULL &&
	               c.sections->next == NULL;

	config_report(&c, &report);
	ok(is_good, "%s can be read and has one section %s", path, buf_string(&report));
	buf_free(&report);
	config_free(&c);
	return is_good;
}

static void is_what_would_be_written(const char *path)
{
	struct buf want = {0};
	struct buf got = {0};
	struct config c = {0};
	struct plugin p;

	config_read_file(&c, path, &how);
	if (!load(&p, c.sections->plugin)) {
		ok(true, "its plugin was left out of this build # SKIP %s", why.text);
	} else {
		write_anew(&p, c.sections, &want);
		read_text(path, &got);
		same(buf_string(&got), buf_string(&want),
		     "every option is there, with its default and help of today");
	}
	config_free(&c);
	buf_free(&want);
	buf_free(&got);
}

/* Reads the file, and another over it that sets enabled = yes. */
static void one_word_enables_it(const char *path)
{
	static char more[] = "/tmp/test-conf-d-XXXXXX";
	const char *files[] = {path, more, NULL};
	struct surroundings where;
	struct buf effective = {0};
	struct buf report = {0};
	struct config c = {0};
	FILE *f;

	config_read_file(&c, path, &how);
	memcpy(more + sizeof more - 7, "XXXXXX", 6);
	f = fdopen(mkstemp(more), "w");
	fprintf(f, "[%s \"%s\"]\nenabled = yes\n[router]\nname = gw\n",
	        c.sections->plugin, c.sections->name);
	fclose(f);
	config_free(&c);
	surroundings_find(&where, "/nowhere", "/nowhere/state", &why);
	settings_check(&c, &where, files, true, &effective);
	config_report(&c, &report);
	if (strstr(buf_string(&report), "is not installed") != NULL)
		ok(true, "one word enables it # SKIP its plugin was left out");
	else
		same(buf_string(&report), "", "one word enables it");
	config_free(&c);
	buf_free(&effective);
	buf_free(&report);
	unlink(more);
}

int main(int argc, char **argv)
{
	const char *source = getenv("top_srcdir");
	const char *build = getenv("top_builddir");
	char path[PATH_MAX];
	glob_t files;

	(void)argc;
	plugin_bind_now(argv);
	snprintf(path, sizeof path, "%s/plugins", build == NULL ? "." : build);
	if (realpath(path, plugins) == NULL)
		return 99;
	setenv("FRAME_ROUTER_PLUGINS", plugins, 1);
	snprintf(path, sizeof path, "%s/conf.d/*.conf", source == NULL ? "." : source);
	ok(glob(path, 0, NULL, &files) == 0 && files.gl_pathc >= 3, "there are files");
	for (size_t i = 0; i < files.gl_pathc; i++) {
		if (!can_be_read(files.gl_pathv[i]))
			continue;
		is_what_would_be_written(files.gl_pathv[i]);
		one_word_enables_it(files.gl_pathv[i]);
	}
	globfree(&files);
	return done();
}
