/* SPDX-License-Identifier: MIT */
/* Errors and warnings of a configuration: collected, sorted, and shown. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "log.h"

#define PROBLEM_MAX 800 /* bytes of one problem's text */

static struct config_problem *add_problem(struct config *c, const char *file,
                                          unsigned line, const char *text)
{
	struct config_problem *p = calloc(1, sizeof *p);

	if (p != NULL)
		p->text = strdup(text);
	if (p == NULL || p->text == NULL) {
		free(p);
		c->failed = true;
		c->errors++;
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

struct config_mark config_mark(const struct config *c)
{
	return (struct config_mark){c->errors, c->warnings, c->last_problem};
}

void config_forget(struct config *c, const struct config_mark *since, struct reason *why)
{
	struct config_problem **link =
		since->last == NULL ? &c->problems : &since->last->next;
	bool has_error = false;

	while (*link != NULL) {
		struct config_problem *p = *link;

		if (p->is_error && !has_error) {
			fail(why, "%s", p->text);
			has_error = true;
		}
		*link = p->next;
		free(p->text);
		free(p);
	}
	c->last_problem = since->last;
	c->errors = since->errors + c->failed;
	c->warnings = since->warnings;
}
