/* SPDX-License-Identifier: MIT */
/* What was read of conf.d: sections, values, problems.  Knows neither grammar nor files.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void wipe(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

static void free_value(struct config_value *v)
{
	free(v->key);
	wipe(v->text);
	free(v);
}

static void free_section(struct config_section *s)
{
	while (s->values != NULL) {
		struct config_value *v = s->values;

		s->values = v->next;
		free_value(v);
	}
	free(s->plugin);
	free(s->name);
	free(s);
}

void config_free(struct config *c)
{
	while (c->sections != NULL) {
		struct config_section *s = c->sections;

		c->sections = s->next;
		free_section(s);
	}
	while (c->problems != NULL) {
		struct config_problem *p = c->problems;

		c->problems = p->next;
		free(p->text);
		free(p);
	}
	while (c->files != NULL) {
		struct config_file *f = c->files;

		c->files = f->next;
		free(f);
	}
	*c = (struct config){0};
}

static void out_of_memory(struct config *c)
{
	c->failed = true;
	c->errors++;
}

const char *config_keep_name(struct config *c, const char *name)
{
	size_t size = strlen(name) + 1;
	struct config_file *f = malloc(sizeof *f + size);

	if (f == NULL) {
		out_of_memory(c);
		return "";
	}
	memcpy(f->name, name, size);
	f->is_private = false;
	f->stamp[0] = '\0';
	f->next = c->files;
	c->files = f;
	return f->name;
}

bool config_is_private(const struct config *c, const char *file)
{
	const struct config_file *f = c->files;

	while (f != NULL && f->name != file)
		f = f->next;
	return f != NULL && f->is_private;
}

struct config_section *config_add_section(struct config *c, const char *plugin,
                                          const char *name, const char *file,
                                          unsigned line)
{
	struct config_section *s = calloc(1, sizeof *s);

	if (s == NULL)
		goto undo;
	s->plugin = strdup(plugin);
	s->name = strdup(name);
	if (s->plugin == NULL || s->name == NULL)
		goto undo;
	s->file = file;
	s->line = line;
	if (c->last == NULL)
		c->sections = s;
	else
		c->last->next = s;
	c->last = s;
	return s;

undo:
	if (s != NULL)
		free_section(s);
	out_of_memory(c);
	return NULL;
}

bool config_add_value(struct config *c, struct config_section *s,
                      const struct config_value *value)
{
	struct config_value *v = calloc(1, sizeof *v);

	if (v == NULL)
		goto undo;
	v->key = strdup(value->key);
	v->text = strdup(value->text);
	if (v->key == NULL || v->text == NULL)
		goto undo;
	v->file = value->file;
	v->line = value->line;
	v->is_variable = value->is_variable;
	if (s->last == NULL)
		s->values = v;
	else
		s->last->next = v;
	s->last = v;
	return true;

undo:
	if (v != NULL)
		free_value(v);
	out_of_memory(c);
	return false;
}

bool config_set_text(struct config *c, struct config_value *v, const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL) {
		out_of_memory(c);
		return false;
	}
	wipe(v->text);
	v->text = copy;
	return true;
}

void config_drop_others(struct config_section *s, const char *key, const char *file)
{
	struct config_value **link = &s->values;

	s->last = NULL;
	while (*link != NULL) {
		struct config_value *v = *link;

		if (v->file != file && strcmp(v->key, key) == 0) {
			*link = v->next;
			free_value(v);
		} else {
			s->last = v;
			link = &v->next;
		}
	}
}

void config_drop_value(struct config_section *s, const struct config_value *drop)
{
	struct config_value **link = &s->values;

	s->last = NULL;
	while (*link != NULL) {
		struct config_value *v = *link;

		if (v == drop) {
			*link = v->next;
			free_value(v);
		} else {
			s->last = v;
			link = &v->next;
		}
	}
}

void config_drop_section(struct config *c, struct config_section *s)
{
	struct config_section **link = &c->sections;

	c->last = NULL;
	while (*link != NULL) {
		if (*link == s) {
			*link = s->next;
		} else {
			c->last = *link;
			link = &(*link)->next;
		}
	}
	free_section(s);
}

struct config_section *config_find(const struct config *c, const char *name)
{
	struct config_section *s = c->sections;

	while (s != NULL && (s->name[0] == '\0' || strcmp(s->name, name) != 0))
		s = s->next;
	return s;
}

struct config_section *config_router(const struct config *c)
{
	struct config_section *s = c->sections;

	while (s != NULL && s->name[0] != '\0')
		s = s->next;
	return s;
}

static const struct config_value *find_key(const struct config_value *v, const char *key)
{
	while (v != NULL && strcmp(v->key, key) != 0)
		v = v->next;
	return v;
}

const struct config_value *config_value(const struct config_section *s, const char *key)
{
	return s == NULL ? NULL : find_key(s->values, key);
}

const struct config_value *config_next(const struct config_value *v)
{
	return find_key(v->next, v->key);
}

const char *config_text(const struct config_section *s, const char *key)
{
	const struct config_value *v = config_value(s, key);

	return v == NULL ? NULL : v->text;
}

bool config_name_is_valid(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t len = strlen(name);

	return len > 0 && len <= CONFIG_NAME_MAX && strchr("._-", name[0]) == NULL &&
	       strspn(name, letters) == len;
}

void config_write_section(struct buf *out, const struct config_section *s)
{
	if (s->name[0] == '\0')
		buf_format(out, "[%s]\n", s->plugin);
	else
		buf_format(out, "[%s \"%s\"]\n", s->plugin, s->name);
	for (const struct config_value *v = s->values; v != NULL; v = v->next) {
		buf_format(out, "%s = ", v->key);
		for (const char *t = v->text; *t != '\0'; t++) {
			if (*t == '$')
				buf_char(out, '$');
			buf_char(out, *t);
		}
		buf_char(out, '\n');
	}
}
