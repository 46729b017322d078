/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a file of conf.d: no crash, every error has its place, and what was read
 * is the same after it was written as an effective configuration and read again.
 */
#include "config.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_list(void *context, const char *plugin, const char *key)
{
	(void)context, (void)plugin;
	return key[0] == 'h';
}

static const struct config_reading people = {.is_list = is_list};
static const struct config_reading own = {.is_list = is_list, .is_own = true};

static void check_problems(const struct config *c)
{
	struct buf report = {0};
	unsigned count = 0;

	for (const struct config_problem *p = c->problems; p != NULL; p = p->next) {
		assert(p->is_error && p->line > 0 && strcmp(p->file, "fuzz") == 0);
		assert(p->text[0] != '\0');
		count++;
	}
	assert(count == c->errors && count <= 101);
	config_report(c, &report);
	for (size_t i = 0; i < report.len; i++)
		count -= report.data[i] == '\n';
	assert(count == 0); /* one line each, whatever they repeat */
	buf_free(&report);
}

static void check_value(const struct config_value *v)
{
	for (const char *c = v->text; *c != '\0'; c++)
		assert((unsigned char)*c >= 0x20 || *c == '\t');
	assert(v->line > 0);
}

static void write_all(const struct config *c, struct buf *out)
{
	for (const struct config_section *s = c->sections; s != NULL; s = s->next) {
		assert(s->name[0] == '\0' ? strcmp(s->plugin, "router") == 0
		                          : config_name_is_valid(s->name));
		for (const struct config_value *v = s->values; v != NULL; v = v->next)
			check_value(v);
		config_write_section(out, s);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config first = {0};
	struct config second = {0};
	struct buf once = {0};
	struct buf twice = {0};

	setenv("A", "a value", 1);
	config_read_text(&first, "fuzz", (const char *)data, size, &people);
	check_problems(&first);
	write_all(&first, &once);
	assert(config_read_text(&second, "fuzz", buf_string(&once), once.len, &own));
	write_all(&second, &twice);
	assert(once.len == twice.len &&
	       memcmp(buf_string(&once), buf_string(&twice), once.len) == 0);
	config_free(&first);
	config_free(&second);
	buf_free(&once);
	buf_free(&twice);
	return 0;
}
