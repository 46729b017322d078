/* SPDX-License-Identifier: MIT */
/* Wildcards, compiled into parts.  Knows topics and paths, not where values come from. */
#include "template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option.h"
#include "phpdate.h"
#include "template_parts.h"
#include "utf8.h"

/* Letters that are the same in every language, without `/`, and true in UTC. */
#define PATTERNS "YmdjHMSFGVu"
#define LETTERS  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789" /* of a wildcard */

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
	{"#TIMESTAMP#", PART_DATE},
};
#define WILDCARDS (sizeof wildcards / sizeof *wildcards)

/* A template while it is compiled. */
struct compiling {
	struct template *t;
	const char *text;
	const char *at; /* in text */
	struct template_json json;
	struct reason *why;
};

enum template_use template_use_of(const struct frame_option *option)
{
	if ((option->flags & FRAME_OPTION_IS_PATH) != 0)
		return TEMPLATE_PATH;
	if ((option->flags & FRAME_OPTION_IS_URL) != 0)
		return TEMPLATE_URL;
	if (strcmp(option->name, "message") == 0)
		return TEMPLATE_MESSAGE;
	return strcmp(option->name, "topic") == 0 ? TEMPLATE_TOPIC : TEMPLATE_TEXT;
}

static bool add_part(struct compiling *c, enum part_kind kind, const char *text,
                     size_t len)
{
	struct template *t = c->t;
	struct part *last = t->count == 0 ? NULL : &t->parts[t->count - 1];

	if (kind == PART_TEXT && last != NULL && last->kind == PART_TEXT) {
		last->len += len;
	} else {
		if (t->count == TEMPLATE_PARTS_MAX)
			return fail(c->why, "has more than %d parts", TEMPLATE_PARTS_MAX);
		t->parts[t->count++] = (struct part){
			.kind = kind,
			.is_quoted = c->json.is_inside,
			.from = t->texts.len,
			.len = len,
		};
	}
	buf_add(&t->texts, text, len);
	return !t->texts.failed || fail(c->why, "out of memory");
}

static bool add_literal(struct compiling *c, size_t len)
{
	const char *at = c->at;

	if (c->t->is_json)
		template_json_literal(&c->json, at, len);
	c->at += len;
	return add_part(c, PART_TEXT, at, len);
}

/* A wildcard of `len` bytes. */
static bool add_wildcard(struct compiling *c, size_t len, enum part_kind kind)
{
	if (c->t->is_json)
		template_json_wildcard(&c->json, len);
	c->at += len;
	return add_part(c, kind, "", 0);
}

static bool add_date(struct compiling *c, size_t len, const char *format,
                     size_t format_len)
{
	struct template *t = c->t;
	struct part *p;

	if (!add_wildcard(c, len, PART_DATE))
		return false;
	p = &t->parts[t->count - 1];
	p->len = format_len;
	buf_add(&t->texts, format, format_len);
	buf_char(&t->texts, '\0');
	if (t->texts.failed)
		return fail(c->why, "out of memory");
	p->is_number = phpdate_is_number(t->texts.data + p->from);
	return true;
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
	            "#FRAME_TYPE# #FRAME_NUMBER# #SENSOR# #VALUE# #TIMESTAMP# "
	            "#TS(\"c\")# #MESHLIUM# #UID#",
	            word);
}

/* How long the `#WORD#` at `text` is, 0: there is none. */
static size_t wildcard_length(const char *text)
{
	size_t len = strspn(text + 1, LETTERS);

	if (text[1] < 'A' || text[1] > 'Z' || text[1 + len] != '#')
		return 0;
	return len + 2;
}

/* Whether no character of a text would break a line. */
static bool is_fit(const char *text, size_t len)
{
	while (len > 0) {
		size_t step = utf8_length((const uint8_t *)text, len);

		if (step == 0 || template_is_unfit((const uint8_t *)text, step))
			return false;
		text += step;
		len -= step;
	}
	return true;
}

/* #TS("format")#: ends at the first ")#, whatever the format holds. */
static bool compile_date(struct compiling *c)
{
	const char quote = c->at[4], *format = c->at + 5, *end;
	const char closing[] = {quote, ')', '#', '\0'};

	if (quote != '"' && quote != '\'')
		return fail(c->why, "#TS( has no quote behind it: #TS(\"c\")#");
	end = strstr(format, closing);
	if (end == NULL)
		return fail(c->why, "#TS(%c is not ended by %s", quote, closing);
	if (!is_fit(format, (size_t)(end - format)))
		return fail(c->why, "#TS( holds a control character, or no UTF-8");
	if (!phpdate_has_letter(format, (size_t)(end - format)))
		return fail(c->why, "%.*s has no letter of a date: #TS(\"c\")#",
		            (int)(end + 3 - c->at), c->at);
	return add_date(c, (size_t)(end + 3 - c->at), format, (size_t)(end - format));
}

/* The wildcard whose name, in small letters perhaps, stands at `text`; NULL: none. */
static const char *other_case(const char *text)
{
	for (size_t i = 0; i < WILDCARDS; i++)
		if (strncasecmp(wildcards[i].name, text, strlen(wildcards[i].name)) == 0)
			return wildcards[i].name;
	return NULL;
}

