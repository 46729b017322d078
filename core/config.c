/* SPDX-License-Identifier: MIT */
/* What was read of conf.d: sections, values, problems.  Knows neither grammar nor files.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

#define PROBLEM_MAX 800 /* bytes of one problem's text */

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

static struct config_problem *add_problem(struct config *c, const char *file,
                                          unsigned line, const char *text)
{
	struct config_problem *p = calloc(1, sizeof *p);

	if (p != NULL)
		p->text = strdup(text);
	if (p == NULL || p->text == NULL) {
		free(p);
		out_of_memory(c);
		return NULL;
	}
	p->file = file;
	p->line = line;
	p->number = c->errors + c->warnings;
	if (c->last_problem == NULL)
		c->problems = p;
	else
		c->last_problem->next = p;
	c->last_problem = p;
	return p;
}

__attribute__((format(printf, 1, 0))) static char *write_safe(const char *format,
                                                              va_list args, char *safe)
{
	char text[PROBLEM_MAX];

	vsnprintf(text, sizeof text, format, args);
	return log_escape(safe, PROBLEM_MAX, text);
}

void config_error(struct config *c, const char *file, unsigned line, const char *format,
                  ...)
{
	char safe[PROBLEM_MAX];
	struct config_problem *p;
	va_list args;

	va_start(args, format);
	p = add_problem(c, file, line, write_safe(format, args, safe));
	va_end(args);
	if (p != NULL) {
		p->is_error = true;
		c->errors++;
	}
}

void config_warning(struct config *c, const char *file, unsigned line, const char *format,
                    ...)
{
	char safe[PROBLEM_MAX];
	va_list args;

	va_start(args, format);
	if (add_problem(c, file, line, write_safe(format, args, safe)) != NULL)
		c->warnings++;
	va_end(args);
}

/* Errors first, then by file and line, then as they were found. */
static int compare_problems(const void *a, const void *b)
{
	const struct config_problem *p = *(const struct config_problem *const *)a;
	const struct config_problem *q = *(const struct config_problem *const *)b;
	int files;

	if (p->is_error != q->is_error)
		return p->is_error ? -1 : 1;
	files = strcmp(p->file, q->file);
	if (files != 0)
		return files;
	if (p->line != q->line)
		return p->line < q->line ? -1 : 1;
	return p->number < q->number ? -1 : p->number > q->number;
}

static void write_problem(const struct config_problem *p, struct buf *out)
{
	char file[PROBLEM_MAX];

	buf_text(out, log_escape(file, sizeof file, p->file));
	if (p->line > 0)
		buf_format(out, ":%u", p->line);
	buf_format(out, ": %s: %s\n", p->is_error ? "error" : "warning", p->text);
}

void config_report(const struct config *c, struct buf *out)
{
	const struct config_problem **sorted;
	size_t count = 0;
	size_t at = 0;

	if (c->failed)
		buf_text(out, "error: out of memory\n");
	for (const struct config_problem *p = c->problems; p != NULL; p = p->next)
		count++;
	sorted = calloc(count + 1, sizeof *sorted);
	if (sorted == NULL) {
		out->failed = true;
		return;
	}
	for (const struct config_problem *p = c->problems; p != NULL; p = p->next)
		sorted[at++] = p;
	qsort(sorted, count, sizeof *sorted, compare_problems);
	for (at = 0; at < count; at++)
		write_problem(sorted[at], out);
	free(sorted);
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
