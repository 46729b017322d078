/* SPDX-License-Identifier: MIT */
/* Wildcards, compiled into parts.  Knows topics and paths, not where values come from. */
#include "template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option.h"
#include "template_parts.h"
#include "utf8.h"

/* Letters that are the same in every language, without `/`, and true in UTC. */
#define PATTERNS "YmdjHMSFGVu"

static const struct {
	const char *name;
	enum part_kind kind;
} wildcards[] = {
	{"#ID#", PART_ID},
	{"#ID_WASP#", PART_NODE},
	{"#ID_SECRET#", PART_SERIAL},
	{"#FRAME_TYPE#", PART_TYPE},
	{"#FRAME_NUMBER#", PART_SEQUENCE},
	{"#MESHLIUM#", PART_ROUTER},
	{"#UID#", PART_UID},
	{"#SENSOR#", PART_SENSOR},
	{"#VALUE#", PART_VALUE},
};
#define WILDCARDS (sizeof wildcards / sizeof *wildcards)

enum template_use template_use_of(const struct frame_option *option)
{
	if ((option->flags & FRAME_OPTION_IS_PATH) != 0)
		return TEMPLATE_PATH;
	if ((option->flags & FRAME_OPTION_IS_URL) != 0)
		return TEMPLATE_URL;
	return strcmp(option->name, "topic") == 0 ? TEMPLATE_TOPIC : TEMPLATE_TEXT;
}

static bool add_part(struct template *t, enum part_kind kind, const char *text,
                     size_t len, struct reason *why)
{
	struct part *last = t->count == 0 ? NULL : &t->parts[t->count - 1];

	if (kind == PART_TEXT && last != NULL && last->kind == PART_TEXT) {
		last->len += len;
	} else {
		if (t->count == TEMPLATE_PARTS_MAX)
			return fail(why, "has more than %d parts", TEMPLATE_PARTS_MAX);
		t->parts[t->count++] =
			(struct part){.kind = kind, .from = t->texts.len, .len = len};
	}
	buf_add(&t->texts, text, len);
	return !t->texts.failed || fail(why, "out of memory");
}

static bool fail_unknown(const char *name, size_t len, struct reason *why)
{
	char word[64];
	struct option_nearest near = {.word = word};

	snprintf(word, sizeof word, "%.*s", (int)len, name);
	for (size_t i = 0; i < WILDCARDS; i++)
		option_nearest_try(&near, wildcards[i].name);
	if (near.best != NULL)
		return fail(why, "unknown wildcard %s: is %s meant?", word, near.best);
	return fail(why,
	            "unknown wildcard %s: there are #ID# #ID_WASP# #ID_SECRET# "
	            "#FRAME_TYPE# #FRAME_NUMBER# #MESHLIUM# #UID#",
	            word);
}

/* How long the `#WORD#` at `text` is, 0: there is none. */
static size_t wildcard_length(const char *text)
{
	size_t len = strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

	if (text[1] < 'A' || text[1] > 'Z' || text[1 + len] != '#')
		return 0;
	return len + 2;
}

static bool compile_wildcard(struct template *t, const char **at, struct reason *why)
{
	size_t len = wildcard_length(*at);

	if (len == 0 && t->use == TEMPLATE_TOPIC)
		return fail(why, "a topic cannot hold a # outside a wildcard such as "
		                 "#ID_WASP#");
	if (len == 0) {
		*at += 1;
		return add_part(t, PART_TEXT, "#", 1, why);
	}
	for (size_t i = 0; i < WILDCARDS; i++) {
		if (strncmp(wildcards[i].name, *at, len) == 0 &&
		    wildcards[i].name[len] == '\0') {
			*at += len;
			return add_part(t, wildcards[i].kind, "", 0, why);
		}
	}
	return fail_unknown(*at, len, why);
}

static bool compile_pattern(struct template *t, const char **at, struct reason *why)
{
	const char *pattern = *at;

	if (pattern[1] == '%') {
		*at += 2;
		return add_part(t, PART_TEXT, "%", 1, why);
	}
	if (pattern[1] == '\0' || strchr(PATTERNS, pattern[1]) == NULL)
		return fail(
			why,
			"unknown time pattern %.2s: there are %%Y %%m %%d %%H %%M %%S "
			"%%F %%j %%G %%V %%u; %%%% is a percent sign",
			pattern);
	*at += 2;
	return add_part(t, PART_TIME, pattern + 1, 1, why);
}

static bool compile_character(struct template *t, const char **at, struct reason *why)
{
	const char *c = *at;
	size_t len = utf8_length((const uint8_t *)c, strlen(c));

	if (len == 0)
		return fail(why, "is no UTF-8");
	if (template_is_unfit((const uint8_t *)c, len))
		return fail(why, "holds a control character");
	if (t->use == TEMPLATE_TOPIC && *c == '+')
		return fail(why, "a topic to send to cannot hold a +");
	*at += len;
	return add_part(t, PART_TEXT, c, len, why);
}

static bool compile(struct template *t, const char *text, struct reason *why)
{
	size_t longest = 0;

	for (const char *at = text; *at != '\0';) {
		bool is_fine;

		if (*at == '#')
			is_fine = compile_wildcard(t, &at, why);
		else if (*at == '%' && t->use == TEMPLATE_PATH)
			is_fine = compile_pattern(t, &at, why);
		else
			is_fine = compile_character(t, &at, why);
		if (!is_fine)
			return false;
	}
	for (unsigned i = 0; i < t->count; i++)
		longest += t->parts[i].kind == PART_TEXT ? t->parts[i].len
		                                         : TEMPLATE_VALUE_MAX;
	if (longest > TEMPLATE_RESULT_MAX)
		return fail(why, "could become longer than %d bytes",
		            TEMPLATE_RESULT_MAX);
	return true;
}

bool template_compile(struct template **out, const char *text, enum template_use use,
                      struct reason *why)
{
	struct template *t = calloc(1, sizeof *t);

	if (t == NULL)
		return fail(why, "out of memory");
	t->use = use;
	if (!compile(t, text, why)) {
		template_free(t);
		return false;
	}
	*out = t;
	return true;
}

void template_free(struct template *t)
{
	if (t != NULL)
		buf_free(&t->texts);
	free(t);
}

bool template_is_per_reading(const struct template *t)
{
	for (unsigned i = 0; i < t->count; i++)
		if (t->parts[i].kind == PART_SENSOR || t->parts[i].kind == PART_VALUE)
			return true;
	return false;
}