/* The wildcard that begins at `text` but for its last #; NULL: none. */
static const char *unclosed(const char *text)
{
	size_t len = 1 + strspn(text + 1, LETTERS);

	for (size_t i = 0; i < WILDCARDS; i++)
		if (strlen(wildcards[i].name) == len + 1 && text[len] != '#' &&
		    strncmp(wildcards[i].name, text, len) == 0)
			return wildcards[i].name;
	return NULL;
}

/* A # that begins no wildcard. */
static bool compile_hash(struct compiling *c)
{
	const char *at = c->at, *meant = other_case(at);
	int len = meant == NULL ? 0 : (int)strlen(meant);

	if (strncasecmp(at, "#TS(", 4) == 0 && (at[4] == '"' || at[4] == '\''))
		return fail(c->why, "unknown wildcard %.4s: is #TS(\"c\")# meant?", at);
	if (meant != NULL)
		return fail(c->why, "unknown wildcard %.*s: is %s meant?", len, at,
		            meant);
	if (c->t->use != TEMPLATE_TOPIC && c->t->use != TEMPLATE_URL)
		return add_literal(c, 1);
	meant = unclosed(at);
	if (meant != NULL)
		return fail(c->why, "a wildcard without its last #: is %s meant?", meant);
	if (c->t->use == TEMPLATE_TOPIC)
		return fail(c->why, "a topic cannot hold a # outside a wildcard such as "
		                    "#ID_WASP#");
	return fail(c->why, "a # outside a wildcard begins what no server sees: %%23 "
	                    "stands for a #");
}

const char *template_unclosed(const char *text)
{
	const char *meant = NULL;

	while (meant == NULL && (text = strchr(text, '#')) != NULL) {
		size_t len = wildcard_length(text);

		if (len == 0)
			meant = unclosed(text);
		text += len > 0 ? len : 1;
	}
	return meant;
}

static bool compile_wildcard(struct compiling *c)
{
	size_t len = wildcard_length(c->at);

	if (strncmp(c->at, "#TS(", 4) == 0)
		return compile_date(c);
	if (len == 0)
		return compile_hash(c);
	for (size_t i = 0; i < WILDCARDS; i++) {
		if (strncmp(wildcards[i].name, c->at, len) != 0 ||
		    wildcards[i].name[len] != '\0')
			continue;
		if (wildcards[i].kind == PART_DATE)
			return add_date(c, len, TEMPLATE_TIMESTAMP,
			                strlen(TEMPLATE_TIMESTAMP));
		return add_wildcard(c, len, wildcards[i].kind);
	}
	return fail_unknown(c->at, len, c->why);
}

static bool compile_pattern(struct compiling *c)
{
	const char *pattern = c->at;

	if (pattern[1] == '%') {
		c->at++;
		return add_literal(c, 1);
	}
	if (pattern[1] == '\0' || strchr(PATTERNS, pattern[1]) == NULL)
		return fail(
			c->why,
			"unknown time pattern %.2s: there are %%Y %%m %%d %%H %%M %%S "
			"%%F %%j %%G %%V %%u; %%%% is a percent sign",
			pattern);
	c->at += 2;
	return add_part(c, PART_TIME, pattern + 1, 1);
}

static bool compile_character(struct compiling *c)
{
	const char *at = c->at;
	size_t len = utf8_length((const uint8_t *)at, strlen(at));
	bool is_tab = *at == '\t' && c->t->use == TEMPLATE_MESSAGE;

	if (len == 0)
		return fail(c->why, "is no UTF-8");
	if (template_is_unfit((const uint8_t *)at, len) && !is_tab)
		return fail(c->why, "holds a control character");
	if (c->t->use == TEMPLATE_TOPIC && *at == '+')
		return fail(c->why, "a topic to send to cannot hold a +");
	return add_literal(c, len);
}

static bool check_length(const struct template *t, struct reason *why)
{
	size_t longest = 0;

	if (t->use == TEMPLATE_MESSAGE)
		return true;
	for (unsigned i = 0; i < t->count; i++)
		longest += t->parts[i].kind == PART_TEXT ? t->parts[i].len
		                                         : TEMPLATE_VALUE_MAX;
	return longest <= TEMPLATE_RESULT_MAX ||
	       fail(why, "could become longer than %d bytes", TEMPLATE_RESULT_MAX);
}

static bool compile(struct compiling *c)
{
	struct template *t = c->t;

	t->is_json = t->use == TEMPLATE_MESSAGE && template_json_is_meant(c->text);
	while (*c->at != '\0') {
		bool is_fine;

		if (*c->at == '#')
			is_fine = compile_wildcard(c);
		else if (*c->at == '%' && t->use == TEMPLATE_PATH)
			is_fine = compile_pattern(c);
		else
			is_fine = compile_character(c);
		if (!is_fine)
			return false;
	}
	if (t->is_json && !template_json_check(&c->json, c->text, c->why))
		return false;
	return check_length(t, c->why);
}

bool template_compile(struct template **out, const char *text, enum template_use use,
                      struct reason *why)
{
	struct compiling c = {.text = text, .at = text, .why = why};
	bool is_fine;

	c.t = calloc(1, sizeof *c.t);
	if (c.t == NULL)
		return fail(why, "out of memory");
	c.t->use = use;
	is_fine = compile(&c);
	buf_free(&c.json.mask);
	if (is_fine)
		*out = c.t;
	else
		template_free(c.t);
	return is_fine;
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
