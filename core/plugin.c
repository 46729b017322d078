/* SPDX-License-Identifier: MIT */
/* Plugins found and loaded.  The one file that speaks to libltdl. */
#include "plugin.h"

#include <dlfcn.h>
#include <limits.h>
#include <ltdl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "config.h"
#include "guard.h"
#include "option.h"
#include "plugin_file.h"
#include "plugin_table.h"

#define GUARD_S 10 /* the time that a plugin has to be loaded in */
#define BOUND   "FRAME_ROUTER_BOUND"

void plugin_bind_now(char **argv)
{
	const char *value = getenv("LD_BIND_NOW");
	bool was_here = getenv(BOUND) != NULL;
	const char *slash;

	unsetenv(BOUND);
	if (value != NULL && *value != '\0') {
		if (was_here) { /* else ps shows "exe" */
			slash = strrchr(argv[0], '/');
			prctl(PR_SET_NAME, slash == NULL ? argv[0] : slash + 1);
		}
		return;
	}
	if (was_here || argv[0] == NULL)
		return; /* somebody takes the variable away: go on without, not for ever
		         */
	if (setenv("LD_BIND_NOW", "1", 1) == 0 && setenv(BOUND, "1", 1) == 0)
		execv("/proc/self/exe", argv);
	unsetenv(BOUND);
}

/* Opens for good: it stays even when it is refused. */
static bool open_now(lt_dlhandle *handle, const char *path, struct reason *why)
{
	lt_dladvise advise;
	const char *text;

	if (lt_dlinit() != 0)
		return fail(why, "cannot start libltdl: %s", lt_dlerror());
	if (lt_dladvise_init(&advise) != 0)
		return fail(why, "out of memory");
	lt_dladvise_local(&advise);
	lt_dladvise_resident(&advise);
	*handle = lt_dlopenadvise(path, advise);
	lt_dladvise_destroy(&advise);
	if (*handle != NULL)
		return true;
	text = lt_dlerror();
	/* libltdl says "file not found" whatever it was: the dynamic linker knows */
	if (dlopen(path, RTLD_NOW | RTLD_LOCAL) == NULL)
		return fail(why, "%s", dlerror());
	return fail(why, "%s: libltdl cannot load it: %s", path, text);
}

/* Calls the one function of the two that the plugin exports. */
static bool find_table(struct plugin *out, lt_dlhandle handle, const void **table,
                       struct reason *why)
{
	void *output = lt_dlsym(handle, "frame_output_plugin");
	void *input = lt_dlsym(handle, "frame_input_plugin");
	const void *(*function)(void);

	if (output == NULL && input == NULL)
		return fail(why, "exports neither frame_output_plugin() nor "
		                 "frame_input_plugin() (is it static, or hidden by "
		                 "-fvisibility?)");
	if (output != NULL && input != NULL)
		return fail(why, "exports both frame_output_plugin() and "
		                 "frame_input_plugin()");
	out->kind = output != NULL ? PLUGIN_OUTPUT : PLUGIN_INPUT;
	memcpy(&function, output != NULL ? &output : &input, sizeof function);
	*table = function();
	return *table != NULL || fail(why, "has no table: its function returned NULL");
}

static bool read_tables(struct plugin *out, lt_dlhandle handle, struct reason *why)
{
	const char *base = strrchr(out->path, '/') + 1;
	size_t len = strlen(base);
	char name[CONFIG_NAME_MAX + 1];
	const void *table = NULL;

	if (len < 4 || len - 3 >= sizeof name || strcmp(base + len - 3, ".so") != 0)
		return fail(why, "a plugin's file is called NAME.so");
	memcpy(name, base, len - 3);
	name[len - 3] = '\0';
	return find_table(out, handle, &table, why) &&
	       plugin_table_copy(out, table, name, why) && plugin_table_options(out, why);
}

bool plugin_load(struct plugin *out, const char *path, struct reason *why)
{
	lt_dlhandle handle;

	*out = (struct plugin){.kind = PLUGIN_OUTPUT};
	if (path[0] != '/' || strlen(path) >= sizeof out->path)
		return fail(why, "%.60s: not an absolute path of at most %d bytes", path,
		            PLUGIN_PATH_MAX - 1);
	memcpy(out->path, path, strlen(path) + 1);
	if (!plugin_file_check(path, why) || !open_now(&handle, path, why))
		return false;
	return read_tables(out, handle, why) || fail_context(why, "%s", path);
}

static bool load_in_child(void *path, struct reason *why)
{
	struct plugin p;

	return plugin_load(&p, path, why);
}

bool plugin_load_guarded(struct plugin *out, const char *path, struct reason *why)
{
	char copy[PATH_MAX];
	struct reason ended;

	snprintf(copy, sizeof copy, "%s", path);
	switch (guard_run(load_in_child, copy, GUARD_S, &ended)) {
	case GUARD_YES:
		return plugin_load(out, path, why);
	case GUARD_NO:
		return fail(why, "%s", ended.text);
	default:
		return fail(why, "%s: while it was loaded it %s", path, ended.text);
	}
}

const struct frame_option *const *plugin_common(const struct plugin *p)
{
	return p->kind == PLUGIN_OUTPUT ? option_every_output : option_every_input;
}

const struct frame_option *plugin_option(const struct plugin *p, const char *key)
{
	const struct frame_option *o = option_find(p->options, key);

	if (o == NULL)
		o = option_find(p->group_options, key);
	return o != NULL ? o : option_find(plugin_common(p), key);
}

const struct frame_option *plugin_secret_of(const struct plugin *p, const char *key)
{
	char file_key[OPTION_FILE_KEY_SIZE];

	for (const struct frame_option *const *o = p->options; *o != NULL; o++) {
		if ((*o)->type != FRAME_OPTION_SECRET)
			continue;
		option_file_key((*o)->name, file_key);
		if (strcmp(file_key, key) == 0)
			return *o;
	}
	return NULL;
}
