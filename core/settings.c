/* SPDX-License-Identifier: MIT */
/* The effective configuration read back.  Knows the router's keys, no plugin's. */
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "option.h"
#include "trust.h"

static bool any_key_is_a_list(void *context, const char *plugin, const char *key)
{
	(void)context, (void)plugin, (void)key;
	return true;
}

static const struct config_reading own = {.is_list = any_key_is_a_list, .is_own = true};

static bool copy_text(char *out, size_t size, const struct config_section *s,
                      const char *key, struct reason *why)
{
	const char *text = config_text(s, key);

	if (text == NULL || strlen(text) >= size)
		return fail(why, "[%s \"%s\"] has no %s", s->plugin, s->name, key);
	memcpy(out, text, strlen(text) + 1);
	return true;
}

static bool read_unit(struct unit *u, const struct config_section *s, struct reason *why)
{
	char kind[8];
	char enabled[4];

	u->section = s;
	snprintf(u->name, sizeof u->name, "%s", s->name);
	snprintf(u->plugin, sizeof u->plugin, "%s", s->plugin);
	if (!copy_text(u->plugin_path, sizeof u->plugin_path, s, ".plugin", why) ||
	    !copy_text(kind, sizeof kind, s, ".kind", why) ||
	    !copy_text(enabled, sizeof enabled, s, "enabled", why))
		return false;
	u->kind = strcmp(kind, "output") == 0 ? PLUGIN_OUTPUT : PLUGIN_INPUT;
	u->is_enabled = strcmp(enabled, "yes") == 0;
	return true;
}

static bool read_units(struct settings *out, struct reason *why)
{
	struct unit **link = &out->units;

	for (struct config_section *s = out->config.sections; s != NULL; s = s->next) {
		if (s->name[0] == '\0')
			continue;
		*link = calloc(1, sizeof **link);
		if (*link == NULL)
			return fail(why, "out of memory");
		if (!read_unit(*link, s, why))
			return false;
		link = &(*link)->next;
	}
	return true;
}

static bool read_number(int64_t *out, const struct config_section *s, const char *key,
                        struct reason *why)
{
	const struct frame_option *o = option_find(option_router, key);
	const char *text = config_text(s, key);

	if (text == NULL)
		text = o->default_value;
	if (!option_check(o, text, why))
		return fail_context(why, "%s", key);
	*out = option_number(o, text);
	return true;
}

static bool read_log(struct settings *out, const struct config_section *s,
                     struct reason *why)
{
	const char *text = config_text(s, "log_level");
	enum log_level level = LOG_LEVEL_INFO;
	enum log_format format = LOG_FORMAT_AUTO;

	if (text != NULL && !log_level_parse(text, &level))
		return fail(why, "log_level is \"%.20s\"", text);
	text = config_text(s, "log_format");
	if (text != NULL && !log_format_parse(text, &format))
		return fail(why, "log_format is \"%.20s\"", text);
	out->log_level = (int)level;
	out->log_format = (int)format;
	return true;
}

void settings_log(const struct settings *s, const char *name)
{
	log_init(name, (enum log_level)s->log_level);
	log_write_as((enum log_format)s->log_format);
}

static bool read_sensors(struct settings *out, const struct config_section *s,
                         struct reason *why)
{
	size_t count = 0;

	for (const struct config_value *v = config_value(s, "sensors"); v != NULL;
	     v = config_next(v))
		count++;
	out->own_sensors = calloc(count + 1, sizeof *out->own_sensors);
	if (out->own_sensors == NULL)
		return fail(why, "out of memory");
	count = 0;
	for (const struct config_value *v = config_value(s, "sensors"); v != NULL;
	     v = config_next(v))
		out->own_sensors[count++] = v->text;
	return true;
}

static bool read_router(struct settings *out, struct reason *why)
{
	const struct config_section *s = config_router(&out->config);

	if (s == NULL)
		return fail(why, "there is no [router]");
	out->name = config_text(s, "name");
	out->state = config_text(s, "state");
	out->conf = config_text(s, ".conf");
	out->sensors = config_text(s, ".sensors");
	if (out->name == NULL || out->state == NULL || out->conf == NULL ||
	    out->sensors == NULL)
		return fail(why, "[router] is not whole");
	return read_number(&out->keep_ms, s, "keep", why) &&
	       read_number(&out->max_size, s, "max_size", why) &&
	       read_number(&out->commit_ms, s, "commit", why) && read_log(out, s, why) &&
	       read_sensors(out, s, why);
}

bool settings_read(struct settings *out, const char *text, size_t len, struct reason *why)
{
	*out = (struct settings){0};
	if (!config_read_text(&out->config, "effective", text, len, &own)) {
		const struct config_problem *p = out->config.problems;

		return fail(why, "the effective configuration is damaged: line %u %s",
		            p == NULL ? 0 : p->line, p == NULL ? "" : p->text);
	}
	return (read_router(out, why) && read_units(out, why)) ||
	       fail_context(why, "the effective configuration is damaged");
}

static bool read_all(int fd, struct buf *out, struct reason *why)
{
	char block[16384];
	ssize_t got;

	while ((got = read(fd, block, sizeof block)) != 0) {
		if (got < 0 && errno != EINTR)
			return fail_errno(why, "cannot be read");
		if (got > 0)
			buf_add(out, block, (size_t)got);
	}
	explicit_bzero(block, sizeof block);
	return !out->failed || fail(why, "out of memory");
}

bool settings_load_file(struct settings *out, const char *path, struct reason *why)
{
	struct buf text = {0};
	struct stat st;
	bool is_fine;
	int fd;

	*out = (struct settings){0};
	fd = trust_open(path, &st, why);
	if (fd < 0)
		return false;
	is_fine = trust_secret(&st, path, why) && read_all(fd, &text, why) &&
	          settings_read(out, buf_string(&text), text.len, why);
	close(fd);
	if (text.data != NULL)
		explicit_bzero(text.data, text.size);
	buf_free(&text);
	return is_fine;
}

bool settings_load(struct settings *out, const char *state, struct reason *why)
{
	char path[SURROUNDINGS_PATH_MAX + 16];

	snprintf(path, sizeof path, "%s/effective", state);
	return settings_load_file(out, path, why);
}

void settings_free(struct settings *s)
{
	while (s->units != NULL) {
		struct unit *first = s->units;

		s->units = first->next;
		free(first);
	}
	free(s->own_sensors);
	config_free(&s->config);
	*s = (struct settings){0};
}

struct unit *settings_unit(const struct settings *s, const char *name)
{
	struct unit *u = s->units;

	while (u != NULL && strcmp(u->name, name) != 0)
		u = u->next;
	return u;
}

const char *const *settings_sensors(const struct settings *s)
{
	return s->own_sensors;
}

void settings_hold(const struct settings *s, const struct unit *u, int64_t *bytes,
                   int64_t *ms)
{
	const char *hold = u == NULL ? NULL : config_text(u->section, "hold");

	*ms = 0;
	*bytes = s->max_size / 10 * 8;
	if (hold != NULL && *hold != '\0')
		option_parse_hold(hold, ms, bytes, NULL);
}
