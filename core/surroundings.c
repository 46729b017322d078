/* SPDX-License-Identifier: MIT */
/* Folders and files of this program.  Knows where they are, not what is in them. */
#include "surroundings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An absolute path; a relative one begins where we are. */
static bool set_path(char out[SURROUNDINGS_PATH_MAX], const char *path,
                     struct reason *why)
{
	char here[SURROUNDINGS_PATH_MAX];
	int len;

	if (path[0] == '\0')
		return fail(why, "an empty path");
	if (path[0] == '/') {
		len = snprintf(out, SURROUNDINGS_PATH_MAX, "%s", path);
	} else {
		if (getcwd(here, sizeof here) == NULL)
			return fail_errno(why, "cannot tell where %s is", path);
		len = snprintf(out, SURROUNDINGS_PATH_MAX, "%s/%s", here, path);
	}
	/* STATE/outputs/NAME.db-wal and the like have to fit behind it */
	if (len >= SURROUNDINGS_PATH_MAX - 100)
		return fail(why, "%.60s... is too long for a path", path);
	while (len > 1 && out[len - 1] == '/')
		out[--len] = '\0';
	return true;
}

static bool join(char out[SURROUNDINGS_PATH_MAX], const char *dir, const char *name,
                 struct reason *why)
{
	char path[2 * SURROUNDINGS_PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return set_path(out, path, why);
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

bool surroundings_add_plugins(struct surroundings *s, const char *dir, struct reason *why)
{
	unsigned at =
		s->plugin_count - 1; /* those that came with the program stay last */
	char path[SURROUNDINGS_PATH_MAX];

	if (!set_path(path, dir, why))
		return false;
	for (unsigned i = 0; i < s->plugin_count; i++)
		if (strcmp(s->plugins[i], path) == 0)
			return true;
	if (s->plugin_count == SURROUNDINGS_PLUGINS_MAX)
		return fail(why, "more than %d folders of plugins",
		            SURROUNDINGS_PLUGINS_MAX);
	memcpy(s->plugins[at + 1], s->plugins[at], sizeof s->plugins[at]);
	memcpy(s->plugins[at], path, sizeof path);
	s->plugin_count++;
	return true;
}

/* FRAME_ROUTER_PLUGINS: folders, parted by colons. */
static bool add_given_plugins(struct surroundings *s, struct reason *why)
{
	const char *at = environment("FRAME_ROUTER_PLUGINS");

	while (at != NULL && *at != '\0') {
		size_t len = strcspn(at, ":");
		char dir[SURROUNDINGS_PATH_MAX];

		if (len >= sizeof dir)
			return fail(why, "%.60s... is too long for a path", at);
		memcpy(dir, at, len);
		dir[len] = '\0';
		if (len > 0 && !surroundings_add_plugins(s, dir, why))
			return false;
		at += len + (at[len] == ':');
	}
	return true;
}

static bool find_home(struct surroundings *s, const char *program, struct reason *why)
{
	char dir[SURROUNDINGS_PATH_MAX];
	char mark[SURROUNDINGS_PATH_MAX];
	char *slash;

	if (!set_path(s->program, program, why))
		return false;
	memcpy(dir, s->program, sizeof dir);
	slash = strrchr(dir, '/');
	*slash = '\0';
	if (!join(mark, dir, "config.status", why))
		return false;
	s->is_build_tree = access(mark, F_OK) == 0;
	if (s->is_build_tree)
		memcpy(s->home, dir, sizeof dir);
	return true;
}

/* What was given, else what lies in the build tree, else where it was installed. */
static bool choose(const struct surroundings *s, char out[SURROUNDINGS_PATH_MAX],
                   const char *given, const char *built, const char *installed,
                   struct reason *why)
{
	if (given != NULL)
		return set_path(out, given, why);
	if (s->is_build_tree)
		return join(out, s->home, built, why);
	return set_path(out, installed, why);
}

bool surroundings_find_for(struct surroundings *out, const char *program,
                           const char *conf, const char *state, struct reason *why)
{
	if (conf == NULL)
		conf = environment("FRAME_ROUTER_CONF");
	if (state == NULL)
		state = environment("FRAME_ROUTER_STATE");
	*out = (struct surroundings){.plugin_count = 1, .is_state_given = state != NULL};
	return find_home(out, program, why) &&
	       choose(out, out->conf, conf, "conf.d", FRAME_ROUTER_CONFDIR, why) &&
	       choose(out, out->state, state, ".state", FRAME_ROUTER_STATEDIR, why) &&
	       choose(out, out->sensors, NULL, "core/sensors", FRAME_ROUTER_SENSORDIR,
	              why) &&
	       choose(out, out->plugins[0], NULL, "plugins", FRAME_ROUTER_PLUGINDIR,
	              why) &&
	       add_given_plugins(out, why);
}

bool surroundings_find(struct surroundings *out, const char *conf, const char *state,
                       struct reason *why)
{
	char program[SURROUNDINGS_PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);

	if (len < 0)
		return fail_errno(why, "cannot read /proc/self/exe");
	program[len] = '\0';
	return surroundings_find_for(out, program, conf, state, why);
}

void surroundings_dirs(const struct surroundings *s,
                       const char *dirs[SURROUNDINGS_PLUGINS_MAX + 1])
{
	for (unsigned i = 0; i < s->plugin_count; i++)
		dirs[i] = s->plugins[i];
	dirs[s->plugin_count] = NULL;
}
